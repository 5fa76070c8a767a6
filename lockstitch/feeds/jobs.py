"""Every quarter of an hour the feeds are written anew: stock, prices and windows move by the clock.
A site without a public product has none."""

import logging
from uuid import UUID

from procrastinate.contrib.django import app

from lockstitch.feeds.actions import write_feeds
from lockstitch.tenancy.queries import all_sites
from lockstitch.tenancy.scope import scope

log = logging.getLogger("lockstitch.feeds")


@app.periodic(cron="*/15 * * * *")
@app.task(name="lockstitch.feeds.write", queueing_lock="feeds.write", lock="feeds")
def write_all(timestamp: int) -> None:
    for site in all_sites():
        with scope(site.id):
            try:
                write_feeds(site)
            except Exception as error:
                log.error("feeds of %s: %s", site.slug, type(error).__name__)


def write_one(site_id: UUID) -> None:
    """Asked for in the console."""
    site = next(one for one in all_sites() if one.id == site_id)
    write_feeds(site)

"""What follows by the clock: prices and windows whose moment has come."""

import logging

from procrastinate.contrib.django import app

from lockstitch.search.actions import catch_up
from lockstitch.search.queries import sites_waiting
from lockstitch.tenancy.queries import all_sites
from lockstitch.tenancy.scope import scope

log = logging.getLogger("lockstitch.search")


@app.periodic(cron="* * * * * */3", periodic_id="search")
@app.task(name="search.follow_the_clock", queueing_lock="search.follow_the_clock")
def follow_the_clock(timestamp: int) -> None:
    """A site's failure stops no other's."""
    for site_id in sites_waiting([site.id for site in all_sites()]):
        with scope(site_id):
            try:
                catch_up()
            except Exception as error:
                log.error("goods of %s: %s", site_id, type(error).__name__)

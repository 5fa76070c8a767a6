"""What is done by the clock, for every site: a site's failure stops no other's."""

import logging
from collections.abc import Callable

from procrastinate.contrib.django import app

from lockstitch.crm import letters
from lockstitch.crm.popularity import rank_goods
from lockstitch.crm.ranking import reckon
from lockstitch.crm.together import reckon_together
from lockstitch.members import points
from lockstitch.members.actions import give_birthday_points
from lockstitch.tenancy.queries import all_sites
from lockstitch.tenancy.scope import scope

MINUTELY: tuple[Callable[[], object], ...] = (letters.send_campaigns,)
HOURLY: tuple[Callable[[], object], ...] = (
    letters.remind_of_carts, letters.take_returns, rank_goods,
)  # fmt: skip
NIGHTLY: tuple[Callable[[], object], ...] = (
    points.expire, reckon, reckon_together, give_birthday_points,
)  # fmt: skip

log = logging.getLogger("lockstitch.crm")


def for_every_site(deeds: tuple[Callable[[], object], ...]) -> None:
    """Each is safe to run twice."""
    for site in all_sites():
        with scope(site.id):
            for deed in deeds:
                try:
                    deed()
                except Exception as error:
                    log.error("%s of %s: %s", deed.__name__, site.slug, type(error).__name__)


@app.periodic(cron="* * * * *", periodic_id="crm")
@app.task(name="crm.each_minute", queueing_lock="crm.each_minute")
def each_minute(timestamp: int) -> None:
    for_every_site(MINUTELY)


@app.periodic(cron="7 * * * *", periodic_id="crm")
@app.task(name="crm.each_hour", queueing_lock="crm.each_hour")
def each_hour(timestamp: int) -> None:
    for_every_site(HOURLY)


@app.periodic(cron="10 18 * * *", periodic_id="crm")  # 3:10 in Japan
@app.task(name="crm.each_night", queueing_lock="crm.each_night")
def each_night(timestamp: int) -> None:
    for_every_site(NIGHTLY)

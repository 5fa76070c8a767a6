"""What follows from what: one table. Facts are announced by actions, in their transaction; the
worker runs what stands here, after commit, at least once."""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lockstitch.checkout import letters, settling
from lockstitch.crm import jobs as crm
from lockstitch.crm import letters as crm_letters
from lockstitch.fulfilment import actions as fulfilment
from lockstitch.jobs.actions import FOLLOW
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import SYSTEM
from lockstitch.payments import jobs as payments
from lockstitch.tenancy.scope import scope


def _cancel_unpaid(order_id: UUID) -> None:
    """The number was not paid in time. A buyer who was quicker keeps the order."""
    with suppress(Refused):
        fulfilment.cancel(order_id, SYSTEM)


FOLLOWS: dict[str, tuple[Callable[..., None], ...]] = {
    "order.placed": (
        letters.confirm_order,
        crm_letters.after_order,
    ),
    "order.shipped": (letters.confirm_shipment,),
    "order.cancelled": (letters.confirm_cancellation,),
    "payment.call": (payments.carry_out,),
    "payment.rang": (payments.heard,),
    "payment.look": (payments.look,),
    "payment.authorised": (settling.confirm,),
    "payment.lapsed": (settling.lapse,),
    "payment.expired": (_cancel_unpaid,),
}


@app.task(name=FOLLOW, retry=RetryStrategy(max_attempts=20, exponential_wait=2), pass_context=False)
def follow(fact: str, site_id: str, ids: dict[str, str]) -> None:
    """Every follower must be safe to run twice."""
    with scope(UUID(site_id)):
        for follower in FOLLOWS[fact]:
            follower(**{name: UUID(value) for name, value in ids.items()})


@app.periodic(cron="* * * * *", periodic_id="crm")
@app.task(name="lockstitch.each_minute", queueing_lock="each_minute")
def each_minute(timestamp: int) -> None:
    crm.for_every_site(crm.MINUTELY)


@app.periodic(cron="7 * * * *", periodic_id="crm")
@app.task(name="lockstitch.each_hour", queueing_lock="each_hour")
def each_hour(timestamp: int) -> None:
    crm.for_every_site(crm.HOURLY)


@app.periodic(cron="10 18 * * *", periodic_id="crm")  # 3:10 in Japan
@app.task(name="lockstitch.each_night", queueing_lock="each_night")
def each_night(timestamp: int) -> None:
    crm.for_every_site(crm.NIGHTLY)

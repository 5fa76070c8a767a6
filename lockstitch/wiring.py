"""What follows from what: one table. Facts are announced by actions, in their transaction; the
worker runs what stands here, after commit, at least once."""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lockstitch.accounting import jobs as books
from lockstitch.catalogue import uploads
from lockstitch.catalogue.editing import PROMISED
from lockstitch.checkout import letters, promises, settling
from lockstitch.content import uploads as library_uploads
from lockstitch.content.seconding import two_persons
from lockstitch.coordinates import uploads as coordinate_uploads
from lockstitch.crm import jobs as crm
from lockstitch.crm import letters as crm_letters
from lockstitch.crm.earning import settle_points
from lockstitch.crm.looks import credit_looks, recount_looks, recount_returned
from lockstitch.feedback import uploads as review_uploads
from lockstitch.feedback.actions import USE as OF_REVIEW
from lockstitch.feeds import jobs as feeds
from lockstitch.files import jobs as files
from lockstitch.files.actions import CAME
from lockstitch.files.queries import find_upload
from lockstitch.fulfilment import actions as fulfilment
from lockstitch.fulfilment import jobs as parcel_jobs
from lockstitch.fulfilment import letters as parcels
from lockstitch.inventory import jobs as inventory
from lockstitch.inventory import runs
from lockstitch.jobs.actions import FOLLOW
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import SYSTEM
from lockstitch.payments import jobs as payments
from lockstitch.returns import letters as return_letters
from lockstitch.search import jobs as search
from lockstitch.tenancy.scope import scope
from lockstitch.wishes import jobs as wishes
from lockstitch.wishes.letters import ask_to_confirm


def _cancel_unpaid(order_id: UUID) -> None:
    """The number was not paid in time. A buyer who was quicker keeps the order."""
    with suppress(Refused):
        fulfilment.cancel(order_id, SYSTEM)


TAKERS: dict[str, Callable[[UUID], None]] = {
    uploads.USE: uploads.take_in,
    uploads.BY_NAME: uploads.take_in,
    coordinate_uploads.USE: coordinate_uploads.take_in,
    OF_REVIEW: review_uploads.take_in,
    library_uploads.USE: library_uploads.take_in,
}


def _take_in(upload_id: UUID) -> None:
    """A file goes to whom it is for."""
    upload = find_upload(upload_id)
    if upload is not None:
        TAKERS[upload.use](upload_id)


def _goods_file(run_id: UUID) -> None:
    runs.work(run_id, second=two_persons())


FOLLOWS: dict[str, tuple[Callable[..., None], ...]] = {
    CAME: (_take_in,),
    runs.ASKED: (_goods_file,),
    PROMISED: (promises.tell_moved,),
    "order.placed": (letters.confirm_order, crm_letters.after_order, credit_looks),
    "order.shipped": (parcels.parcel_left, settle_points),
    "order.reduced": (recount_looks,),
    "order.delivered": (),
    "pickup.ready": (parcels.pickup_ready,),
    "order.cancelled": (letters.confirm_cancellation, recount_looks),
    "order.amended": (letters.confirm_amendment, credit_looks),
    "return.asked": (return_letters.confirm_request,),
    "return.approved": (return_letters.approve,),
    "return.refused": (return_letters.refuse,),
    "return.withdrawn": (),
    "return.closed": (return_letters.close, recount_returned),
    "wait.asked": (ask_to_confirm,),
    "payment.call": (payments.carry_out,),
    "payment.rang": (payments.heard,),
    "payment.look": (payments.look,),
    "payment.transfers": (payments.match_transfers,),
    "payment.authorised": (settling.confirm,),
    "payment.lapsed": (settling.lapse,),
    "payment.expired": (_cancel_unpaid,),
    "feeds.wanted": (feeds.write_one,),
}


# What runs by the clock, named here so that it is known to the worker.
CLOCKWORK = (
    books.post_all, books.close_yesterday, inventory.free_holds, inventory.compare_stock,
    parcel_jobs.overdue_pickups, payments.watch, payments.compare, crm.each_minute,
    crm.each_hour, crm.each_night, files.empty_quarantine, wishes.each_minute, wishes.each_hour,
    feeds.write_all, search.follow_the_clock,
)  # fmt: skip


@app.task(name=FOLLOW, retry=RetryStrategy(max_attempts=20, exponential_wait=2), pass_context=False)
def follow(fact: str, site_id: str, ids: dict[str, str]) -> None:
    """Every follower must be safe to run twice."""
    with scope(UUID(site_id)):
        for follower in FOLLOWS[fact]:
            follower(**{name: UUID(value) for name, value in ids.items()})

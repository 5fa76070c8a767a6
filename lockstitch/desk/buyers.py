"""The mark of a buyer, where goods are limited per person."""

from uuid import UUID

from lockstitch.checkout.actions import keep_mark
from lockstitch.checkout.queries import Checkout, show_checkout
from lockstitch.kernel.errors import Refused
from lockstitch.sealed import reading


def name_buyer(
    who: reading.Caller, checkout: Checkout, record_id: UUID, guest_token: str = ""
) -> None:
    """Asked once the record lies in the inbox. While the guard is away there is no mark, and the
    order of such goods is refused with the word to come back here."""
    if not any(row.offer.limit_per_person for row in show_checkout(checkout, "").rows):
        return
    ask = reading.NameBuyer(record_id=record_id, guest_token=guest_token or None)
    try:
        keep_mark(checkout.pk, record_id, reading.ask(who, ask).mark)
    except Refused:
        return

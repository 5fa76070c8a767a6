"""Several recipients: who gets which pieces, and how each parcel is made up."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.checkout.models import CartLine, Checkout, Recipient, Share
from lockstitch.checkout.rules import Piece
from lockstitch.kernel.errors import Refused

MOST = 10


def add_recipient(
    checkout_id: UUID, *, record_id: UUID, hint: str, prefecture: str, postal_zone: str,
    has_message: bool,
) -> int:  # fmt: skip
    """The desk's: one more person to whom a part goes. Returns their number.

    Raises Refused when the order is placed, or there are too many.
    """
    with transaction.atomic():
        open_ones = Checkout.objects.select_for_update().filter(id=checkout_id, placed_at=None)
        if not open_ones.values_list("id", flat=True):
            raise Refused(_("This order has been placed already."))
        taken = set(Recipient.objects.filter(checkout_id=checkout_id).values_list("no", flat=True))
        free = [no for no in range(2, MOST + 1) if no not in taken]
        if not free:
            raise Refused(_("An order can go to ten people at most."))
        Recipient.objects.create(
            checkout_id=checkout_id, no=free[0], record_id=record_id, hint=hint,
            prefecture=prefecture, postal_zone=postal_zone, has_message=has_message,
        )  # fmt: skip
        return free[0]


def remove_recipient(checkout_id: UUID, no: int) -> None:
    """Their pieces are the buyer's again."""
    with transaction.atomic():
        Share.objects.filter(checkout_id=checkout_id, no=no).delete()
        Recipient.objects.filter(checkout_id=checkout_id, no=no).delete()


def share_out(checkout_id: UUID, pieces: Mapping[tuple[int, Piece], int]) -> None:
    """Who gets what: (recipient, piece) -> how many; the buyer gets the rest.

    Raises Refused when more is shared out than the cart holds.
    """
    with transaction.atomic():
        checkout = Checkout.objects.select_for_update().get(id=checkout_id)
        known = set(Recipient.objects.filter(checkout_id=checkout_id).values_list("no", flat=True))
        wanted = {
            (no, piece): count for (no, piece), count in pieces.items() if count > 0 and no in known
        }
        given: Counter[Piece] = Counter()
        for (_no, piece), count in wanted.items():
            given[piece] += count
        lines = CartLine.objects.filter(cart_id=checkout.cart_id, saved=False)
        held = {Piece(line.sku_id, line.hem_mm): line.quantity for line in lines}
        if any(count > held.get(piece, 0) for piece, count in given.items()):
            raise Refused(_("More is given away than the cart holds."))
        Share.objects.filter(checkout_id=checkout_id).delete()
        Share.objects.bulk_create(
            Share.here(checkout_id=checkout_id, no=no, sku_id=sku, hem_mm=hem, quantity=count)
            for (no, (sku, hem)), count in wanted.items()
        )

"""What a cart may hold. Pure."""

from lockstitch.catalogue.queries import Offer

LINE_MAX = 20  # pieces of one SKU
LINES_MAX = 50


def clamped(quantity: int) -> int:
    return max(0, min(quantity, LINE_MAX))


def most_of(offer: Offer, bought: int) -> int | None:
    """Pieces of a product in one order, of a buyer who has `bought` some; None: no limit."""
    limits = [offer.limit_per_order] if offer.limit_per_order else []
    if offer.limit_per_person:
        limits.append(max(0, offer.limit_per_person - bought))
    return min(limits, default=None)

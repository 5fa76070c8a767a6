"""What a cart may hold, and what tells its lines apart. Pure."""

from typing import NamedTuple, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from lockstitch.catalogue.hems import Hem
from lockstitch.catalogue.queries import Offer
from lockstitch.catalogue.sizing import cm_of
from lockstitch.kernel.errors import Refused

LINE_MAX = 20  # pieces of one SKU
LINES_MAX = 50


def clamped(quantity: int) -> int:
    return max(0, min(quantity, LINE_MAX))


class Piece(NamedTuple):
    """What a line holds: a SKU as it is (0), or hemmed to a length in mm."""

    sku_id: UUID
    hem_mm: int = 0

    def __str__(self) -> str:
        return f"{self.sku_id}/{self.hem_mm}" if self.hem_mm else str(self.sku_id)

    @classmethod
    def read(cls, text: str) -> "Piece":
        """As it stands in a form. Raises ValueError."""
        sku, _slash, hem = text.partition("/")
        return cls(UUID(sku), hem_of(hem))


def hem_of(text: str) -> int:
    """The length in mm that a form names; 0 for none. Raises ValueError."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > 4:
        raise ValueError(text)
    return int(text)


class Hemmed(Protocol):
    """What can be offered hemmed."""

    @property
    def hem(self) -> Hem | None: ...
    @property
    def making_days(self) -> int: ...
    @property
    def preorder_month(self) -> str: ...


def can_hem(offer: Hemmed, hem_mm: int) -> bool:
    return not hem_mm or (offer.hem is not None and hem_mm in offer.hem.lengths)


def hem_fee(offer: Hemmed, hem_mm: int) -> int:
    """Yen with tax, in the price of each piece."""
    return offer.hem.fee_yen if hem_mm and offer.hem else 0


def days_before(offer: Hemmed, hem_mm: int) -> int:
    """Until it can leave: it is made, then hemmed. What is sold ahead is hemmed in its month."""
    hemming = offer.hem.days if hem_mm and offer.hem and not offer.preorder_month else 0
    return offer.making_days + hemming


def check_hem(offer: Hemmed, hem_mm: int, size: str) -> None:
    """Raises Refused for a length that is not offered for this size."""
    if can_hem(offer, hem_mm):
        return
    if offer.hem is None:
        raise Refused(_("Size %(size)s cannot be hemmed.") % {"size": size})
    raise Refused(
        _("Size %(size)s can be hemmed to %(least)s to %(most)s cm.")
        % {"size": size, "least": cm_of(offer.hem.from_mm), "most": cm_of(offer.hem.lengths[-1])}
    )


def most_of(offer: Offer, bought: int) -> int | None:
    """Pieces of a product in one order, of a buyer who has `bought` some; None: no limit."""
    limits = [offer.limit_per_order] if offer.limit_per_order else []
    if offer.limit_per_person:
        limits.append(max(0, offer.limit_per_person - bought))
    return min(limits, default=None)

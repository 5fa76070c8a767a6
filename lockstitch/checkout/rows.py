"""The rows of a cart or checkout, and the view of those that go together."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from lockstitch.catalogue.hems import hem_cm
from lockstitch.catalogue.queries import Offer
from lockstitch.checkout.buyers import Buyer
from lockstitch.checkout.in_sets import InSet, SetRow, grouped
from lockstitch.checkout.models import Cart, Checkout, Recipient
from lockstitch.checkout.rules import Piece, can_hem, days_before, hem_fee
from lockstitch.kernel.text import Text
from lockstitch.pricing.rules import PricedLine, Quote


@dataclass(frozen=True)
class CartRow:
    """`price_yen` is this buyer's, with the fee of hemming: a rank may make it less than the
    offer's, and of a piece `of` a set it is the share of the set's. `most`: so many pieces of the
    product can be in this order, in all sizes and colours; `over`: the cart holds more. `left`:
    what the rows before it leave of the SKU, alone, hemmed and in sets."""

    offer: Offer
    quantity: int
    left: int
    price_seen_yen: int
    price_yen: int
    most: int | None = None
    over: bool = False
    ships_on: dt.date | None = None  # promised, for what is made to order or hemmed
    hem_mm: int = 0
    of: InSet | None = None

    @property
    def key(self) -> str:
        """What tells it from every other row of the view."""
        piece = f"{self.offer.sku_id}:{self.hem_mm}"
        return f"{piece}:{self.of.id}:{self.price_yen}" if self.of else piece

    @property
    def told(self) -> Offer:
        """What the shopper may be told of it: what is in a 福袋, nobody is."""
        if self.of is None or not self.of.hidden:
            return self.offer
        return replace(
            self.offer, name=self.of.name, colour={}, product_slug="", picture=self.of.picture
        )

    @property
    def total_yen(self) -> int:
        return self.price_yen * self.quantity

    @property
    def short(self) -> bool:
        """Fewer are left than the cart holds."""
        return self.left < self.quantity

    @property
    def price_changed(self) -> bool:
        return self.of is None and self.price_seen_yen != self.offer.price_yen + self.hem_fee_yen

    @property
    def piece(self) -> Piece:
        return Piece(self.offer.sku_id, self.hem_mm)

    @property
    def hem_fee_yen(self) -> int:
        return hem_fee(self.offer, self.hem_mm)

    @property
    def hem_cm(self) -> str:
        return hem_cm(self.hem_mm)

    @property
    def outlet_note(self) -> Text:
        return self.offer.outlet_note

    @property
    def cannot_hem(self) -> bool:
        """Its length is offered no longer."""
        return not can_hem(self.offer, self.hem_mm)


@dataclass(frozen=True)
class CartView:
    """Goods that go together: those in stock, or those sold ahead."""

    cart: Cart | None = None
    rows: list[CartRow] = field(default_factory=list)
    saved: list[CartRow] = field(default_factory=list)
    quote: Quote = field(default_factory=lambda: Quote(0, 0, 0, 0))
    gifts: list[Offer] = field(default_factory=list)
    coupon_problems: dict[str, str] = field(default_factory=dict)
    recipients: list[Recipient] = field(default_factory=list)
    buyer: Buyer = field(default_factory=Buyer)
    is_preorder: bool = False
    missing_for_free_shipping_yen: int = 0
    gone: list[InSet] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(row.quantity for row in self.rows)

    @property
    def loose(self) -> list[CartRow]:
        """What is bought alone, in no set."""
        return [row for row in self.rows if row.of is None]

    @property
    def sets(self) -> list[SetRow]:
        return grouped(self.rows)

    @property
    def pieces(self) -> Counter[UUID]:
        """SKU -> pieces, alone and in sets together."""
        counted: Counter[UUID] = Counter()
        for row in self.rows:
            counted[row.offer.sku_id] += row.quantity
        return counted

    @property
    def can_proceed(self) -> bool:
        return bool(self.rows) and not any(
            row.short or row.over or row.cannot_hem for row in self.rows
        )

    @property
    def ships_on(self) -> dt.date | None:
        """When all of it has left, where something is made to order."""
        return max((row.ships_on for row in self.rows if row.ships_on), default=None)

    def making(self, no: int) -> int:
        """Days until the last of a recipient's goods is made and hemmed."""
        of = [row for line, row in self.lines if line.item.destination == no]
        return max((days_before(row.offer, row.hem_mm) for row in of), default=0)

    @property
    def hemmed(self) -> list[CartRow]:
        """What can no longer be sent back once it is bought."""
        return [row for row in self.rows if row.hem_mm]

    @property
    def unwrapped(self) -> list[Offer]:
        """What this shop does not wrap as a present."""
        return [row.told for row in self.rows if not row.offer.is_giftable]

    def wrapped(self, checkout: Checkout) -> list[Offer]:
        """What is to be wrapped, as the checkout stands."""
        of = {no for no, each in places(checkout, self.recipients) if each.wrapping}
        return [row.told for line, row in self.lines if line.item.destination in of]

    @property
    def lines(self) -> list[tuple[PricedLine, CartRow]]:
        """Each line of the quote with the row it is of."""
        rows = {row.key: row for row in self.rows}
        return [(line, rows[line.item.key]) for line in self.quote.lines]


def places(
    checkout: Checkout, recipients: Iterable[Recipient]
) -> list[tuple[int, Checkout | Recipient]]:
    """The buyer, number 1, and each recipient by their number."""
    return [(1, checkout), *((each.no, each) for each in recipients)]

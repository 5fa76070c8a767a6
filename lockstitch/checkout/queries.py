"""The cart and the checkout as a page shows them: every figure computed here, in a fixed number
of queries."""

from dataclasses import dataclass, field
from uuid import UUID

from lockstitch.catalogue import queries as catalogue
from lockstitch.catalogue.queries import Offer
from lockstitch.checkout.models import Cart as Cart  # doors name it in their annotations
from lockstitch.checkout.models import CartLine
from lockstitch.checkout.models import Checkout as Checkout
from lockstitch.inventory import queries as inventory
from lockstitch.kernel.ids import digest
from lockstitch.orders.models import Order
from lockstitch.pricing import queries as pricing
from lockstitch.pricing.rules import Item, MethodRefused, Quote, missing_for_free_shipping, quote


@dataclass(frozen=True)
class CartRow:
    offer: Offer
    quantity: int
    left: int
    price_seen_yen: int

    @property
    def total_yen(self) -> int:
        return self.offer.price_yen * self.quantity

    @property
    def short(self) -> bool:
        """Fewer are left than the cart holds."""
        return self.left < self.quantity

    @property
    def price_changed(self) -> bool:
        return self.price_seen_yen != self.offer.price_yen


@dataclass(frozen=True)
class CartView:
    cart: Cart | None = None
    rows: list[CartRow] = field(default_factory=list)
    quote: Quote = field(default_factory=lambda: Quote(0, 0, 0, 0))
    missing_for_free_shipping_yen: int = 0

    @property
    def count(self) -> int:
        return sum(row.quantity for row in self.rows)

    @property
    def can_proceed(self) -> bool:
        return bool(self.rows) and not any(row.short for row in self.rows)


def find_cart(token: str) -> Cart | None:
    return Cart.objects.filter(token_digest=digest(token)).first() if token else None


def cart_count(token: str) -> int:
    cart = find_cart(token)
    if cart is None:
        return 0
    return sum(CartLine.objects.filter(cart=cart).values_list("quantity", flat=True))


def show_cart(cart: Cart | None, method: str = "") -> CartView:
    """Raises pricing.MethodRefused when `method` is not offered for this sum."""
    if cart is None:
        return CartView()
    lines = list(CartLine.objects.filter(cart=cart))
    offers = catalogue.offers([line.sku_id for line in lines])
    left = inventory.available(offers)
    rows = [
        CartRow(offers[line.sku_id], line.quantity, left.get(line.sku_id, 0), line.price_seen_yen)
        for line in lines
        if line.sku_id in offers
    ]
    charges = pricing.charges()
    total = quote(items_of(rows), charges, method)
    missing = missing_for_free_shipping(total.items_yen, charges.free_shipping_from_yen)
    return CartView(cart, rows, total, missing if rows else 0)


def items_of(rows: list[CartRow]) -> list[Item]:
    return [
        Item(
            row.offer.price_yen,
            row.quantity,
            row.offer.tax_rate_bp,
            key=row.offer.code,
            product=str(row.offer.product_id),
            brand=row.offer.brand,
            categories=frozenset({str(row.offer.category_id)} if row.offer.category_id else ()),
            on_sale=row.offer.list_price_yen is not None,
            weight_g=row.offer.weight_g,
        )  # fmt: skip
        for row in rows
    ]


def find_checkout(checkout_id: UUID) -> Checkout | None:
    return Checkout.objects.select_related("cart").filter(id=checkout_id).first()


def was_placed_by(order: Order, token: str) -> bool:
    """Whether the browser with this cart token placed the order."""
    placed = Checkout.objects.filter(id=order.checkout_id, cart__token_digest=digest(token))
    return bool(token) and placed.exists()


@dataclass(frozen=True)
class MethodChoice:
    code: str
    fee_yen: int
    refused: bool


def method_choices(view: CartView) -> list[MethodChoice]:
    """Each way to pay with what it adds for this cart."""
    charges, items = pricing.charges(), items_of(view.rows)
    choices = []
    for method in ("cod", "bank"):
        try:
            choices.append(MethodChoice(method, quote(items, charges, method).fee_yen, False))
        except MethodRefused:
            choices.append(MethodChoice(method, 0, True))
    return choices

"""The cart and the checkout as a page shows them: every figure computed here, in a fixed number
of queries."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from lockstitch.catalogue import queries as catalogue
from lockstitch.catalogue.queries import Offer
from lockstitch.checkout.buyers import Buyer, buyer, sold_to
from lockstitch.checkout.holding import bought_of
from lockstitch.checkout.in_sets import InSet, sets_of, taken_apart
from lockstitch.checkout.models import Cart as Cart  # doors name it in their annotations
from lockstitch.checkout.models import CartLine, CartSet, Recipient, Share
from lockstitch.checkout.models import Checkout as Checkout
from lockstitch.checkout.rows import CartRow as CartRow
from lockstitch.checkout.rows import CartView as CartView
from lockstitch.checkout.rows import places as places
from lockstitch.checkout.rules import Piece, days_before, hem_fee, most_of
from lockstitch.fulfilment.queries import leaving
from lockstitch.inventory import queries as inventory
from lockstitch.kernel.ids import digest
from lockstitch.orders.ahead import lesser
from lockstitch.orders.models import Order
from lockstitch.payments import queries as payments
from lockstitch.pricing import queries as pricing
from lockstitch.pricing.offers import Promotion
from lockstitch.pricing.rules import (
    Charges,
    Item,
    MethodRefused,
    Quote,
    To,
    missing_for_free_shipping,
    quote,
    rank_price,
)


def find_cart(token: str) -> Cart | None:
    return Cart.objects.filter(token_digest=digest(token)).first() if token else None


def cart_count(token: str) -> int:
    cart = find_cart(token)
    if cart is None:
        return 0
    loose = CartLine.objects.filter(cart=cart, saved=False).values_list("quantity", flat=True)
    sets = CartSet.objects.filter(cart=cart).values_list("quantity", flat=True)
    both = loose.order_by().union(sets.order_by(), all=True).order_by()
    return sum(both)  # every page asks: one query


@dataclass(frozen=True)
class MethodChoice:
    code: str
    fee_yen: int
    refused: bool


@dataclass(frozen=True)
class Basket:
    """What a cart or checkout holds, read once, to be priced for one way to pay after another."""

    checkout: Checkout
    rows: list[CartRow]
    saved: list[CartRow]
    recipients: list[Recipient]
    buyer: Buyer
    items: list[Item]
    to: list[To]
    charges: Charges
    coupons: pricing.Coupons
    promotions: list[Promotion]
    gone: list[InSet]

    def quote(self, method: str = "") -> Quote:
        """Raises pricing.MethodRefused when `method` is not offered for this sum."""
        return quote(
            self.items, self.charges, method, to=self.to,
            promotions=[*self.promotions, *self.coupons.offers],
            points=min(self.checkout.points_yen, self.buyer.points),
        )  # fmt: skip

    def view(self, method: str = "") -> CartView:
        """Raises pricing.MethodRefused."""
        total = self.quote(method)
        missing = missing_for_free_shipping(
            total.items_yen - total.discount_yen, self.charges.free_shipping_from_yen
        )
        return CartView(
            self.checkout.cart, self.rows, self.saved, total, _gifts(total.gifts),
            self.coupons.problems, self.recipients, self.buyer, self.checkout.is_preorder,
            missing if self.rows and total.shipping_yen else 0, self.gone,
        )  # fmt: skip

    def methods(self) -> list[MethodChoice]:
        """Each way to pay that the shop offers, with what it adds."""
        return [self._choice(method) for method in payments.offered()]

    def _choice(self, method: str) -> MethodChoice:
        try:
            fee = self.quote(method).fee_yen
        except MethodRefused:
            return MethodChoice(method, 0, True)
        return MethodChoice(method, fee, method == "cod" and not may_collect(self.checkout))


def show_cart(
    cart: Cart | None, *, is_preorder: bool = False, member_id: UUID | None = None
) -> CartView:
    """What a cart holds, before anybody chose how to pay or where it goes."""
    if cart is None:
        return CartView()
    return _basket(Checkout(cart=cart, is_preorder=is_preorder, member_id=member_id), []).view()


def show_checkout(checkout: Checkout, method: str | None = None) -> CartView:
    """The goods of a checkout as they would be charged now.

    Raises pricing.MethodRefused when `method` (the chosen one by default) is not offered for
    this sum.
    """
    return read_basket(checkout).view(checkout.method if method is None else method)


def read_basket(checkout: Checkout) -> Basket:
    return _basket(checkout, list(Recipient.objects.filter(checkout=checkout)))


def charge_of(checkout: Checkout, terms: pricing.Terms) -> str:
    """When its card is charged (orders.rules.CHARGES)."""
    return terms.preorder_charge if checkout.is_preorder else "ship"


def _basket(checkout: Checkout, recipients: list[Recipient]) -> Basket:
    who = buyer(checkout.member_id)
    lines = list(CartLine.objects.filter(cart=checkout.cart))
    kept = [] if checkout.is_preorder else sets_of(checkout.cart)
    wanted = {*(line.sku_id for line in lines), *(sku for each in kept for sku in each.skus)}
    offers = sold_to(catalogue.offers(wanted), checkout.member_id)
    limits = {o.sku_id: o.preorder_limit for o in offers.values()}
    left = lesser(inventory.available(offers, held_by=_holder(checkout)), limits)
    cuts = {(line.sku_id, line.hem_mm) for line in lines} | {(sku, 0) for sku in offers}
    leaves = leaving({
        (sku, hem): days_before(offers[sku], hem) for sku, hem in cuts if sku in offers
    })  # fmt: skip
    rows: list[CartRow] = []
    saved: list[CartRow] = []
    for line in lines:
        offer = offers.get(line.sku_id)
        if offer is None or (not line.saved and bool(offer.preorder_month) != checkout.is_preorder):
            continue
        (saved if line.saved else rows).append(
            CartRow(
                offer, line.quantity, left.get(line.sku_id, 0), line.price_seen_yen,
                rank_price(offer.price_yen, who.rate_bp) + hem_fee(offer, line.hem_mm),
                ships_on=leaves.get((line.sku_id, line.hem_mm)), hem_mm=line.hem_mm,
            )
        )  # fmt: skip
    sets = taken_apart(kept, offers, who.rate_bp)
    rows += [
        CartRow(
            piece.offer, piece.pieces * of.quantity, left.get(piece.offer.sku_id, 0),
            of.price_seen_yen, piece.share_yen, ships_on=leaves.get((piece.offer.sku_id, 0)), of=of,
        )
        for of, pieces in sets
        for piece in pieces
    ]  # fmt: skip
    rows = _marked(rows, checkout)
    return Basket(
        checkout, rows, saved, recipients, who, _items(rows, checkout, recipients),
        _to(checkout, recipients), pricing.charges(), pricing.coupons(checkout.coupons, who.who),
        pricing.promotions(who.who), [of for of, _pieces in sets if of.is_gone],
    )  # fmt: skip


def _marked(rows: list[CartRow], checkout: Checkout) -> list[CartRow]:
    """With how many pieces of a limited product this order can have, whatever size or colour, and
    with what the rows before it leave of its SKU."""
    pieces: Counter[UUID] = Counter()
    taken: Counter[UUID] = Counter()
    for row in rows:
        pieces[row.offer.product_id] += row.quantity
    bought = bought_of((row.offer for row in rows), checkout.member_id, checkout.buyer_mark)
    marked = []
    for row in rows:
        most = most_of(row.offer, bought[row.offer.product_id])
        over = most is not None and pieces[row.offer.product_id] > most
        left = max(0, row.left - taken[row.offer.sku_id])
        marked.append(replace(row, left=left, most=most, over=over))
        taken[row.offer.sku_id] += row.quantity
    return marked


def _items(
    rows: Iterable[CartRow], checkout: Checkout, recipients: Sequence[Recipient]
) -> list[Item]:
    """The rows by who gets them; what nobody else gets is the buyer's, as every set is."""
    shares = shares_of(checkout) if recipients else {}
    items = []
    for row in rows:
        left = row.quantity
        for recipient in recipients if row.of is None else ():
            pieces = min(left, shares.get((recipient.no, row.piece), 0))
            if pieces:
                items.append(_item(row, pieces, recipient.no))
            left -= pieces
        if left:
            items.append(_item(row, left, 1))
    return items


def _item(row: CartRow, quantity: int, no: int) -> Item:
    offer = row.offer
    return Item(
        row.price_yen, quantity, offer.tax_rate_bp, key=row.key,
        product=str(offer.product_id), brand=offer.brand,
        categories=frozenset({str(offer.category_id)} if offer.category_id else ()),
        on_sale=offer.list_price_yen is not None or row.of is not None,
        weight_g=offer.weight_g, destination=no,
    )  # fmt: skip


def _to(checkout: Checkout, recipients: Iterable[Recipient]) -> list[To]:
    return [
        To(no, each.prefecture, each.postal_zone, each.wrapping, bool(each.pickup_location_id))
        for no, each in places(checkout, recipients)
    ]


def _holder(checkout: Checkout) -> UUID | None:
    """Whose holds are the asker's own: this checkout's, or of a cart the one under way."""
    if not checkout._state.adding:
        return checkout.pk
    open_ones = Checkout.objects.filter(cart=checkout.cart, placed_at=None).order_by("-started_at")
    return open_ones.values_list("id", flat=True).first()


def _gifts(ids: Sequence[str]) -> list[Offer]:
    """Those presents of a promotion that are there."""
    if not ids:
        return []
    keys = [UUID(key) for key in ids]
    offers, left = catalogue.offers(keys), inventory.available(keys)
    return [offers[key] for key in keys if key in offers and left.get(key, 0) > 0]


def find_checkout(checkout_id: UUID) -> Checkout | None:
    return Checkout.objects.select_related("cart").filter(id=checkout_id).first()


def shares_of(checkout: Checkout) -> dict[tuple[int, Piece], int]:
    """(recipient, piece) -> how many."""
    rows = Share.objects.filter(checkout=checkout)
    found = rows.values_list("no", "sku_id", "hem_mm", "quantity")
    return {(no, Piece(sku, hem)): count for no, sku, hem, count in found}


def was_placed_by(order: Order, token: str) -> bool:
    """Whether the browser with this cart token placed the order."""
    placed = Checkout.objects.filter(id=order.checkout_id, cart__token_digest=digest(token))
    return bool(token) and placed.exists()


def may_collect(checkout: Checkout) -> bool:
    """Cash is collected at the buyer's own door, for what is sent now: no present costs whoever
    gets it."""
    return not (
        checkout.is_preorder
        or checkout.pickup_location_id
        or Recipient.objects.filter(checkout=checkout).exists()
    )

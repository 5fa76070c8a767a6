"""受注変更: another size, colour, quantity or an added piece, before anything has left.

Lines keep the price they were bought at, and their tax rate. Campaigns are those that ran when the
order was placed, and its coupons stay; the sum is made anew by the same rules, so that taxes and
discounts always agree with the lines.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.catalogue import queries as catalogue
from lockstitch.catalogue.queries import Offer
from lockstitch.checkout.actions import gift_line
from lockstitch.checkout.buyers import buyer
from lockstitch.checkout.holding import within_limits, wrappable
from lockstitch.checkout.rules import Piece, check_hem, days_before
from lockstitch.fulfilment.queries import leaving
from lockstitch.inventory import actions as inventory
from lockstitch.inventory import queries as stock
from lockstitch.jobs.actions import announce
from lockstitch.kernel.errors import Refused
from lockstitch.members import points
from lockstitch.members import queries as members
from lockstitch.members.rules import Bought
from lockstitch.orders import actions as orders
from lockstitch.orders.actions import By, lock
from lockstitch.orders.models import Order, OrderLine
from lockstitch.orders.rules import may_amend
from lockstitch.payments import actions as payments
from lockstitch.pricing import queries as pricing
from lockstitch.pricing.rules import Item, MethodRefused, Quote, To, quote

FIXED = ("key", "destination", "sku_id", "product_id", "sku_code", "name", "colour", "size",
         "picture_key", "product_slug", "unit_price_yen", "tax_rate_bp", "is_final_sale",
         "preorder_month", "ships_on", "hem_mm", "hem_fee_yen", "hem_agreed_at", "outlet_note",
         "set_id", "set_group", "set_count", "set_name", "set_hidden")  # fmt: skip


@dataclass(frozen=True)
class Change:
    """`quantities` by line key (0 takes a line out), `swaps` to another SKU, `added` SKUs."""

    quantities: Mapping[UUID, int] = field(default_factory=dict)
    swaps: Mapping[UUID, UUID] = field(default_factory=dict)
    added: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Amended:
    """What an order would be; shown before it is done."""

    lines: list[OrderLine]
    gifts: list[Offer]
    quote: Quote
    was_yen: int

    @property
    def difference_yen(self) -> int:
        """More (or, negative, less) to pay in money."""
        return self.quote.money_yen - self.was_yen


def preview(order: Order, change: Change) -> Amended:
    """Raises Refused when nothing is left, a SKU is not on sale, or the sum cannot be paid so."""
    lines = _lines(order, change)
    if not lines:
        raise Refused(_("To take everything out, cancel the order."))
    offers = catalogue.offers([line.sku_id for line in lines])
    items = [_item(line, offers.get(line.sku_id)) for line in lines]
    to = [
        To(d.no, d.prefecture, d.postal_zone, d.wrapping, d.pickup_location_id is not None)
        for d in order.destinations.all()
    ]
    _check_wrapped(order, lines, offers)
    who = buyer(order.member_id).who
    ran = [*pricing.promotions(who, at=order.placed_at), *pricing.offers_of(order.pk)]
    try:
        made = quote(
            items, pricing.charges(), order.method, to=to, promotions=ran,
            points=order.points_yen - order.points_back_yen,
        )  # fmt: skip
    except MethodRefused:
        raise Refused(_("Cash on delivery is not offered for this sum.")) from None
    for line, priced in zip(lines, made.lines, strict=True):
        line.total_yen = priced.item.total_yen
        line.discount_yen, line.net_yen = priced.discount_yen, priced.net_yen
    return Amended(lines, _gifts(order, made), made, order.money_yen)


def _check_wrapped(order: Order, lines: Sequence[OrderLine], offers: Mapping[UUID, Offer]) -> None:
    """What the order had already stays wrapped, as it was bought."""
    had = {line.sku_id for line in order.current_lines}
    of = {d.no for d in order.destinations.all() if d.wrapping}
    new = [line for line in lines if line.destination in of and line.sku_id not in had]
    wrappable(offers[line.sku_id] for line in new if line.sku_id in offers)


def amend(order_id: UUID, change: Change, *, shown_money_yen: int, by: By) -> Order:
    """Does what `preview` showed: lines, stock, points and money in one transaction.

    Raises Refused when the order has left, the sum differs from the one shown, or the difference
    cannot be paid in the order's way; inventory.NotEnough when a piece is gone.
    """
    with transaction.atomic():
        order = lock(order_id)
        if not may_amend(order.status, order.fulfilment):
            raise Refused(_("This order can no longer be changed."))
        made = preview(order, change)
        if made.quote.money_yen != shown_money_yen:
            raise Refused(_("A price or the stock has changed. Please look at the new total."))
        reference, before = uuid4(), _open_pieces(order)
        points_before = order.points_yen - order.points_back_yen
        orders.rewrite(order, [*made.lines, *map(gift_line, made.gifts)], _sums(made.quote), by)
        after = _open_pieces(order)
        after.subtract(before)
        changed = {sku: count for sku, count in after.items() if count}
        if changed:
            inventory.amend(changed, of=order.id, reference=reference, by=by.id)
            more = [sku for sku, count in changed.items() if count > 0]
            within_limits(catalogue.offers(more).values(), more)
        _settle(order, made, points_before, reference, by)
        announce("order.amended", order_id=order.id)
        return order


def _settle(order: Order, made: Amended, points_before: int, reference: UUID, by: By) -> None:
    if points_before > order.points_yen:
        points.restore(order.id, points_before - order.points_yen, reference=str(reference))
    payments.amend(order, by, reference)
    if order.member_id is None:
        return
    bought = [
        Bought(line.net_yen, line.item.product, line.item.categories, line.item.brand)
        for line in made.quote.lines
    ]
    promised = members.promised_points(
        bought, total_yen=order.total_yen, points_yen=order.points_yen,
        rank=buyer(order.member_id).rank,
    )  # fmt: skip
    points.promise(order.id, order.member_id, promised, reference=str(reference))


def _lines(order: Order, change: Change) -> list[OrderLine]:
    """The lines as they would be, not priced yet."""
    wanted = catalogue.offers([*change.swaps.values(), *change.added])
    now = catalogue.offers([line.sku_id for line in order.current_lines])
    leaves = leaving({
        (sku, hem): days_before(offer, hem)
        for sku, offer in wanted.items() for hem in {0, *(x.hem_mm for x in order.current_lines)}
    })  # fmt: skip
    made = []
    for line in order.current_lines:
        count = change.quantities.get(line.key, line.open)
        if line.is_gift or count <= 0:
            continue
        swap = change.swaps.get(line.key)
        if swap is None or swap == line.sku_id:
            kept = OrderLine(**{name: getattr(line, name) for name in FIXED})
        else:
            kept = _swapped(line, wanted.get(swap), now.get(line.sku_id))
            kept.ships_on = leaves.get((swap, kept.hem_mm))
        kept.quantity = count
        made.append(kept)
    for sku, count in change.added.items():
        if sku not in wanted:
            raise Refused(_("This item is not on sale."))
        if count > 0:
            made.append(_added(wanted[sku], count))
            made[-1].ships_on = leaves.get((sku, 0))
    return made


def _swapped(line: OrderLine, offer: Offer | None, was: Offer | None) -> OrderLine:
    """Another colour or size of the same product keeps the price when both cost the same now; in a
    set it does so always, as a set costs the same in every size, and stays a piece of it. What is
    hemmed stays hemmed, to the length and for the fee that were agreed."""
    if offer is None:
        raise Refused(_("This item is not on sale."))
    made = _added(offer, line.quantity)
    made.destination = line.destination
    if line.hem_mm:
        check_hem(offer, line.hem_mm, offer.size)
        made.hem_mm, made.hem_fee_yen = line.hem_mm, line.hem_fee_yen
        made.hem_agreed_at, made.is_final_sale = line.hem_agreed_at, True
        made.unit_price_yen += line.hem_fee_yen
    if line.set_id and line.product_id == offer.product_id:
        for name in (name for name in FIXED if name.startswith("set_")):
            setattr(made, name, getattr(line, name))
        made.unit_price_yen, made.tax_rate_bp = line.unit_price_yen, line.tax_rate_bp
    elif was and was.product_id == offer.product_id and was.price_yen == offer.price_yen:
        made.unit_price_yen, made.tax_rate_bp = line.unit_price_yen, line.tax_rate_bp
    return made


def _added(offer: Offer, count: int) -> OrderLine:
    line = gift_line(offer)
    line.is_gift, line.unit_price_yen, line.quantity = False, offer.price_yen, count
    return line


def _item(line: OrderLine, offer: Offer | None) -> Item:
    return Item(
        line.unit_price_yen, line.quantity, line.tax_rate_bp,
        key=str(Piece(line.sku_id, line.hem_mm)),
        product=str(line.product_id), brand=offer.brand if offer else "",
        categories=frozenset({str(offer.category_id)} if offer and offer.category_id else ()),
        on_sale=bool(line.set_id or (offer and offer.list_price_yen is not None)),
        weight_g=offer.weight_g if offer else 0, destination=line.destination,
    )  # fmt: skip


def _gifts(order: Order, made: Quote) -> list[Offer]:
    """Presents that are due: those the order has already, or that are still there."""
    keys = [UUID(key) for key in made.gifts]
    had = {line.sku_id for line in order.current_lines if line.is_gift}
    offers, left = catalogue.offers(keys), stock.available(keys)
    return [offers[k] for k in keys if k in offers and (k in had or left.get(k, 0) > 0)]


def _sums(made: Quote) -> dict[str, object]:
    return {
        "items_yen": made.items_yen, "discount_yen": made.discount_yen,
        "shipping_yen": made.shipping_yen, "fee_yen": made.fee_yen,
        "wrapping_yen": made.wrapping_yen, "total_yen": made.total_yen,
        "points_yen": made.points_yen,
        "taxes": {str(rate): tax for rate, tax in made.taxes.items()},
        "explained": [asdict(each) for each in made.explained],
    }  # fmt: skip


def _open_pieces(order: Order) -> Counter[UUID]:
    pieces: Counter[UUID] = Counter()
    for line in order.current_lines:
        pieces[line.sku_id] += line.open
    return pieces

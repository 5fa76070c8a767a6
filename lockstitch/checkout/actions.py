"""From a cart to a placed order."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.catalogue.queries import Offer
from lockstitch.checkout.buyers import buyer
from lockstitch.checkout.holding import sellable, within_limits, within_persons, wrappable
from lockstitch.checkout.models import Cart, CartLine, CartSet, Checkout, Recipient
from lockstitch.checkout.queries import (
    CartRow,
    CartView,
    charge_of,
    may_collect,
    places,
    read_basket,
    show_cart,
    show_checkout,
)
from lockstitch.checkout.rules import check_hem, hem_fee
from lockstitch.fulfilment.queries import may_wish
from lockstitch.inventory import actions as inventory
from lockstitch.inventory.actions import NotEnough
from lockstitch.inventory.holds import hold
from lockstitch.inventory.queries import pickup_places
from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.members import points
from lockstitch.members import queries as members
from lockstitch.members.rules import Bought
from lockstitch.orders import actions as orders
from lockstitch.orders.actions import SHOPPER, By
from lockstitch.orders.models import Destination, Order, OrderLine
from lockstitch.orders.queries import find_by_checkout
from lockstitch.payments import actions as payments
from lockstitch.payments.queries import offered
from lockstitch.pricing import queries as pricing
from lockstitch.pricing.actions import use_coupons
from lockstitch.pricing.coupons import folded_code
from lockstitch.pricing.rules import MethodRefused


class QuoteChanged(Refused):
    """What would be charged is no longer what was shown."""

    def __init__(self) -> None:
        super().__init__(_("A price or the stock has changed. Please look at the new total."))


def begin_checkout(
    cart: Cart, *, member_id: UUID | None, language: str, is_preorder: bool = False
) -> Checkout:
    """The open checkout of this cart's goods, or a new one. Raises Refused for an empty cart."""
    with transaction.atomic():
        Cart.objects.select_for_update().get(id=cart.id)
        view = show_cart(cart, is_preorder=is_preorder, member_id=member_id)
        if not view.rows:
            raise Refused(_("The cart is empty."))
        for row in view.rows:
            if row.price_changed:
                CartLine.objects.filter(
                    cart=cart, sku_id=row.offer.sku_id, hem_mm=row.hem_mm
                ).update(price_seen_yen=row.offer.price_yen + row.hem_fee_yen)
        for each in view.sets:
            if each.price_changed:
                CartSet.objects.filter(id=each.of.id).update(price_seen_yen=each.of.list_yen)
        checkout: Checkout | None = (
            Checkout.objects.filter(
                cart=cart, placed_at=None, member_id=member_id, is_preorder=is_preorder
            )
            .order_by("-started_at")
            .first()
        )
        if checkout is None:
            checkout = Checkout.objects.create(
                cart=cart, member_id=member_id, language=language, is_preorder=is_preorder
            )
        return checkout


def choose_method(checkout_id: UUID, method: str) -> None:
    """Keeps how the buyer pays. Raises Refused when that is not offered for these goods."""
    if method not in offered():
        raise Refused(_("Choose how to pay."))
    with transaction.atomic():
        checkout = _hold(checkout_id)
        if method == "cod" and not may_collect(checkout):
            raise Refused(_("Cash on delivery is not offered for these goods."))
        try:
            read_basket(checkout).quote(method)
        except MethodRefused:
            raise Refused(_("Cash on delivery is not offered for this sum.")) from None
        checkout.method = method
        checkout.save(update_fields=["method"])


def keep_for(checkout: Checkout, view: CartView) -> dt.datetime | None:
    """At the payment step: hot goods are kept for this checkout until the moment returned.

    None when nothing is kept: the site holds nothing, or the goods are fetched at a shop. Raises
    inventory.NotEnough when they have gone, Refused when it is more than this buyer can have: who
    that is, is known since the address.
    """
    sellable(row.told for row in view.rows if row.over)
    minutes = pricing.terms().hold_minutes
    if not minutes or checkout.pickup_location_id is not None:
        return None
    return hold(checkout.pk, view.pieces, minutes=minutes)


def fetch_at(checkout_id: UUID, location_id: UUID | None) -> None:
    """店舗受取: the buyer's own parcel waits in a shop; None: it is sent. Raises Refused."""
    with transaction.atomic():
        checkout = _hold(checkout_id)
        if location_id is not None:
            view = show_checkout(checkout, "")
            if location_id not in {place.pk for place in pickup_places(view.pieces)}:
                raise Refused(_("This shop does not have all of it."))
        checkout.pickup_location_id = location_id
        checkout.save(update_fields=["pickup_location_id"])


def make_up(
    checkout_id: UUID, no: int, *, delivery_date: dt.date | None, delivery_slot: str,
    wrapping: str = "", hides_prices: bool = False,
) -> None:  # fmt: skip
    """When the parcel of a recipient (1: the buyer) comes, and how it is made up.

    Raises Refused for a day or a wrapping that is not offered, and for goods that are not wrapped;
    then nothing is kept.
    """
    people = Checkout if no == 1 else Recipient
    key = {"id": checkout_id} if no == 1 else {"checkout_id": checkout_id, "no": no}
    where = people.objects.filter(**key).values_list("prefecture", flat=True).first() or ""
    found = Checkout.objects.filter(id=checkout_id).first() if delivery_date else None
    making = show_checkout(found, "").making(no) if found else 0
    is_ahead = found is not None and found.is_preorder  # its month is what was promised
    if is_ahead or not may_wish(delivery_date, delivery_slot, where, making=making):
        raise Refused(_("That delivery day is not possible. Please choose another."))
    if wrapping and wrapping not in pricing.charges().wrapping:
        raise Refused(_("There is no such wrapping."))
    values = {
        "delivery_date": delivery_date, "delivery_slot": delivery_slot, "wrapping": wrapping,
        "hides_prices": hides_prices,
    }  # fmt: skip
    with transaction.atomic():
        if no == 1:
            Checkout.objects.filter(id=checkout_id, placed_at=None).update(**values)
        else:
            Recipient.objects.filter(checkout_id=checkout_id, no=no).update(**values)
        if wrapping:
            checkout = _hold(checkout_id)
            wrappable(show_checkout(checkout, "").wrapped(checkout))


def apply_offers(checkout_id: UUID, *, coupons: Sequence[str], points_yen: int) -> None:
    """Keeps the codes and points that the buyer wants to use. Raises Refused, and keeps nothing,
    when a code is not good or there are not so many points."""
    with transaction.atomic():
        checkout = _hold(checkout_id)
        codes = [code for code in map(folded_code, coupons) if code]
        checkout.coupons, checkout.points_yen = codes, points_yen
        who = buyer(checkout.member_id)
        if problems := pricing.coupons(codes, who.who).problems:
            raise Refused(" ".join(f"{code}: {why}" for code, why in problems.items()))
        if points_yen > who.points:
            raise points.NotEnoughPoints
        checkout.save(update_fields=["coupons", "points_yen"])


def place(
    checkout_id: UUID, *, shown_total_yen: int, shown_money_yen: int | None = None,
    by: By = SHOPPER, channel: str = "web", hem_agreed: bool = False,
) -> Order:  # fmt: skip
    """Places the order of a checkout: lines, stock, coupons, points and payment in one
    transaction. `hem_agreed`: the buyer knows that what is hemmed is not taken back.

    Placing again gives the same order. Raises QuoteChanged when the total (or what of it is paid
    in money) differs from the one shown, inventory.NotEnough when a piece is gone, Refused when a
    step is missing or a coupon or points are used up; then nothing was written.
    """
    with transaction.atomic():
        checkout = _hold(checkout_id)
        if (placed := find_by_checkout(checkout.id)) is not None:
            return placed
        if checkout.record_id is None or not checkout.method:
            raise Refused(_("Please complete the earlier steps first."))
        if checkout.method == "cod" and not may_collect(checkout):
            raise Refused(_("Cash on delivery is not offered for these goods."))
        Cart.objects.select_for_update().get(id=checkout.cart_id)
        view = show_checkout(checkout)
        if not view.rows:
            raise Refused(_("The cart is empty."))
        _check_shown(view, shown_total_yen, shown_money_yen)
        _check_hems(view, agreed=hem_agreed)
        wrappable(view.wrapped(checkout))
        _check_days(checkout, view)
        terms = pricing.terms()
        order = _order(checkout, view, charge_of(checkout, terms))
        order.channel = channel
        lines = [*lines_of(view), *map(gift_line, view.gifts)]
        orders.write(order, lines, _to(checkout, view), by=by)
        _take_stock(order, view, at=checkout.pickup_location_id)
        within_persons((row.offer for row in view.rows), order)
        use_coupons(order.id, checkout.coupons, view.buyer.who)
        _points(order, view)
        payments.promise(order, bank_days=terms.bank_days)
        # Every length of a SKU is in the same view, so all its lines are bought.
        bought = [row.offer.sku_id for row in view.loose]
        CartLine.objects.filter(cart=checkout.cart, saved=False, sku_id__in=bought).delete()
        CartSet.objects.filter(id__in=[each.of.id for each in view.sets]).delete()
        checkout.placed_at = now()
        checkout.save(update_fields=["placed_at"])
        if order.status == "placed":
            announce("order.placed", order_id=order.id)
        return order


def _check_shown(view: CartView, total_yen: int, money_yen: int | None) -> None:
    sellable(row.told for row in view.rows if row.over)
    if view.quote.total_yen != total_yen:
        raise QuoteChanged
    if money_yen is not None and view.quote.money_yen != money_yen:
        raise QuoteChanged
    if view.coupon_problems:
        raise QuoteChanged


def _check_hems(view: CartView, *, agreed: bool) -> None:
    for row in view.rows:
        check_hem(row.offer, row.hem_mm, row.offer.size)
    if view.hemmed and not agreed:
        raise Refused(_("Please confirm that hemmed pieces cannot be returned."))


def _check_days(checkout: Checkout, view: CartView) -> None:
    """What is made to order may have come into the cart after the day was wished for."""
    for no, each in places(checkout, view.recipients):
        making, day = view.making(no), each.delivery_date
        if making and not may_wish(day, each.delivery_slot, each.prefecture, making=making):
            raise Refused(_("That delivery day is not possible. Please choose another."))


def _take_stock(order: Order, view: CartView, *, at: UUID | None) -> None:
    pieces = view.pieces
    presents = Counter(gift.sku_id for gift in view.gifts)
    try:
        inventory.move(
            pieces + presents,
            reason="allocate",
            reference=order.id,
            held_by=order.checkout_id,
            at=at,
        )
    except NotEnough as error:
        if error.short.keys() <= presents.keys() - pieces.keys():
            raise QuoteChanged from None  # the goods are there; a present that was shown is not
        raise
    within_limits([*(row.offer for row in view.rows), *view.gifts], [*pieces, *presents])


def _points(order: Order, view: CartView) -> None:
    if order.member_id is None:
        return
    if order.points_yen:
        points.spend(order.member_id, order.points_yen, order.id)
    promised = members.promised_points(
        [
            Bought(line.net_yen, line.item.product, line.item.categories, line.item.brand)
            for line in view.quote.lines
        ],
        total_yen=order.total_yen, points_yen=order.points_yen, rank=view.buyer.rank,
    )  # fmt: skip
    if promised:
        points.promise(order.id, order.member_id, promised)


def _hold(checkout_id: UUID) -> Checkout:
    checkout: Checkout | None = Checkout.objects.select_for_update().filter(id=checkout_id).first()
    if checkout is None:
        raise NotFound(_("There is no such checkout."))
    return checkout


def _order(checkout: Checkout, view: CartView, charge: str) -> Order:
    quote = view.quote
    return Order.here(
        checkout_id=checkout.id, member_id=checkout.member_id,
        record_id=checkout.record_id, buyer_mark=checkout.buyer_mark,
        buyer_hint=checkout.buyer_hint,
        prefecture=checkout.prefecture, postal_zone=checkout.postal_zone,
        language=checkout.language, method=checkout.method if quote.money_yen else "points",
        charge=charge,
        items_yen=quote.items_yen, shipping_yen=quote.shipping_yen, fee_yen=quote.fee_yen,
        total_yen=quote.total_yen, discount_yen=quote.discount_yen,
        wrapping_yen=quote.wrapping_yen, points_yen=quote.points_yen,
        explained=[asdict(each) for each in quote.explained],
        taxes={str(rate): tax for rate, tax in quote.taxes.items()},
    )  # fmt: skip


def _to(checkout: Checkout, view: CartView) -> list[Destination]:
    """The buyer's own parcel unless everything goes to others, and theirs."""
    used = {line.item.destination for line in view.quote.lines}
    made = []
    for no, each in places(checkout, view.recipients):
        if each.record_id is None or (no != 1 and no not in used):
            continue
        made.append(
            Destination(
                no=no, record_id=each.record_id,
                hint=each.buyer_hint if isinstance(each, Checkout) else each.hint,
                prefecture=each.prefecture, postal_zone=each.postal_zone,
                delivery_date=each.delivery_date, delivery_slot=each.delivery_slot,
                wrapping=each.wrapping, has_message=each.has_message,
                hides_prices=each.hides_prices, pickup_location_id=each.pickup_location_id,
            )
        )  # fmt: skip
    return made


def lines_of(view: CartView) -> list[OrderLine]:
    return [
        _line(
            row.offer, unit_price_yen=line.item.unit_price_yen, quantity=line.item.quantity,
            destination=line.item.destination, total_yen=line.item.total_yen,
            discount_yen=line.discount_yen, net_yen=line.net_yen,
            ships_on=row.ships_on, **_hemming(row.offer, row.hem_mm),
            **_in_set(row),
        )
        for line, row in view.lines
    ]  # fmt: skip


def _hemming(offer: Offer, hem_mm: int) -> dict[str, Any]:
    """What an order line keeps of its hemming: placing it is the buyer's consent."""
    if not hem_mm:
        return {}
    return {
        "hem_mm": hem_mm, "hem_fee_yen": hem_fee(offer, hem_mm), "hem_agreed_at": now(),
        "is_final_sale": True,
    }  # fmt: skip


def _in_set(row: CartRow) -> dict[str, Any]:
    of = row.of
    return {} if of is None else {
        "set_id": of.set_id, "set_group": of.id, "set_count": of.quantity,
        "set_hidden": of.hidden, "set_name": {
            code: f"{name} ({of.label})" if of.label else name for code, name in of.name.items()
        },
    }  # fmt: skip


def gift_line(offer: Offer) -> OrderLine:
    return _line(
        offer, unit_price_yen=0, quantity=1, destination=1, total_yen=0, net_yen=0, is_gift=True
    )


def _line(offer: Offer, **sums: Any) -> OrderLine:
    return OrderLine(
        sku_id=offer.sku_id, product_id=offer.product_id, sku_code=offer.code, name=offer.name,
        colour=offer.colour, size=offer.size, picture_key=offer.picture_key,
        product_slug=offer.product_slug, preorder_month=offer.preorder_month,
        outlet_note=offer.outlet_note, tax_rate_bp=offer.tax_rate_bp,
        **{"is_final_sale": offer.is_final_sale, **sums},
    )  # fmt: skip


def keep_contact(
    checkout_id: UUID, *, record_id: UUID, buyer_hint: str, prefecture: str, postal_zone: str
) -> None:
    """Which sealed record the buyer of a checkout is, and what may be seen of it.

    Raises Refused when the order is placed already.
    """
    with transaction.atomic():
        changed = Checkout.objects.filter(id=checkout_id, placed_at=None).update(
            record_id=record_id, buyer_mark=None, buyer_hint=buyer_hint, prefecture=prefecture,
            postal_zone=postal_zone, contact_at=now(),
        )  # fmt: skip
        if not changed:
            raise Refused(_("This order has been placed already."))


def keep_mark(checkout_id: UUID, record_id: UUID, mark: UUID) -> None:
    """Whose record it is, by the guard's word: the mark by which limits per person count."""
    found = Checkout.objects.filter(id=checkout_id, record_id=record_id, placed_at=None)
    found.update(buyer_mark=mark)

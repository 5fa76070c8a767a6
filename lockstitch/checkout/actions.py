"""Filling a cart, and placing the order."""

import datetime as dt
from collections import Counter
from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.catalogue import queries as catalogue
from lockstitch.checkout.models import Cart, CartLine, Checkout
from lockstitch.checkout.queries import CartView, show_cart
from lockstitch.checkout.rules import LINES_MAX, clamped
from lockstitch.fulfilment.rules import may_deliver
from lockstitch.inventory import actions as inventory
from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.ids import digest
from lockstitch.orders import actions as orders
from lockstitch.orders.actions import SHOPPER
from lockstitch.orders.models import Destination, Order, OrderLine
from lockstitch.orders.queries import find_by_checkout
from lockstitch.payments import actions as payments
from lockstitch.pricing import queries as pricing
from lockstitch.pricing.rules import METHODS, MethodRefused


class QuoteChanged(Refused):
    """What would be charged is no longer what was shown."""

    def __init__(self) -> None:
        super().__init__(_("A price or the stock has changed. Please look at the new total."))


def add_to_cart(token: str, sku_id: UUID, quantity: int = 1) -> None:
    """Adds pieces to the cart of this token, making it when there is none.

    Raises NotFound for a SKU that is not on sale, Refused when the cart is full.
    """
    offer = catalogue.offers([sku_id]).get(sku_id)
    if offer is None:
        raise NotFound(_("This item is not on sale."))
    with transaction.atomic():
        cart, _made = Cart.objects.get_or_create(token_digest=digest(token), site_id=offer.site_id)
        Cart.objects.select_for_update().get(id=cart.id)
        line = CartLine.objects.filter(cart=cart, sku_id=sku_id).first()
        if line is not None:
            line.quantity = clamped(line.quantity + quantity)
            line.price_seen_yen = offer.price_yen
            line.save(update_fields=["quantity", "price_seen_yen"])
            return
        if CartLine.objects.filter(cart=cart).count() >= LINES_MAX:
            raise Refused(_("The cart is full."))
        CartLine.objects.create(
            cart=cart, sku_id=sku_id, quantity=max(1, clamped(quantity)),
            price_seen_yen=offer.price_yen,
        )  # fmt: skip


def set_quantity(cart: Cart, sku_id: UUID, quantity: int) -> None:
    """Sets the pieces of a line; 0 takes it out."""
    with transaction.atomic():
        line = CartLine.objects.filter(cart=cart, sku_id=sku_id)
        if clamped(quantity) == 0:
            line.delete()
        else:
            line.update(quantity=clamped(quantity))


def begin_checkout(cart: Cart, *, member_id: UUID | None, language: str) -> Checkout:
    """The open checkout of this cart, or a new one. Raises Refused for an empty cart."""
    with transaction.atomic():
        Cart.objects.select_for_update().get(id=cart.id)
        view = show_cart(cart)
        if not view.rows:
            raise Refused(_("The cart is empty."))
        for row in view.rows:
            if row.price_changed:
                CartLine.objects.filter(cart=cart, sku_id=row.offer.sku_id).update(
                    price_seen_yen=row.offer.price_yen
                )
        checkout: Checkout | None = (
            Checkout.objects.filter(cart=cart, placed_at=None, member_id=member_id)
            .order_by("-started_at")
            .first()
        )
        if checkout is None:
            checkout = Checkout.objects.create(cart=cart, member_id=member_id, language=language)
        return checkout


def choose(
    checkout_id: UUID, *, method: str, delivery_date: dt.date | None, delivery_slot: str
) -> None:
    """Keeps how the buyer pays and when they are at home. Raises Refused."""
    if method not in METHODS:
        raise Refused(_("Choose how to pay."))
    lead_days = pricing.terms().lead_days
    if not may_deliver(delivery_date, delivery_slot, today=today_jst(), lead_days=lead_days):
        raise Refused(_("That delivery day is not possible. Please choose another."))
    with transaction.atomic():
        checkout = _hold(checkout_id)
        try:
            show_cart(checkout.cart, method)
        except MethodRefused:
            raise Refused(_("Cash on delivery is not offered for this sum.")) from None
        checkout.method = method
        checkout.delivery_date, checkout.delivery_slot = delivery_date, delivery_slot
        checkout.save(update_fields=["method", "delivery_date", "delivery_slot"])


def place(checkout_id: UUID, *, shown_total_yen: int) -> Order:
    """Places the order of a checkout: lines, stock and payment in one transaction.

    Placing again gives the same order. Raises QuoteChanged when the total differs from the one
    shown, inventory.NotEnough when a piece is gone, Refused when a step is missing; then nothing
    was written.
    """
    with transaction.atomic():
        checkout = _hold(checkout_id)
        if (placed := find_by_checkout(checkout.id)) is not None:
            return placed
        if checkout.record_id is None or not checkout.method:
            raise Refused(_("Please complete the earlier steps first."))
        Cart.objects.select_for_update().get(id=checkout.cart_id)
        view = show_cart(checkout.cart, checkout.method)
        if not view.rows:
            raise Refused(_("The cart is empty."))
        if view.quote.total_yen != shown_total_yen:
            raise QuoteChanged
        order = orders.write(
            _order(checkout, view), _lines(view), [_destination(checkout)], by=SHOPPER
        )
        pieces = Counter({row.offer.sku_id: row.quantity for row in view.rows})
        inventory.move(pieces, reason="allocate", reference=order.id)
        payments.promise(order, bank_days=pricing.terms().bank_days)
        CartLine.objects.filter(cart=checkout.cart).delete()
        checkout.placed_at = now()
        checkout.save(update_fields=["placed_at"])
        announce("order.placed", order_id=order.id)
        return order


def _hold(checkout_id: UUID) -> Checkout:
    checkout: Checkout | None = Checkout.objects.select_for_update().filter(id=checkout_id).first()
    if checkout is None:
        raise NotFound(_("There is no such checkout."))
    return checkout


def _order(checkout: Checkout, view: CartView) -> Order:
    quote = view.quote
    return Order.here(
        checkout_id=checkout.id, member_id=checkout.member_id, record_id=checkout.record_id,
        buyer_hint=checkout.buyer_hint, prefecture=checkout.prefecture,
        postal_zone=checkout.postal_zone, language=checkout.language, method=checkout.method,
        items_yen=quote.items_yen, shipping_yen=quote.shipping_yen, fee_yen=quote.fee_yen,
        total_yen=quote.total_yen, discount_yen=quote.discount_yen,
        wrapping_yen=quote.wrapping_yen, points_yen=quote.points_yen,
        explained=[asdict(each) for each in quote.explained],
        taxes={str(rate): tax for rate, tax in quote.taxes.items()},
    )  # fmt: skip


def _destination(checkout: Checkout) -> Destination:
    if checkout.record_id is None:
        raise Refused(_("Please complete the earlier steps first."))
    return Destination(
        record_id=checkout.record_id, hint=checkout.buyer_hint, prefecture=checkout.prefecture,
        postal_zone=checkout.postal_zone, delivery_date=checkout.delivery_date,
        delivery_slot=checkout.delivery_slot,
    )  # fmt: skip


def _lines(view: CartView) -> list[OrderLine]:
    return [
        OrderLine(
            sku_id=offer.sku_id,
            product_id=offer.product_id,
            sku_code=offer.code,
            name=offer.name,
            colour=offer.colour,
            size=offer.size,
            picture_key=offer.picture_key,
            product_slug=offer.product_slug,
            preorder_month=offer.preorder_month,
            is_final_sale=offer.is_final_sale,
            unit_price_yen=line.item.unit_price_yen,
            quantity=line.item.quantity,
            tax_rate_bp=line.item.tax_rate_bp,
            total_yen=line.item.total_yen,
            discount_yen=line.discount_yen,
            net_yen=line.net_yen,
        )  # fmt: skip
        for line, offer in zip(view.quote.lines, (row.offer for row in view.rows), strict=True)
    ]


def keep_contact(
    checkout_id: UUID, *, record_id: UUID, buyer_hint: str, prefecture: str, postal_zone: str
) -> None:
    """The desk's only write to a checkout: which sealed record, and what may be seen of it.

    Raises Refused when the order is placed already.
    """
    with transaction.atomic():
        changed = Checkout.objects.filter(id=checkout_id, placed_at=None).update(
            record_id=record_id, buyer_hint=buyer_hint, prefecture=prefecture,
            postal_zone=postal_zone, contact_at=now(),
        )  # fmt: skip
        if not changed:
            raise Refused(_("This order has been placed already."))

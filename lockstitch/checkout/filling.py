"""Filling a cart, putting things aside, and carrying it to another device."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lockstitch.catalogue import queries as catalogue
from lockstitch.checkout.buyers import buyer, sold_to
from lockstitch.checkout.filling_sets import carry_sets, rows_in, so_many
from lockstitch.checkout.models import Cart, CartLine
from lockstitch.checkout.rules import LINES_MAX, Piece, check_hem, clamped, hem_fee
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.ids import digest
from lockstitch.pricing import queries as pricing


def add_to_cart(
    token: str, sku_id: UUID, quantity: int = 1, *, member_id: UUID | None = None,
    links: tuple[str, ...] = (), hem_mm: int = 0,
) -> None:  # fmt: skip
    """Adds pieces to the cart of this token, making it when there is none.

    Raises NotFound for a SKU that is not on sale, Refused when its sale has not opened for this
    visitor, when it is not hemmed to that length, or when the cart is full.
    """
    offer = sold_to(catalogue.offers([sku_id]), member_id).get(sku_id)
    if offer is None:
        raise NotFound(_("This item is not on sale."))
    who = buyer(member_id).who
    if offer.product_id in pricing.closed([offer.product_id], rank=who.rank, links=links):
        raise Refused(_("This item is not on sale for you yet."))
    check_hem(offer, hem_mm, offer.size)
    price_yen = offer.price_yen + hem_fee(offer, hem_mm)
    with transaction.atomic():
        cart, _made = Cart.objects.get_or_create(token_digest=digest(token), site_id=offer.site_id)
        Cart.objects.select_for_update().get(id=cart.id)
        line = CartLine.objects.filter(cart=cart, sku_id=sku_id, hem_mm=hem_mm).first()
        if line is not None:
            line.quantity = clamped((0 if line.saved else line.quantity) + quantity)
            line.price_seen_yen, line.saved = price_yen, False
            line.save(update_fields=["quantity", "price_seen_yen", "saved"])
        elif rows_in(cart) >= LINES_MAX:
            raise Refused(_("The cart is full."))
        else:
            CartLine.objects.create(
                cart=cart, sku_id=sku_id, quantity=max(1, clamped(quantity)), hem_mm=hem_mm,
                price_seen_yen=price_yen,
            )  # fmt: skip
        Cart.objects.filter(id=cart.id).update(touched_at=now())


def set_quantity(cart: Cart, sku_id: UUID, quantity: int, *, hem_mm: int = 0) -> None:
    """Sets the pieces of a line; 0 takes it out."""
    with transaction.atomic():
        so_many(CartLine.objects.filter(cart=cart, sku_id=sku_id, hem_mm=hem_mm), quantity)


def set_saved(cart: Cart, sku_id: UUID, saved: bool, *, hem_mm: int = 0) -> None:
    """あとで買う: a line kept in the cart that is not bought now."""
    with transaction.atomic():
        CartLine.objects.filter(cart=cart, sku_id=sku_id, hem_mm=hem_mm).update(saved=saved)


def carry_over(token: str, member_id: UUID, site_id: UUID) -> None:
    """At sign-in: what the member's carts on other devices hold comes into this one.

    The larger quantity of a SKU (in one length) counts, so that signing in twice doubles nothing.
    """
    with transaction.atomic():
        here, _made = Cart.objects.get_or_create(token_digest=digest(token), site_id=site_id)
        carts = list(
            Cart.objects.select_for_update()
            .filter(Q(member_id=member_id) | Q(id=here.id))
            .order_by("id")
        )
        others = [cart for cart in carts if cart.pk != here.pk]
        kept = {
            Piece(line.sku_id, line.hem_mm): line for line in CartLine.objects.filter(cart=here)
        }
        for line in CartLine.objects.filter(cart__in=others).order_by("-cart__touched_at"):
            piece = Piece(line.sku_id, line.hem_mm)
            own = kept.get(piece)
            if own is None and len(kept) < LINES_MAX:
                kept[piece] = CartLine.objects.create(
                    cart=here, sku_id=line.sku_id, quantity=line.quantity, saved=line.saved,
                    price_seen_yen=line.price_seen_yen, hem_mm=line.hem_mm,
                )  # fmt: skip
            elif own is not None and own.quantity < line.quantity:
                own.quantity = line.quantity
                own.save(update_fields=["quantity"])
        CartLine.objects.filter(cart__in=others).delete()
        carry_sets(here, others, room=LINES_MAX - len(kept))
        Cart.objects.filter(id=here.id).update(member_id=member_id, touched_at=now())


def put_back(cart_id: UUID, pieces: Mapping[Piece, int]) -> None:
    """Returns the goods of an order that was not paid to the cart they came from."""
    with transaction.atomic():
        offers = catalogue.offers(sku for sku, _hem in pieces)
        known = set(CartLine.objects.filter(cart_id=cart_id).values_list("sku_id", "hem_mm"))
        CartLine.objects.bulk_create(
            CartLine.here(
                cart_id=cart_id, sku_id=sku, quantity=clamped(quantity), hem_mm=hem,
                price_seen_yen=offers[sku].price_yen + hem_fee(offers[sku], hem),
            )
            for (sku, hem), quantity in pieces.items()
            if sku in offers and (sku, hem) not in known
        )  # fmt: skip

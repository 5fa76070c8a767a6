"""Sets into a cart, and their number there: a set is put in, changed and taken out whole."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lockstitch.checkout.buyers import buyer
from lockstitch.checkout.models import Cart, CartLine, CartSet
from lockstitch.checkout.rules import LINES_MAX, clamped
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.ids import digest
from lockstitch.orders.models import OrderLine
from lockstitch.pricing import queries as pricing
from lockstitch.sets.models import GoodsSet
from lockstitch.sets.queries import find_set


def rows_in(cart: Cart) -> int:
    lines, sets = CartLine.objects.filter(cart=cart), CartSet.objects.filter(cart=cart)
    return lines.count() + sets.count()


def add_set(
    token: str, number: int, skus: Sequence[UUID], quantity: int = 1, *,
    member_id: UUID | None = None, links: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Adds sets to the cart of this token, making it when there is none. `skus` is a choice for
    each piece, in their order.

    Raises NotFound for a set that is not shown, Refused when the choice does not fit its parts, a
    part is not on sale for this visitor yet, or the cart is full.
    """
    view = find_set(number)
    if view is None:
        raise NotFound(_("This item is not on sale."))
    if not view.fits(skus):
        raise Refused(_("Please choose a size for each piece."))
    who = buyer(member_id).who
    if pricing.closed(
        [part.part.colour.product_id for part in view.parts], rank=who.rank, links=links
    ):
        raise Refused(_("This item is not on sale for you yet."))
    with transaction.atomic():
        cart, _made = Cart.objects.get_or_create(
            token_digest=digest(token), site_id=view.row.site_id
        )
        Cart.objects.select_for_update().get(id=cart.id)
        same = CartSet.objects.filter(cart=cart, goods_set=view.row, skus=list(skus)).first()
        if same is not None:
            same.quantity = clamped(same.quantity + quantity)
            same.price_seen_yen = view.row.price_yen
            same.save(update_fields=["quantity", "price_seen_yen"])
        elif rows_in(cart) >= LINES_MAX:
            raise Refused(_("The cart is full."))
        else:
            CartSet.objects.create(
                cart=cart, goods_set=view.row, skus=list(skus), price_seen_yen=view.row.price_yen,
                quantity=max(1, clamped(quantity)),
            )  # fmt: skip
        Cart.objects.filter(id=cart.id).update(touched_at=now())


def so_many(row: QuerySet[Any], quantity: int) -> None:
    """Of a row in a cart; 0 takes it out."""
    if clamped(quantity) == 0:
        row.delete()
    else:
        row.update(quantity=clamped(quantity))


def set_sets(cart: Cart, row_id: UUID, quantity: int) -> None:
    """So many of a set in the cart, with all its pieces; 0 takes it out."""
    with transaction.atomic():
        so_many(CartSet.objects.filter(cart=cart, id=row_id), quantity)


def carry_sets(here: Cart, others: Sequence[Cart], *, room: int) -> None:
    """At sign-in: sets of the member's other carts come into this one, the larger number of each
    choice. Inside the caller's transaction, which holds the carts."""
    with transaction.atomic():
        own = {(row.goods_set_id, *row.skus): row for row in CartSet.objects.filter(cart=here)}
        for row in CartSet.objects.filter(cart__in=others).order_by("-cart__touched_at"):
            same = own.get((row.goods_set_id, *row.skus))
            if same is None and len(own) < room:
                own[(row.goods_set_id, *row.skus)] = row
                row.cart = here
                row.save(update_fields=["cart"])
            elif same is not None and same.quantity < row.quantity:
                same.quantity = row.quantity
                same.save(update_fields=["quantity"])
        CartSet.objects.filter(cart__in=others).delete()


def put_sets_back(cart_id: UUID, lines: Iterable[OrderLine]) -> None:
    """The sets of an order that was not paid, as they were chosen."""
    groups: dict[UUID, list[OrderLine]] = defaultdict(list)
    for line in lines:
        if line.set_group is not None:
            groups[line.set_group].append(line)
    with transaction.atomic():
        for of in groups.values():
            row = GoodsSet.objects.filter(id=of[0].set_id).first()
            pieces = [line.sku_id for line in of for _n in range(line.quantity // of[0].set_count)]
            if row is not None:
                CartSet.objects.get_or_create(
                    site_id=row.site_id, cart_id=cart_id, goods_set=row, skus=pieces,
                    defaults={"quantity": of[0].set_count, "price_seen_yen": row.price_yen},
                )  # fmt: skip

"""A set of two products, for tests."""

from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import UUID

from lockstitch.catalogue.models import Sku
from lockstitch.checkout.filling import add_to_cart
from lockstitch.checkout.filling_sets import add_set
from lockstitch.checkout.queries import CartView, find_cart, show_cart
from lockstitch.kernel.clock import now
from lockstitch.kernel.ids import new_token
from lockstitch.sets.actions import Written, keep_set
from lockstitch.sets.queries import SetView, find_set
from tests import world

_slugs = count(1)


def product(*, stock: int = 10, price_yen: int = 4_400) -> list[UUID]:
    """SKUs of a new product: white S, white M, navy S, navy M."""
    return world.new_product(slug=f"part-{next(_slugs)}", stock=stock, price_yen=price_yen)


def code(sku: UUID) -> str:
    found: Sku = Sku.objects.get(id=sku)
    return found.code


def written(parts: Sequence[tuple[UUID, int]], price_yen: int = 10_000, **more: Any) -> Written:
    return Written(
        **{
            "name": {"ja": "上下セット", "en": "Suit"}, "price_yen": price_yen,
            "parts": [(code(sku), pieces) for sku, pieces in parts], "published_from": now(),
            **more,
        }
    )  # fmt: skip


def new_set(parts: Sequence[tuple[UUID, int]], price_yen: int = 10_000, **more: Any) -> SetView:
    row = keep_set(None, written(parts, price_yen, **more))
    view = find_set(row.number, drafts=True)
    assert view is not None
    return view


def cart_of(token: str, **more: Any) -> CartView:
    return show_cart(find_cart(token), **more)


def ready(
    sets: Sequence[tuple[SetView, Sequence[UUID], int]], loose: dict[UUID, int] | None = None,
    *, member: UUID | None = None, method: str = "cod",
) -> tuple[UUID, int]:  # fmt: skip
    """(checkout, the total that its buyer was shown)."""
    token = new_token()
    for view, skus, quantity in sets:
        add_set(token, view.row.number, skus, quantity, member_id=member)
    for sku, quantity in (loose or {}).items():
        add_to_cart(token, sku, quantity, member_id=member)
    return world.ready_with(token, member=member, method=method)


def fill(sku: UUID) -> None:
    """A row in every table of sets."""
    other = product()[0]
    view = new_set([(sku, 1), (other, 1)])
    add_set(new_token(), view.row.number, [sku, other])

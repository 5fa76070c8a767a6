"""The four tests that answer most of the complaints about shop systems; two of them are here.

A product of 1,000 SKUs costs as many statements as one of ten, and ten pieces are sold ten times
to a thousand buyers: as two lines of a cart's SKU, as a set, and to two addresses.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from lockstitch.catalogue.actions import NewColour, NewProduct, NewSku
from lockstitch.catalogue.queries import find_product
from lockstitch.catalogue.reading import find_whole
from lockstitch.checkout import actions as checkout
from lockstitch.checkout.models import Cart, CartLine, Checkout, Recipient, Share
from lockstitch.checkout.queries import find_checkout, show_checkout
from lockstitch.inventory.grid import save_product, stock
from lockstitch.inventory.intake import take_in
from lockstitch.inventory.queries import disagreements
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import digest
from lockstitch.orders.models import Order, OrderLine
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world
from tests.checkout.test_offers import offer

# LOCKSTITCH_BUYERS=1000 asks for as many; CI makes do with fewer, all the same at once.
BUYERS, AT_ONCE, PIECES = int(os.environ.get("LOCKSTITCH_BUYERS", "250")), 48, 10


def wide_product(colours: int, sizes: int, slug: str) -> list[UUID]:
    names = [f"c{n}" for n in range(colours)]
    codes = [f"s{n}" for n in range(sizes)]
    made = NewProduct(
        slug=slug, item_number=slug, name={"ja": slug},
        colours=[NewColour(name, {"ja": name}) for name in names],
        sizes=[(code, code) for code in codes],
        skus=[NewSku(c, s, f"{slug}-{c}-{s}", 3_000) for c, s in product(names, codes)],
        published=now(), category="tops", category_name={"ja": "トップス"},
    )  # fmt: skip
    take_in([made], {sku.code: 5 for sku in made.skus})
    view = find_product(slug)
    assert view
    return [cell.sku.id for colour in view.colours for cell in colour.cells if cell.sku]


@pytest.mark.slow
def test_a_product_of_a_thousand_skus(site: Site) -> None:
    """C1, C4: opening, selling and saving it take the same number of statements as a small one."""

    def statements(slug: str, skus: list[UUID]) -> tuple[int, int, int]:
        with CaptureQueriesContext(connection) as opened:
            assert find_product(slug)
        checkout_id, total = world.ready_checkout(dict.fromkeys(skus[:10], 1))
        with CaptureQueriesContext(connection) as sold:
            checkout.place(checkout_id, shown_total_yen=total)
        kept = find_whole(slug)
        assert kept is not None
        for sku in kept.new.skus:
            sku.price_yen = 4_000
        more = {sku.code: 4 for sku in kept.new.skus}
        with CaptureQueriesContext(connection) as saved:
            save_product(kept.new, more, product_id=kept.id, version=1, by=UUID(int=1))
        return len(opened), len(sold), len(saved)

    statements("warm", wide_product(2, 5, "warm"))
    small = statements("small", wide_product(2, 5, "small"))
    great = statements("great", wide_product(25, 40, "great"))
    assert great == small
    assert stock([find_product("great").colours[0].cells[0].sku.id]).popitem()[1] == (9, 1)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["one line", "a set", "two addresses"])
def test_ten_pieces_are_sold_ten_times(site: Site, way: str) -> None:
    """C5, C6, C8, C15."""
    sku, other, *_rest = world.new_product(stock=PIECES)
    if way == "a set":
        offer("n_for", pieces=2, yen=6_000)
    ready = _ready(sku, other, way)
    start = threading.Barrier(AT_ONCE)
    outcomes: list[str] = []

    def buy(pair: tuple[int, tuple[UUID, int]]) -> None:
        n, (checkout_id, total) = pair
        if n < AT_ONCE:
            start.wait(60)
        try:
            with scope(site.id):
                checkout.place(checkout_id, shown_total_yen=total)
                outcomes.append("sold")
        except Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(buy, enumerate(ready)))
    each = 2 if way == "two addresses" else 1
    assert outcomes.count("sold") == PIECES // each
    assert len(outcomes) == BUYERS
    assert stock([sku]) == {sku: (PIECES, PIECES)}
    sold = OrderLine.objects.filter(sku_id=sku).values_list("quantity", flat=True)
    assert sum(sold) == PIECES
    assert Order.objects.count() == PIECES // each
    assert disagreements() == []


def _ready(sku: UUID, other: UUID, way: str) -> list[tuple[UUID, int]]:
    """A thousand buyers before the last button; as rows, since only what follows is tested."""
    carts = Cart.objects.bulk_create(Cart.here(token_digest=digest(str(n))) for n in range(BUYERS))
    pieces = {"one line": {sku: 1}, "a set": {sku: 1, other: 1}, "two addresses": {sku: 2}}[way]
    CartLine.objects.bulk_create(
        CartLine.here(cart=cart, sku_id=key, quantity=count, price_seen_yen=4_400)
        for cart in carts
        for key, count in pieces.items()
    )
    made = Checkout.objects.bulk_create(
        Checkout.here(
            cart=cart, record_id=uuid4(), buyer_hint="山＊", prefecture="東京都",
            postal_zone="150", method="bank",
        )
        for cart in carts
    )  # fmt: skip
    if way == "two addresses":
        Recipient.objects.bulk_create(
            Recipient.here(
                checkout=each, no=2, record_id=uuid4(), hint="海＊", prefecture="京都府",
                postal_zone="600",
            )
            for each in made
        )  # fmt: skip
        Share.objects.bulk_create(
            Share.here(checkout=each, no=2, sku_id=sku, quantity=1) for each in made
        )
    shown = find_checkout(made[0].pk)
    assert shown
    total = show_checkout(shown).quote.total_yen
    return [(each.pk, total) for each in made]

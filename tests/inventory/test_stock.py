"""Stock: never negative, never promised twice, always the sum of its movements."""

from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lockstitch.catalogue.actions import NewColour, NewProduct, NewSku
from lockstitch.catalogue.queries import Sku
from lockstitch.catalogue.reading import Kept, find_whole
from lockstitch.inventory.actions import NotEnough, move
from lockstitch.inventory.grid import save_product, stock
from lockstitch.inventory.intake import take_in
from lockstitch.inventory.queries import available, disagreements
from lockstitch.inventory.rules import DELTAS, deltas, word
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.queries import Site
from tests import world

steps = st.lists(
    st.tuples(
        st.sampled_from(sorted(set(DELTAS) - {"hold", "unhold", "landed", "passed", "allot"})),
        st.integers(0, 3),
        st.integers(1, 6),
    ),
    max_size=25,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_any_history_keeps_the_books(site: Site, history: list[tuple[str, int, int]]) -> None:
    skus = world.new_product(slug=f"p-{uuid4().hex[:12]}", stock=5)
    model = {sku: [5, 0] for sku in skus}
    order = uuid4()
    for reason, which, pieces in history:
        sku = skus[which]
        on_hand, allocated, _held = deltas(reason, pieces)
        after = [model[sku][0] + on_hand, model[sku][1] + allocated]
        if 0 <= after[1] <= after[0]:
            move({sku: pieces}, reason=reason, reference=uuid4(), of=order)
            model[sku] = after
        else:
            with pytest.raises(NotEnough):
                move({sku: pieces}, reason=reason, reference=uuid4(), of=order)
    assert stock(skus) == {sku: tuple(pair) for sku, pair in model.items()}
    assert disagreements() == []


def test_all_or_nothing(site: Site) -> None:
    plenty, few, *_rest = world.new_product(stock=2)
    with pytest.raises(NotEnough) as refused:
        move({plenty: 2, few: 3}, reason="allocate", reference=uuid4())
    assert refused.value.short == {few: 2}
    assert available([plenty, few]) == {plenty: 2, few: 2}


def test_the_same_order_takes_its_pieces_once(site: Site) -> None:
    sku = world.new_product(stock=9)[0]
    order = uuid4()
    move({sku: 1}, reason="allocate", reference=order)
    with pytest.raises(IntegrityError, match="movement_once"), transaction.atomic():
        move({sku: 1}, reason="allocate", reference=order)
    assert available([sku]) == {sku: 8}


def test_the_database_refuses_what_no_code_should_write(site: Site) -> None:
    sku = world.new_product(stock=1)[0]
    with connection.cursor() as cursor:
        for wrong in ("on_hand = -1", "allocated = 2", "allocated = -1"):
            with pytest.raises(IntegrityError) as refused, transaction.atomic():
                cursor.execute(f"UPDATE inventory_stock SET {wrong} WHERE sku_id = %s", [sku])
            assert isinstance(refused.value.__cause__, psycopg.errors.CheckViolation)


def test_the_grid_keeps_what_was_sold_meanwhile(site: Site) -> None:
    """The page showed 10; two are sold while it is open; the operator counts 12."""
    sku = world.new_product(stock=10)[0]
    order = uuid4()
    move({sku: 2}, reason="allocate", reference=order)
    move({sku: 2}, reason="ship", reference=uuid4(), of=order)
    kept, code = _shirt(), Sku.objects.get(id=sku).code
    save_product(kept.new, {code: 12 - 10}, product_id=kept.id, version=1, by=uuid4())
    assert stock([sku]) == {sku: (10, 0)}


def test_the_grid_is_saved_whole_or_not_at_all(site: Site) -> None:
    first, second, *_rest = world.new_product(stock=3)
    taken = Sku.objects.get(id=second).gtin
    kept = _shirt()
    kept.new.skus[0].price_yen, kept.new.skus[0].gtin = 9_900, taken
    assert kept.new.skus[0].code == Sku.objects.get(id=first).code
    with pytest.raises(Refused):
        save_product(
            kept.new, {kept.new.skus[0].code: 1}, product_id=kept.id, version=1, by=uuid4()
        )
    assert Sku.objects.get(id=first).price_yen == 4_400
    assert stock([first]) == {first: (3, 0)}


def _shirt(slug: str = "shirt") -> Kept:
    kept = find_whole(slug)
    assert kept is not None
    return kept


def test_words() -> None:
    assert [word(n) for n in (-1, 0, 1, 3, 4)] == ["out", "out", "few", "few", "in"]


@pytest.mark.slow
def test_the_grid_of_a_thousand_skus_is_saved_in_as_many_statements_as_a_small_one(
    site: Site,
) -> None:
    counts = []
    for slug, colours in (("small", 2), ("large", 25)):
        skus = _wide(slug, colours)
        kept = _shirt(slug)
        more = {sku.code: 1 for sku in kept.new.skus}
        with CaptureQueriesContext(connection) as asked:
            save_product(kept.new, more, product_id=kept.id, version=kept.version, by=uuid4())
        counts.append(len(asked))
        assert stock(skus) == dict.fromkeys(skus, (4, 0))
    assert len(more) == 1_000
    assert counts[0] == counts[1]


def _wide(slug: str, colours: int) -> list[UUID]:
    sizes = [(f"s{n}", f"s{n}") for n in range(40)]
    names = [f"c{n}" for n in range(colours)]
    product = NewProduct(
        slug=slug, item_number=slug.upper(), name={"ja": slug},
        colours=[NewColour(name, {"ja": name}) for name in names], sizes=sizes,
        skus=[
            NewSku(name, size, f"{slug}-{name}-{size}", 4_400)
            for name in names
            for size, _ in sizes
        ],
    )  # fmt: skip
    take_in([product], {sku.code: 3 for sku in product.skus})
    return list(Sku.objects.filter(product__slug=slug).values_list("id", flat=True))

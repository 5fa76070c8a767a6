"""A price under cost, and a cost made lower, wait for a second person; all else is saved."""

import datetime as dt
import io
import re
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from lockstitch.catalogue.editing import Faulty, Renames, go_back, save
from lockstitch.catalogue.files import rows_of
from lockstitch.catalogue.importing import Import, resolve
from lockstitch.catalogue.models import PriceWait
from lockstitch.catalogue.price_waits import decide, waiting
from lockstitch.catalogue.reading import find_whole, history
from lockstitch.catalogue.sheet import read
from lockstitch.catalogue.under_cost import Money
from lockstitch.catalogue.whole import NewProduct
from lockstitch.console.goods_form import fields_of
from lockstitch.content.actions import set_two_persons
from lockstitch.inventory.intake import first_stock
from lockstitch.inventory.runs import ASKED, begin, confirm, find_run
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.tenancy.queries import Site
from lockstitch.wiring import FOLLOWS
from tests import world
from tests.members.test_pages import Visitor, operator, plain_files

__all__ = ["plain_files"]
pytestmark = pytest.mark.usefixtures("database")
ONE, OTHER = uuid4(), uuid4()
COST = 3_000


@pytest.fixture(autouse=True)
def coat(site: Site) -> None:
    world.new_product(slug="coat", price_yen=11_000)
    change(cost_yen=COST, second=False)


def kept() -> NewProduct:
    found = find_whole("coat")
    assert found is not None
    return found.new


def change(by: UUID = ONE, *, second: bool = True, brand: str = "", **money: object) -> None:
    """All SKUs of the coat."""
    found = find_whole("coat")
    assert found is not None
    skus = [replace(sku, **money) for sku in found.new.skus]
    new = replace(found.new, skus=skus, brand=brand or found.new.brand)
    save(new, product_id=found.id, version=found.version, by=by, second=second)


def prices() -> set[tuple[int, int | None, int | None]]:
    return {(sku.price_yen, sku.sale_price_yen, sku.cost_yen) for sku in kept().skus}


def take(by: UUID = OTHER, *, n: int = 0) -> None:
    wait = waiting()[n].wait
    decide(wait.id, by, take=True, seen=wait.at.isoformat())


@pytest.mark.parametrize(
    ("price", "rate", "under"),
    [(3_300, 1_000, False), (3_298, 1_000, True), (3_240, 800, False), (3_238, 800, True)],
)
def test_it_is_what_is_left_without_the_tax(price: int, rate: int, under: bool) -> None:
    assert Money(price, None, None, None, None, COST).is_under(rate) is under
    assert Money(price * 2, None, price, now(), None, COST).is_under(rate) is under
    assert not Money(price, None, None, None, None, None).is_under(rate)


def test_the_price_waits_and_all_else_is_saved() -> None:
    change(price_yen=2_000, brand="B")
    assert kept().brand == "B"
    assert prices() == {(11_000, None, COST)}
    (one,) = waiting()
    assert {money.price_yen for _sku, money in one.rows} == {2_000}
    take()
    assert prices() == {(2_000, None, COST)}
    assert waiting() == []
    first = history(one.wait.product_id)[0]
    assert (first.by, first.verb) == (OTHER, "price")


def test_a_sale_under_cost_waits_with_its_window() -> None:
    start = now() + dt.timedelta(days=3)
    change(sale_price_yen=2_500, sale_from=start)
    assert prices() == {(11_000, None, COST)}
    take()
    assert {(sku.sale_price_yen, sku.sale_from) for sku in kept().skus} == {(2_500, start)}


@pytest.mark.parametrize("cost", [None, 0, COST - 1])
def test_who_lowers_the_cost_waits_too(cost: int | None) -> None:
    change(cost_yen=cost)
    change(price_yen=2_000)
    assert prices() == {(11_000, None, COST)}


def test_above_cost_one_is_enough() -> None:
    change(price_yen=3_300, cost_yen=COST)
    change(cost_yen=COST + 1)  # it went up: nobody's price was changed
    change(brand="B")
    assert prices() == {(3_300, None, COST + 1)}
    assert waiting() == []


def test_without_the_setting_one_is_enough() -> None:
    change(price_yen=1_000, second=False)
    assert prices() == {(1_000, None, COST)}
    assert waiting() == []


def test_a_new_sku_begins_at_its_cost() -> None:
    low = replace(kept(), slug="low", skus=[replace(s, code=f"l-{s.code}", price_yen=10)
                                           for s in kept().skus])  # fmt: skip
    with pytest.raises(Faulty) as faulty:
        save(low, product_id=None, version=0, by=ONE, second=True)
    assert {fault.path[3] for fault in faulty.value.faults} == {"price_yen"}
    assert find_whole("low") is None


def test_who_asked_does_not_approve_and_may_take_it_back() -> None:
    change(price_yen=2_000)
    with pytest.raises(Refused, match="Somebody else"):
        take(ONE)
    decide(waiting()[0].wait.id, ONE, take=False, seen="")
    assert waiting() == []
    assert prices() == {(11_000, None, COST)}


def test_the_database_does_not_take_one_person_for_two() -> None:
    change(price_yen=2_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceWait.objects.update(state="taken", decided_by=ONE)


def test_what_was_not_seen_is_not_approved() -> None:
    change(price_yen=2_000)
    seen = waiting()[0].wait
    change(price_yen=1_000)
    with pytest.raises(Refused, match="changed meanwhile"):
        decide(seen.id, OTHER, take=True, seen=seen.at.isoformat())
    take()
    assert prices() == {(1_000, None, COST)}
    with pytest.raises(NotFound):
        decide(seen.id, OTHER, take=True, seen=seen.at.isoformat())


def test_another_price_of_ones_own_ends_what_waited() -> None:
    change(price_yen=2_000)
    change(price_yen=9_000)
    assert waiting() == []
    assert prices() == {(9_000, None, COST)}


def test_each_asks_for_themselves_and_approves_the_other() -> None:
    change(ONE, price_yen=2_000)
    change(OTHER, price_yen=1_500)
    with pytest.raises(Refused, match="Somebody else"):
        take(OTHER, n=1)
    take(ONE, n=1)
    assert prices() == {(1_500, None, COST)}


def test_what_breaks_a_rule_by_now_stays_and_says_so() -> None:
    change(price_yen=2_000, list_price_yen=2_500)
    change(OTHER, list_price_yen=12_000)
    assert {sku.list_price_yen for sku in kept().skus} == {12_000}
    take()  # the former price comes with the price it belongs to
    assert {(sku.price_yen, sku.list_price_yen) for sku in kept().skus} == {(2_000, 2_500)}


def test_who_goes_back_to_such_a_price_waits() -> None:
    change(price_yen=2_000, second=False)
    change(price_yen=9_000)
    found = find_whole("coat")
    assert found is not None
    low = next(step.version for step in history(found.id) if step.version == found.version - 1)
    go_back(found.id, low, version=found.version, by=ONE, second=True)
    assert prices() == {(9_000, None, COST)}
    take()
    assert prices() == {(2_000, None, COST)}


def test_colours_with_new_codes_are_the_same_skus() -> None:
    found = find_whole("coat")
    assert found is not None
    named = {colour.code: f"x{colour.code}" for colour in found.new.colours}
    new = replace(
        found.new,
        colours=[replace(c, code=named[c.code]) for c in found.new.colours],
        skus=[replace(s, colour=named[s.colour], price_yen=2_000) for s in found.new.skus],
    )
    save(
        new, product_id=found.id, version=found.version, by=ONE, second=True,
        renames=Renames(named, {}),
    )  # fmt: skip
    assert prices() == {(11_000, None, COST)}
    assert len(waiting()[0].rows) == len(new.skus)


def test_a_file_waits_as_the_form_does_and_a_repeat_asks_once() -> None:
    rows = "".join(f"{sku.code},2000\n" for sku in kept().skus)
    data = f"sku,price\n{rows}".encode()
    for _again in range(2):
        way = Import(by=ONE, second=True)
        list(way.apply(read(rows_of(io.BytesIO(data)), resolve), first_stock))
        assert [note.text for note in way.report.notes] == [
            f"Under cost: waits for a second person ({len(kept().skus)} SKUs)."
        ]
        assert way.report.changed == 0
    assert prices() == {(11_000, None, COST)}
    take()
    assert prices() == {(2_000, None, COST)}


def test_a_file_that_an_operator_brought_waits_too() -> None:
    set_two_persons(wanted=True, by=None)
    data = f"sku,price\n{kept().skus[0].code},2000\n".encode()
    run_id = begin(data, "prices.csv", rate=Decimal(1), by=ONE)
    (work,) = FOLLOWS[ASKED]
    work(run_id=run_id)
    confirm(run_id)
    work(run_id=run_id)
    assert find_run(run_id).state == "done"  # type: ignore[union-attr]
    assert prices() == {(11_000, None, COST)}
    assert [wait.wait.by for wait in waiting()] == [ONE]


def test_at_the_console(site: Site) -> None:
    """The form holds what is typed, the other takes it; the shop's page shows it then."""
    set_two_persons(wanted=True, by=None)
    asks, takes, looks = (operator(site, role) for role in ("merchandiser", "owner", "readonly"))
    address, prices_page = f"/s/{site.slug}/products/coat/", f"/s/{site.slug}/goods/prices/"
    found = find_whole("coat")
    assert found is not None
    given = fields_of(found.new, {}) | {"version": str(found.version), "brand": "B"}
    asked = given | {name: "2000" for name in given if re.fullmatch(r"cell-\d-\d-price", name)}
    assert asks.post(address, **asked).status_code == 302
    assert prices() == {(11_000, None, COST)}
    page = asks.get(address).content.decode()
    assert "Waits for somebody else." in page
    assert "Approve these prices" not in page
    (one,) = waiting()
    deed = f"{prices_page}{one.wait.id}/"
    seen = one.wait.at.isoformat()
    assert looks.post(deed, seen=seen).status_code == 403
    assert "Somebody else must approve" in asks.post(deed, seen=seen).content.decode()
    assert "Approve these prices" in takes.get(prices_page).content.decode()
    assert f'href="{prices_page}"' in takes.get(f"/s/{site.slug}/products/").content.decode()
    assert takes.post(deed, seen=seen).status_code == 302
    assert prices() == {(2_000, None, COST)}
    assert "Somebody has decided this already." in takes.post(deed, seen=seen).content.decode()
    shop = Visitor(site.hosts[0]).get("/items/coat/").content.decode()
    assert "¥2,000" in shop
    assert f"{COST:,}" not in shop

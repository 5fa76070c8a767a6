"""Early sales: who may buy when; and the forms of terms."""

import datetime as dt

import pytest

from lockstitch.catalogue.queries import find_product
from lockstitch.kernel.clock import now
from lockstitch.pricing import terms
from lockstitch.pricing.actions import remove_gate, set_gate, set_terms
from lockstitch.pricing.gates import Gate, may_buy, opening
from lockstitch.pricing.queries import charges, closed
from lockstitch.tenancy.queries import Site
from tests import world

AT = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def test_ranks_and_links_come_earlier() -> None:
    gate = Gate(AT, {"gold": AT - HOUR}, AT - 2 * HOUR)
    assert opening(gate) == AT
    assert opening(gate, rank="gold") == AT - HOUR
    assert opening(gate, rank="gold", has_link=True) == AT - 2 * HOUR
    assert not may_buy(gate, at=AT - HOUR)
    assert may_buy(gate, rank="gold", at=AT - HOUR)
    assert may_buy(gate, at=AT)
    assert may_buy(None, at=AT)
    assert opening(Gate(None)) is None
    assert not may_buy(Gate(None, {"gold": AT}), rank="silver", at=AT + HOUR)


def test_a_gate_closes_a_product_until_its_time(site: Site) -> None:
    world.new_product()
    view = find_product("shirt")
    assert view is not None
    product = view.product.id
    assert closed([product]) == {}
    opens = now() + HOUR
    token = set_gate(
        product, opens_at=opens, by_rank={"gold": now() - HOUR}, link_opens_at=now() - HOUR
    )
    assert closed([product]) == {product: opens}
    assert closed([product], rank="gold") == {}
    assert closed([product], links=[token]) == {}
    assert closed([product], links=["another"]) == {product: opens}
    assert set_gate(product, opens_at=None, by_rank={}, link_opens_at=now()) == ""
    assert closed([product]) == {product: None}
    assert closed([product], links=[token]) == {}
    remove_gate(product)
    assert closed([product]) == {}


def test_tables_as_they_are_typed() -> None:
    assert terms.rising_table("9999, 330\n\n99999、660") == [[9_999, 330], [99_999, 660]]
    assert terms.prefecture_table("青森県 岩手県, 880\n沖縄県,¥1650", PREFECTURES) == {
        "青森県": 880, "岩手県": 880, "沖縄県": 1_650,
    }  # fmt: skip
    assert terms.island_table("100, 1200") == {"100": 1_200}
    assert terms.wrapping_table("box, 330, 箱, Box")[0]["name"] == {"ja": "箱", "en": "Box"}
    assert terms.days("2027-01-02, 2027-01-01 2027-01-02") == ["2027-01-01", "2027-01-02"]
    assert terms.registration_number(" t1234567890123 ") == "T1234567890123"


PREFECTURES = ["青森県", "岩手県", "沖縄県"]


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (terms.rising_table, "99, 330\n9, 660"), (terms.rising_table, "9,-1"),
        (terms.rising_table, "9"), (terms.island_table, "1000, 5"),
        (terms.island_table, "１００,5"),
        (lambda text: terms.prefecture_table(text, PREFECTURES), "大阪, 5"),
        (terms.wrapping_table, "Box!, 5, 箱"), (terms.wrapping_table, "a,5,箱\na,6,袋"),
        (terms.days, "2027-02-30"), (terms.registration_number, "T12"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(read, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read(text)


def test_charges_of_a_sites_terms(site: Site) -> None:
    set_terms(
        shipping_by_prefecture={"沖縄県": 1_650}, weight_fees=[[1_000, 0], [5_000, 300]],
        islands={"100": 1_200}, wrappings=[{"key": "box", "yen": 330, "name": {}}],
    )  # fmt: skip
    found = charges()
    assert found.by_prefecture["沖縄県"] == 1_650
    assert found.wrapping == {"box": 330}
    assert list(found.weight_fees) == [(1_000, 0), (5_000, 300)]

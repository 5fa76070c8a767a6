"""Money: what is shown adds up to the yen, whatever is bought."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstitch.kernel.money import included_tax, shown
from lockstitch.pricing.rules import (
    Charges,
    Item,
    MethodRefused,
    cod_fee,
    missing_for_free_shipping,
    quote,
)

COD = [(9_999, 330), (29_999, 440), (99_999, 660)]
items = st.lists(
    st.builds(
        Item, st.integers(0, 200_000), st.integers(1, 20), st.sampled_from([1000, 800])
    ),
    min_size=1, max_size=12,
)  # fmt: skip
charges = st.builds(Charges, st.integers(0, 3_000), st.none() | st.integers(0, 50_000), st.just(()))


@given(items, charges)
def test_total_is_the_sum_of_its_parts(bought: list[Item], terms: Charges) -> None:
    made = quote(bought, terms, "bank")
    assert made.items_yen == sum(item.unit_price_yen * item.quantity for item in bought)
    assert made.total_yen == made.items_yen + made.shipping_yen + made.fee_yen
    assert made.fee_yen == 0


@given(items, charges, st.randoms())
def test_order_of_lines_does_not_matter(bought: list[Item], terms: Charges, random) -> None:
    shuffled = list(bought)
    random.shuffle(shuffled)
    assert quote(shuffled, terms, "bank") == quote(bought, terms, "bank")


@given(items, charges)
def test_tax_is_contained_and_rounded_once_a_rate(bought: list[Item], terms: Charges) -> None:
    made = quote(bought, terms, "bank")
    assert 0 <= made.tax_yen <= made.total_yen
    for rate, tax in made.taxes.items():
        base = sum(item.total_yen for item in bought if item.tax_rate_bp == rate)
        base += made.shipping_yen if rate == 1000 else 0
        exact = base * rate / (10_000 + rate)
        assert exact - 1 < tax <= exact


@given(items, st.integers(0, 3_000), st.integers(0, 100_000))
def test_shipping_is_free_from_the_limit_on(bought: list[Item], fee: int, limit: int) -> None:
    made = quote(bought, Charges(fee, limit), "bank")
    assert made.shipping_yen == (0 if made.items_yen >= limit else fee)
    assert missing_for_free_shipping(made.items_yen, limit) == max(0, limit - made.items_yen)


def test_known_figures() -> None:
    made = quote([Item(6_600, 1)], Charges(660, 11_000, COD), "cod")
    assert (made.shipping_yen, made.fee_yen, made.total_yen) == (660, 330, 7_590)
    assert made.taxes == {1000: 690}


def test_fee_follows_the_table() -> None:
    assert [cod_fee(yen, COD) for yen in (1, 9_999, 10_000, 99_999)] == [330, 330, 440, 660]
    with pytest.raises(MethodRefused):
        cod_fee(100_000, COD)


@given(st.integers(0, 10**9), st.integers(0, 10_000))
def test_included_tax_leaves_a_net_price_that_gives_it_back(total: int, rate: int) -> None:
    tax = included_tax(total, rate)
    net = total - tax
    assert net * rate // 10_000 <= tax + 1
    assert 0 <= tax <= total


def test_negative_money_is_a_fault() -> None:
    with pytest.raises(ValueError, match="negative"):
        included_tax(-1, 1000)


def test_yen_are_written_as_on_price_tags() -> None:
    assert (shown(0), shown(1_234_567), shown(-50)) == ("¥0", "¥1,234,567", "-¥50")

"""Money: what is shown adds up to the yen, whatever is bought."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstitch.kernel.money import included_tax, shown
from lockstitch.orders.rules import split_back, tax_given_up, tax_of, worth
from lockstitch.pricing.offers import Promotion, Scope
from lockstitch.pricing.rules import (
    Charges,
    Item,
    MethodRefused,
    Quote,
    To,
    cod_fee,
    missing_for_free_shipping,
    quote,
    rank_price,
)
from lockstitch.pricing.shares import shared

COD = [(9_999, 330), (29_999, 440), (99_999, 660)]
items = st.lists(
    st.builds(
        Item, st.integers(0, 200_000), st.integers(1, 20), st.sampled_from([1000, 800]),
        key=st.sampled_from("abcdefgh"), product=st.sampled_from("pqr"),
        categories=st.frozensets(st.sampled_from("xyz"), max_size=2), on_sale=st.booleans(),
        weight_g=st.integers(0, 3_000), destination=st.integers(1, 2),
    ),
    min_size=1, max_size=12,
)  # fmt: skip
scopes = st.builds(
    Scope, products=st.frozensets(st.sampled_from("pqr"), max_size=2),
    categories=st.frozensets(st.sampled_from("xyz"), max_size=1), excludes_sale=st.booleans(),
)  # fmt: skip
promotions = st.lists(
    st.builds(
        Promotion, id=st.uuids().map(str), name=st.just({}),
        kind=st.sampled_from(["amount", "rate", "shipping", "n_for", "quantity", "gift"]),
        yen=st.integers(0, 30_000), rate_bp=st.integers(0, 10_000), pieces=st.integers(1, 5),
        scope=scopes, from_yen=st.sampled_from([0, 5_000, 20_000]),
        from_pieces=st.integers(0, 4), exclusive=st.booleans(), coupon=st.booleans(),
        priority=st.integers(0, 2), gift_sku=st.just("gift"),
    ),
    max_size=5,
)  # fmt: skip
charges = st.builds(
    Charges, st.integers(0, 3_000), st.none() | st.integers(0, 50_000), st.just(()),
    by_prefecture=st.just({"沖縄県": 1_900}), weight_fees=st.just([(1_000, 100), (9_000, 400)]),
    islands=st.just({"907": 1_200}), free_measures_before=st.booleans(),
    wrapping=st.just({"box": 550}),
)  # fmt: skip
PLACES = (To(1, "沖縄県", "907", "box"), To(2, "東京都", "150"))


@given(items, charges, promotions, st.integers(0, 400_000))
def test_total_is_the_sum_of_its_parts(bought, terms, offers, points) -> None:
    made = quote(bought, terms, "bank", to=PLACES, promotions=offers, points=points)
    assert made.items_yen == sum(item.unit_price_yen * item.quantity for item in bought)
    charged = made.shipping_yen + made.wrapping_yen + made.fee_yen
    assert made.total_yen == sum(line.net_yen for line in made.lines) + charged
    assert made.total_yen == made.items_yen - made.discount_yen + charged
    assert made.points_yen + made.money_yen == made.total_yen
    assert made.points_yen == min(points, made.total_yen)
    assert all(0 <= line.discount_yen <= line.item.total_yen for line in made.lines)
    assert made.discount_yen == sum(each.saved_yen for each in made.explained)
    assert sorted(each.id for each in made.explained) == sorted(each.id for each in offers)


@given(items, charges, promotions, st.randoms())
def test_order_of_lines_does_not_matter(bought, terms, offers, random) -> None:
    def seen(made: Quote) -> object:
        lines = sorted((line.item.place, line.item.quantity, line.net_yen) for line in made.lines)
        return dataclasses.replace(made, lines=()), lines

    first = seen(quote(bought, terms, "bank", to=PLACES, promotions=offers))
    bought, offers, places = list(bought), list(offers), list(PLACES)
    for each in (bought, offers, places):
        random.shuffle(each)
    assert seen(quote(bought, terms, "bank", to=places, promotions=offers)) == first


@given(items, charges, promotions)
def test_tax_is_contained_and_rounded_once_a_rate(bought, terms, offers) -> None:
    made = quote(bought, terms, "bank", to=PLACES, promotions=offers)
    assert 0 <= made.tax_yen <= made.total_yen
    for rate, tax in made.taxes.items():
        base = sum(line.net_yen for line in made.lines if line.item.tax_rate_bp == rate)
        base += made.shipping_yen + made.wrapping_yen if rate == 1000 else 0
        exact = base * rate / (10_000 + rate)
        assert exact - 1 < tax <= exact


@given(items, promotions)
def test_an_exclusive_offer_is_alone_or_not_there(bought, offers) -> None:
    made = quote(bought, Charges(0, None), "bank", to=PLACES, promotions=offers)
    alone = {each.id for each in offers if each.exclusive}
    counted = [each for each in made.explained if not each.why]
    assert not {each.id for each in counted} & alone or len(counted) == 1


@given(st.integers(0, 3_000), st.integers(0, 100_000), items)
def test_shipping_is_free_from_the_limit_on(fee, limit, bought) -> None:
    here = [dataclasses.replace(item, destination=1) for item in bought]
    made = quote(here, Charges(fee, limit), "bank")
    assert made.shipping_yen == (0 if made.items_yen >= limit else fee)
    assert missing_for_free_shipping(made.items_yen, limit) == max(0, limit - made.items_yen)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=9), st.data())
def test_shares_sum_to_the_whole(weights: list[int], data) -> None:
    amount = data.draw(st.integers(0, sum(weights)))
    parts = shared(amount, weights, [(n,) for n in range(len(weights))])
    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@given(st.integers(0, 10**6), st.integers(1, 20), st.data())
def test_pieces_given_back_in_any_steps_sum_to_the_line(net: int, quantity: int, data) -> None:
    before, parts = 0, []
    while before < quantity:
        pieces = data.draw(st.integers(1, quantity - before))
        parts.append(worth(net, quantity, before=before, pieces=pieces))
        before += pieces
    assert sum(parts) == net
    assert all(part >= 0 for part in parts)
    with pytest.raises(ValueError, match="more pieces"):
        worth(net, quantity, before=before, pieces=1)


@given(st.dictionaries(st.sampled_from([1000, 800]), st.integers(0, 10**6), min_size=1), st.data())
def test_taxes_given_up_in_any_steps_sum_to_the_tax(bases: dict[int, int], data) -> None:
    given_up = dict.fromkeys(bases, 0)
    left = dict(bases)
    while any(left.values()):
        rate = data.draw(st.sampled_from([rate for rate, yen in left.items() if yen]))
        yen = data.draw(st.integers(max(1, left[rate] // 4), left[rate]))
        given_up[rate] += tax_given_up(left, {rate: yen}).get(rate, 0)
        left[rate] -= yen
    assert {rate: tax for rate, tax in given_up.items() if bases[rate]} == tax_of(bases)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_money_goes_back_before_points(yen: int, money: int) -> None:
    back = split_back(yen, money_left=money)
    assert back.total_yen == yen
    assert back.money == min(yen, money)


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


def _offer(kind: str, **values: object) -> Promotion:
    return Promotion(id=str(values.pop("id", kind)), name={}, kind=kind, **values)


TEES = [Item(3_300, 2, key="tee", product="tee"), Item(2_200, 1, key="sock", product="sock")]
FREE = Charges(0, None)


@pytest.mark.parametrize(
    ("offer", "off", "why"),
    [
        (_offer("amount", yen=1_000), 1_000, ""),
        (_offer("amount", yen=99_999), 8_800, ""),
        (_offer("rate", rate_bp=1_500), 1_320, ""),
        (_offer("rate", rate_bp=1_500, scope=Scope(frozenset({"sock"}))), 330, ""),
        (_offer("rate", rate_bp=1_500, scope=Scope(frozenset({"hat"}))), 0, "scope"),
        (_offer("rate", rate_bp=1_500, from_yen=8_801), 0, "minimum"),
        (_offer("quantity", rate_bp=1_000, pieces=3), 880, ""),
        (_offer("quantity", rate_bp=1_000, pieces=4), 0, "pieces"),
        (_offer("n_for", pieces=2, yen=5_500), 1_100, ""),  # the two dearest
        (_offer("n_for", pieces=2, yen=6_600), 0, "nothing"),
    ],
)
def test_each_kind_of_offer(offer: Promotion, off: int, why: str) -> None:
    made = quote(TEES, FREE, "bank", promotions=[offer])
    assert (made.discount_yen, made.explained[0].why) == (off, why)


def test_coupon_is_measured_on_what_campaigns_left() -> None:
    campaign, coupon = _offer("rate", rate_bp=5_000), _offer("amount", yen=1_000, coupon=True)
    made = quote(TEES, FREE, "bank", promotions=[coupon, campaign])
    assert made.total_yen == 8_800 - 4_400 - 1_000


def test_the_better_of_exclusive_and_combined_counts() -> None:
    small, great = _offer("amount", yen=500), _offer("rate", rate_bp=5_000, exclusive=True)
    made = quote(TEES, FREE, "bank", promotions=[small, great])
    assert made.discount_yen == 4_400
    assert {each.id: each.why for each in made.explained} == {"amount": "better", "rate": ""}


def test_points_pay_last_and_the_fee_is_for_what_is_collected() -> None:
    made = quote([Item(11_000, 1)], Charges(660, 11_000, COD), "cod", points=1_100)
    assert (made.fee_yen, made.points_yen, made.money_yen) == (330, 1_100, 10_230)
    assert made.tax_yen == (11_330 * 10) // 110  # points pay; they take nothing off the price
    assert quote([Item(11_000, 1)], Charges(0, None, COD), "cod", points=11_000).fee_yen == 0


def test_each_destination_has_its_charge() -> None:
    terms = Charges(
        660, 11_000, by_prefecture={"沖縄県": 1_900}, weight_fees=[(500, 0), (5_000, 300)],
        islands={"907": 1_000}, wrapping={"box": 550},
    )  # fmt: skip
    goods = [Item(12_000, 1, weight_g=400), Item(3_000, 2, weight_g=400, destination=2)]
    made = quote(goods, terms, "bank", to=[To(1, "東京都", "150"), To(2, "沖縄県", "907", "box")])
    assert (made.shipping_yen, made.wrapping_yen) == (1_900 + 300 + 1_000, 550)
    fetched = quote(goods[:1], Charges(660, None), "bank", to=[To(pickup=True)])
    assert fetched.shipping_yen == 0


def test_rank_price_drops_fractions_of_what_is_taken_off() -> None:
    assert [rank_price(yen, 500) for yen in (10_000, 999, 1)] == [9_500, 950, 1]

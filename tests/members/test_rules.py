"""Points for money, and ranks: pure."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from lockstitch.members.rules import (
    Bought,
    Extra,
    Step,
    months_after,
    points_for,
    progress,
    rank_of,
)  # fmt: skip

AT = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SHIRTS = frozenset({"shirts"})


def of(*lines: Bought, total: int, points: int = 0, **how) -> int:
    return points_for(list(lines), total_yen=total, points_yen=points, rate_bp=100, at=AT, **how)


def test_one_per_cent_of_the_goods_that_money_pays() -> None:
    assert of(Bought(10_000), total=10_660) == 100  # none for shipping
    assert of(Bought(10_000), total=10_660, points=5_330) == 50
    assert of(Bought(10_000), total=10_660, points=10_660) == 0
    assert of(Bought(99), total=759) == 0
    assert of(Bought(60), Bought(60), total=120) == 1  # rounded once, not a line
    assert of(total=0) == 0


def test_rank_and_campaign_add_up_and_products_bring_their_own() -> None:
    campaign = Extra(times_bp=30_000, starts_at=AT, ends_at=AT + DAY)
    assert of(Bought(10_000), total=10_000, rank_times_bp=20_000, extras=[campaign]) == 400
    over = Extra(times_bp=30_000, ends_at=AT)
    early = Extra(times_bp=30_000, starts_at=AT + DAY)
    assert of(Bought(10_000), total=10_000, extras=[over, early]) == 100
    shirts = Extra(add_bp=500, categories=SHIRTS)
    gold = Extra(add_bp=500, ranks={"gold"})
    two = [Bought(10_000, categories=SHIRTS), Bought(10_000)]
    assert of(*two, total=20_000, extras=[shirts, gold]) == 700
    assert of(*two, total=20_000, extras=[shirts, gold], rank="gold") == 1_700
    assert of(*two, total=20_000, extras=[Extra(times_bp=0)]) == 0  # no points at all


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=6), st.integers(0, 2_000), st.data())
def test_never_more_for_less_money_and_no_matter_in_which_order(
    nets: list[int], shipping: int, data: st.DataObject
) -> None:
    lines = [Bought(net, product=str(n)) for n, net in enumerate(nets)]
    total = sum(nets) + shipping
    paid = data.draw(st.integers(0, total))
    extra = [Extra(add_bp=300, products={"0", "2"})]
    got = of(*lines, total=total, points=paid, extras=extra)
    assert got == of(*lines[::-1], total=total, points=paid, extras=extra)
    assert 0 <= got <= of(*lines, total=total, extras=extra)


LADDER = [Step("plain", 0, 0), Step("silver", 1, 30_000), Step("gold", 2, 100_000)]


def test_the_next_step_and_what_is_missing() -> None:
    at = progress(87_700, LADDER, dt.date(2027, 3, 31))
    assert (at.current.code, at.following.code, at.missing) == ("silver", "gold", 12_300)
    top = progress(100_000, LADDER, dt.date(2027, 3, 31))
    assert (top.current.code, top.following, top.missing) == ("gold", None, 0)
    assert rank_of(5, []) is None


def test_months() -> None:
    assert months_after(dt.date(2026, 11, 30), 3) == dt.date(2027, 2, 28)
    assert months_after(dt.date(2027, 1, 31), -12) == dt.date(2026, 1, 31)
    assert months_after(dt.date(2026, 12, 1), 1) == dt.date(2027, 1, 1)

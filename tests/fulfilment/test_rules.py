"""A parcel's share of the money, and the days on which parcels leave and arrive."""

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstitch.fulfilment.calendar import (
    REGION_OF,
    Calendar,
    cut_off_left,
    earliest_delivery,
    is_holiday,
    ships_on,
    transit_days,
)
from lockstitch.fulfilment.queries import delivery_choices, first_day, may_wish
from lockstitch.fulfilment.rules import CARRIERS, SLOTS, Sent, parcel_money, slots_of
from lockstitch.kernel.clock import JST, today_jst
from lockstitch.orders.rules import split_back, worth
from lockstitch.tenancy.queries import Site

lines = st.lists(st.tuples(st.integers(0, 99_999), st.integers(1, 5)), min_size=1, max_size=4)
steps = st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(1, 3)), max_size=25)


@given(lines, st.integers(0, 3_000), st.integers(0, 200_000), steps)
def test_parcels_sum_to_the_yen(
    order: Sequence[tuple[int, int]], charges: int, points: int, history: Sequence
) -> None:
    """Ship and cancel in any order until nothing is open: what was taken is what it costs."""
    total = sum(net for net, _ in order) + charges
    points = min(points, total)
    money, taken = total - points, 0
    sent = [[0, 0] for _ in order]  # shipped, cancelled
    closing = [(True, number, 5) for number in range(len(order))]
    for ship, which, wanted in [*history, *closing]:
        number = which % len(order)
        net, quantity = order[number]
        shipped, cancelled = sent[number]
        pieces = min(wanted, quantity - shipped - cancelled)
        if not pieces:
            continue
        if ship:
            sent[number][0] += pieces
            now = [
                Sent(n, q, s, c) for (n, q), (s, c) in zip(order, sent, strict=True)
            ]  # fmt: skip
            part = parcel_money(money, now, taken)
            assert part >= 0
            taken += part
        else:
            yen = worth(net, quantity, before=cancelled, pieces=pieces)
            sent[number][1] += pieces
            money -= split_back(yen, money_left=money).money
        assert taken <= money
    if any(shipped for shipped, _ in sent):
        assert taken == money


def test_the_first_parcel_carries_the_charges() -> None:
    first = [Sent(3_000, 1, 1, 0), Sent(2_000, 1, 0, 0)]
    assert parcel_money(5_660, first, 0) == 3_660
    both = [Sent(3_000, 1, 1, 0), Sent(2_000, 1, 1, 0)]
    assert parcel_money(5_660, both, 3_660) == 2_000


def test_points_pay_for_the_first_goods() -> None:
    first = [Sent(3_000, 1, 1, 0), Sent(2_000, 1, 0, 0)]
    assert parcel_money(1_500, first, 0) == 0


@pytest.mark.parametrize("carrier", CARRIERS)
def test_only_a_carriers_own_slots_can_be_chosen(site: Site, carrier: str) -> None:
    for slot in SLOTS:
        assert may_wish(None, slot, "東京都", carrier) == (slot in slots_of(carrier))
    assert not may_wish(None, "9999", "東京都", carrier)


def test_a_day_can_be_wished_from_when_a_parcel_can_be_there(site: Site) -> None:
    near, far = delivery_choices("東京都"), delivery_choices("沖縄県")
    assert near[0] == max(first_day("東京都"), today_jst() + dt.timedelta(days=3))
    assert far[0] >= near[0]
    assert len(near) == 14
    assert may_wish(near[0], "", "東京都")
    assert not may_wish(near[0] - dt.timedelta(days=1), "", "東京都")
    assert not may_wish(near[-1] + dt.timedelta(days=1), "", "東京都")


SHOP = Calendar()
FIRST = dt.datetime(2026, 1, 1, tzinfo=JST)
moments = st.integers(0, 60 * 24 * 1_000).map(lambda n: FIRST + dt.timedelta(minutes=n))
shops = st.builds(
    Calendar,
    weekdays=st.sets(st.integers(0, 6), max_size=5).map(frozenset),
    days=st.sets(st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 1)), max_size=30).map(frozenset),
    on_holidays=st.booleans(), cut_off=st.times(), handling=st.integers(0, 4),
    origin=st.sampled_from(sorted(REGION_OF)),
)  # fmt: skip


@settings(deadline=None)
@given(moments, shops, st.sampled_from(sorted(REGION_OF)), st.sampled_from(sorted(CARRIERS)))
def test_days_of_any_shop(now: dt.datetime, shop: Calendar, prefecture: str, carrier: str) -> None:
    leaves = ships_on(now, shop)
    arrives = earliest_delivery(now, prefecture, carrier, shop)
    assert shop.works(leaves)
    assert leaves >= now.date()
    assert 1 <= (arrives - leaves).days <= 4
    later = now + dt.timedelta(hours=5)
    assert earliest_delivery(later, prefecture, carrier, shop) >= arrives
    left = cut_off_left(now, shop)
    assert (left is not None) == (leaves == now.date() and shop.handling == 0)


@pytest.mark.parametrize(("now", "leaves"), [
    ("2026-11-25T14:59", "2026-11-25"),  # a Wednesday, before the cut-off
    ("2026-11-25T15:01", "2026-11-26"),
    ("2026-11-20T16:00", "2026-11-24"),  # a Friday evening; Monday is 勤労感謝の日
    ("2026-05-01T20:00", "2026-05-07"),  # Golden Week, with 振替休日 on the sixth
])  # fmt: skip
def test_cut_off_and_holidays(now: str, leaves: str) -> None:
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=JST)
    assert ships_on(moment, SHOP) == dt.date.fromisoformat(leaves)


def test_holidays_are_the_states() -> None:
    assert is_holiday(dt.date(2026, 9, 22))  # 国民の休日, between two holidays
    assert not is_holiday(dt.date(2026, 12, 25))


def test_transit() -> None:
    assert transit_days("東京都", "大阪府") == 1
    assert transit_days("東京都", "北海道") == 2
    assert transit_days("東京都", "沖縄県") == 3
    assert transit_days("東京都", "沖縄県", {"沖縄県": 5}) == 5
    assert transit_days("北海道", "北海道") == 1


def test_a_shop_that_never_works_has_no_answer() -> None:
    with pytest.raises(ValueError, match="no day"):
        ships_on(dt.datetime(2026, 1, 1, tzinfo=JST), Calendar(weekdays=frozenset(range(7))))

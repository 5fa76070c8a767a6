"""Points: never negative, never twice, always the sum of their entries and of their lots."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.members import points
from lockstitch.members.queries import disagreements, point_history, points_of
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests.members.world import new_member

BY = UUID(int=7)


def test_pending_until_shipped_then_the_members(site: Site) -> None:
    member, order = new_member(), uuid4()
    points.promise(order, member, 120)
    assert (points_of(member).pending, points_of(member).balance) == (120, 0)
    assert points.settle(order, 50, reference="first parcel") == 50
    assert points.settle(order, 50, reference="first parcel") == 0
    assert points.settle(order, reference="last parcel") == 70
    assert (points_of(member).pending, points_of(member).balance) == (0, 120)
    assert disagreements() == []


def test_an_edit_replaces_what_is_pending(site: Site) -> None:
    member, order = new_member(), uuid4()
    points.promise(order, member, 120, reference="1")
    points.promise(order, member, 80, reference="2")
    assert points_of(member).pending == 80
    points.settle(order)
    points.promise(order, member, 10, reference="3")  # what is settled stays
    assert points_of(member).balance == 80


def test_what_was_spent_before_it_was_taken_back_is_owed(site: Site) -> None:
    member, order, other = new_member(), uuid4(), uuid4()
    points.promise(order, member, 100)
    points.settle(order)
    points.spend(member, 70, uuid4())
    assert points.reverse(order, reference="return") == 100
    assert (points_of(member).balance, points_of(member).owed) == (0, 70)
    points.promise(other, member, 90)
    points.settle(other)
    assert (points_of(member).balance, points_of(member).owed) == (20, 0)
    assert disagreements() == []


def test_no_more_is_taken_back_than_was_promised(site: Site) -> None:
    member, order = new_member(500), uuid4()
    points.promise(order, member, 100)
    points.settle(order, 40, reference="parcel")
    assert points.reverse(order, 70, reference="a") == 70  # 60 pending, 10 of the balance
    assert points.reverse(order, 70, reference="b") == 30
    assert points.reverse(order, 70, reference="c") == 0
    assert (points_of(member).balance, points_of(member).pending) == (500, 0)


def test_spending_is_first_in_first_out_and_comes_back_with_its_expiry(site: Site) -> None:
    today, member, order = today_jst(), new_member(), uuid4()
    soon, later = today + dt.timedelta(days=40), today + dt.timedelta(days=400)
    points.earn(member, 30, reference="later", expires_on=later)
    points.earn(member, 30, reference="soon", expires_on=soon)
    points.spend(member, 45, order)
    assert (points_of(member).next_expiry, points_of(member).expiring) == (later, 15)
    points.restore(order, 15, reference="part")
    assert points_of(member).expiring == 30  # the later ones come back first
    points.restore(order, reference="rest")
    assert (points_of(member).next_expiry, points_of(member).expiring) == (soon, 30)
    with pytest.raises(Refused):
        points.restore(order, 1, reference="more")
    assert disagreements() == []


def test_expired_points_are_gone_and_cannot_be_spent(site: Site) -> None:
    today, member = today_jst(), new_member()
    points.earn(member, 20, reference="new", expires_on=today)
    points.earn(member, 30, reference="old", expires_on=today - dt.timedelta(days=1))
    assert points_of(member).balance == 20
    with pytest.raises(points.NotEnoughPoints):
        points.spend(member, 21, uuid4())
    assert points.expire(today) == 30
    assert points.expire(today) == 0
    points.spend(member, 20, uuid4())
    assert points.expire(today + dt.timedelta(days=1)) == 0
    assert disagreements() == []


def test_an_operator_says_why_and_cannot_take_more_than_is_there(site: Site) -> None:
    member = new_member(10)
    for wrong in ({"points": 5, "reason": " "}, {"points": 0, "reason": "x"}):
        with pytest.raises(Refused):
            points.adjust(member, by=BY, reference="1", **wrong)
    with pytest.raises(points.NotEnoughPoints):
        points.adjust(member, -11, reason="mistake", by=BY, reference="1")
    points.adjust(member, -10, reason="mistake", by=BY, reference="1")
    points.adjust(member, -10, reason="mistake", by=BY, reference="1")
    assert points_of(member).balance == 0
    assert point_history(member).entries[0].reason == "mistake"


@pytest.mark.slow
def test_two_hundred_at_once_spend_exactly_what_is_there(site: Site) -> None:
    member, orders = new_member(1_000), [uuid4() for _ in range(100)]

    def buy(order: UUID) -> bool:
        try:
            with scope(site.id):
                points.spend(member, 15, order)
            return True
        except points.NotEnoughPoints:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as threads:
        # Each order asks twice, as a browser that lost the answer does.
        done = list(threads.map(buy, orders * 2))
    assert (
        len([1 for first, again in zip(done[:100], done[100:], strict=True) if first or again])
        == 66
    )
    assert points_of(member).balance == 1_000 - 66 * 15
    assert disagreements() == []


@pytest.mark.slow
def test_two_hundred_at_once_of_every_kind(site: Site) -> None:
    member, orders = new_member(300), [uuid4() for _ in range(40)]
    for order in orders:
        points.promise(order, member, 7)

    def do(number: int) -> None:
        order = orders[number % 40]
        try:
            with scope(site.id):
                [
                    lambda: points.settle(order), lambda: points.reverse(order, 3),
                    lambda: points.spend(member, 5, order),
                    lambda: points.restore(order, 5), points.expire,
                ][number // 40]()  # fmt: skip
        except Refused:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(do, range(200)))
    assert disagreements() == []


actions = st.lists(
    st.tuples(
        st.sampled_from(["promise", "settle", "reverse", "spend", "restore", "earn"]),
        st.integers(0, 2), st.integers(1, 60),
    ),
    max_size=20,
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(actions)
def test_any_history_keeps_the_books(site: Site, history: list[tuple[str, int, int]]) -> None:
    member, orders = new_member(50), [uuid4() for _ in range(3)]
    worth, spent, kept = 50, dict.fromkeys(orders, 0), dict.fromkeys(orders, 0)
    pending = dict.fromkeys(orders, 0)
    for step, (kind, which, amount) in enumerate(history):
        order, reference = orders[which], str(step)
        try:
            if kind == "promise":
                points.promise(order, member, amount, reference=reference)
                pending[order] += max(amount - pending[order] - kept[order], -pending[order])
            elif kind == "settle":
                given_now = points.settle(order, amount, reference=reference)
                assert given_now == min(amount, pending[order])
                pending[order] -= given_now
                kept[order] += given_now
                worth += given_now
            elif kind == "reverse":
                taken = points.reverse(order, amount, reference=reference)
                assert taken == min(amount, pending[order] + kept[order])
                from_pending = min(taken, pending[order])
                pending[order] -= from_pending
                kept[order] -= taken - from_pending
                worth -= taken - from_pending
            elif kind == "spend":
                points.spend(member, amount, order, reference=reference)
                spent[order] += amount
                worth -= amount
            elif kind == "restore":
                points.restore(order, amount, reference=reference)
                spent[order] -= amount
                worth += amount
            else:
                points.earn(member, amount, reference=reference)
                worth += amount
        except Refused:
            assert kind in ("spend", "restore")
    now = points_of(member)
    assert (now.balance - now.owed, now.pending) == (worth, sum(pending.values()))
    assert disagreements() == []

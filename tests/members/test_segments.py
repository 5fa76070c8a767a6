"""Segments and ranks: by what was bought, counted in the database."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lockstitch.catalogue.queries import Category, find_product
from lockstitch.crm.queries import members_in, size
from lockstitch.crm.ranking import reckon, standing, window
from lockstitch.crm.rules import Criteria, Malformed, criteria
from lockstitch.kernel.clock import now, today_jst
from lockstitch.members import actions
from lockstitch.members.favourites import Owner, like
from lockstitch.members.models import RankChange
from lockstitch.members.queries import Member, find_member
from lockstitch.orders.models import Order
from lockstitch.tenancy.queries import Site
from tests import world
from tests.members.world import new_member

DAY = dt.timedelta(days=1)


def buy(member: UUID, sku: UUID, *, pieces: int = 1, days_ago: int = 0, sent: bool = True) -> Order:
    """An order that the member placed so many days ago, and that was sent."""
    order = world.placed_order({sku: pieces})
    states = {"fulfilment": "shipped", "payment": "captured", "status": "completed"}
    Order.objects.filter(id=order.id).update(
        member_id=member, placed_at=now() - days_ago * DAY, **(states if sent else {})
    )
    return order


def found(**asked) -> set[UUID]:
    return {row.id for row in members_in(criteria(asked))}


def test_by_orders_and_spend(site: Site) -> None:
    sku = world.new_product(stock=50)[0]  # ¥4,400
    none, one, three = new_member(), new_member(), new_member()
    buy(one, sku, pieces=2, days_ago=100)
    for days in (200, 50, 1):
        buy(three, sku, days_ago=days)
    cancelled = world.placed_order({sku: 1})
    Order.objects.filter(id=cancelled.id).update(member_id=none, status="cancelled")
    assert found() == {none, one, three}
    assert found(orders_min=1) == {one, three}
    assert found(orders_max=0) == {none}
    assert found(orders_max=1) == {none, one}
    assert found(spend_min=8_800) == {one, three}
    assert found(spend_min=8_801) == {three}
    assert found(spend_min=8_800, days=60) == {three}
    assert found(quiet_days=60) == {one}
    assert found(quiet_days=150) == set()


def test_by_goods_region_rank_points_and_favourites(site: Site) -> None:
    small, large, *_rest = world.new_product(stock=50)
    other = world.new_product(slug="hat")[0]
    a, b = new_member(500), new_member()
    buy(a, small)
    buy(b, other)
    sizes = dict(connection_sizes())
    Member.objects.filter(id=a).update(prefecture="沖縄県")
    assert found(products=["shirt"]) == {a}
    assert found(products=["shirt"], sizes=[sizes[small]]) == {a}
    assert found(products=["shirt"], sizes=[sizes[large]]) == set()
    assert found(categories=[Category.objects.get().slug]) == {a, b}
    assert found(brands=["nobody"]) == set()
    assert found(prefectures=["沖縄県", "東京都"]) == {a}
    assert found(points_min=500) == {a}
    assert found(points_expire_days=30) == set()
    assert found(points_expire_days=400) == {a}
    view = find_product("hat")
    assert view is not None
    like(Owner(b), view.product.id)
    assert found(favourites=["hat"]) == {b}
    actions.set_birth_month(b, 3)
    assert found(birth_months=[3]) == {b}


def connection_sizes() -> list[tuple[UUID, str]]:
    from lockstitch.catalogue.queries import Sku

    return [(sku.id, sku.size.label) for sku in Sku.objects.select_related("size")]


def test_only_who_said_yes_and_can_be_written_to_is_written_to(site: Site) -> None:
    yes, no, changed, back, gone = (new_member() for _ in range(5))
    for member in (yes, changed, back, gone):
        actions.keep_member(member_id=member, hint="＊", profile_id=uuid4())
        actions.consent(member, {"news": True}, source="account")
    actions.consent(changed, {"news": False}, source="letter")
    Member.objects.filter(id=back).update(unmailable_at=now())
    actions.close(gone)
    assert (size(Criteria()).members, size(Criteria()).mailable) == (4, 1)
    assert found(consent="news") == {yes, back}
    assert no not in found(consent="news")


def test_a_segment_is_one_query_whatever_it_asks(site: Site) -> None:
    wanted = Criteria(
        days=90, orders_min=1, spend_min=1, products=["shirt"], sizes=["M"], brands=["b"],
        ranks=["gold"], favourites=["hat"], points_expire_days=3, consent="news",
    )  # fmt: skip
    with CaptureQueriesContext(
        connection,
    ) as queries:
        members_in(wanted).count()
    assert len(queries) == 1


def test_nonsense_is_no_segment() -> None:
    for wrong in ({"x": 1}, {"days": "1"}, {"days": -1}, {"ranks": "gold"}):
        with pytest.raises(Malformed):
            criteria(wrong)


LADDER = [
    {"code": "plain", "name": {}, "threshold": 0, "rate_bp": 0, "times_bp": 10_000},
    {"code": "silver", "name": {}, "threshold": 8_000, "rate_bp": 0, "times_bp": 10_000},
    {"code": "gold", "name": {}, "threshold": 20_000, "rate_bp": 500, "times_bp": 20_000},
]


def rank(member: UUID) -> str:
    kept = find_member(member)
    assert kept is not None
    return kept.rank.code if kept.rank else ""


def test_ranks_by_spend_in_the_window_and_why(site: Site) -> None:
    sku = world.new_product(stock=50)[0]
    actions.save_programme(rank_window_months=12)
    actions.save_ranks(LADDER)
    none, silver, past = new_member(), new_member(), new_member()
    first = buy(silver, sku, days_ago=30)
    buy(silver, sku)
    buy(silver, sku, sent=False)  # not sent: does not count yet
    buy(past, sku, pieces=9, days_ago=400)
    assert reckon() == 3
    assert reckon() == 0
    assert (rank(none), rank(silver), rank(past)) == ("plain", "silver", "plain")
    change = RankChange.objects.get(member_id=silver)
    assert (change.was, change.became, change.measure) == ("", "silver", 8_800)
    at = standing(silver)
    assert at is not None
    assert (at.progress.missing, at.following.code) == (20_000 - 8_800, "gold")
    assert window(at.progress.deadline).since <= today_jst() - 30 * DAY
    assert window(at.progress.deadline + DAY).since > today_jst() - 30 * DAY
    Order.objects.filter(id=first.id).update(reduced_yen=4_400, money_back_yen=4_400)  # given back
    assert reckon() == 1
    assert rank(silver) == "plain"


def test_ranks_by_count(site: Site) -> None:
    sku = world.new_product(stock=50)[0]
    actions.save_programme(rank_by="count")
    actions.save_ranks([LADDER[0], {**LADDER[1], "threshold": 2}])
    one, two = new_member(), new_member()
    buy(one, sku, pieces=5)
    buy(two, sku)
    buy(two, sku)
    reckon()
    assert (rank(one), rank(two)) == ("plain", "silver")
    assert reckon(today_jst() + 800 * DAY) == 1
    assert rank(two) == "plain"


def test_without_ranks_nothing_is_reckoned(site: Site) -> None:
    member = new_member()
    assert reckon() == 0
    assert standing(member) is None

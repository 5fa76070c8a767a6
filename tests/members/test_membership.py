"""What members keep here, and what is left when they go."""

from uuid import uuid4

import pytest

from lockstitch.catalogue.queries import find_product
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.members import actions
from lockstitch.members.favourites import MAX, Owner, is_liked, like, liked, take_over, unlike
from lockstitch.members.models import Consent, Favourite
from lockstitch.members.queries import (
    Member,
    consents_of,
    disagreements,
    find_member,
    garments_of,
    list_members,
    points_of,
    promised_points,
    ranks,
)  # fmt: skip
from lockstitch.members.rules import Bought
from lockstitch.tenancy.queries import Site
from tests import world
from tests.members.world import new_member


def product(slug: str):
    world.new_product(slug=slug)
    view = find_product(slug)
    assert view is not None
    return view.product.id


def test_welcome_points_come_once(site: Site) -> None:
    actions.save_programme(welcome_points=300, rate_bp=100)
    member, profile = uuid4(), uuid4()
    assert actions.keep_member(member_id=member, hint="山＊ ＊＊", profile_id=profile)
    assert not actions.keep_member(member_id=member, hint="川＊ ＊＊")
    assert points_of(member).balance == 300
    kept = find_member(member)
    assert kept is not None
    assert (kept.hint, kept.profile_id) == ("川＊ ＊＊", profile)


def test_a_consent_is_written_down_when_it_changes(site: Site) -> None:
    member = new_member()
    assert actions.consent(member, {"news": False}, source="account") == 0  # no is where one starts
    assert actions.consent(member, {"news": True, "other": True}, source="account") == 1
    assert actions.consent(member, {"news": True}, source="account") == 0
    assert actions.consent(member, {"news": False}, source="letter") == 1
    assert consents_of(member) == {"news": False}
    assert [row.source for row in Consent.objects.order_by("at")] == ["account", "letter"]


def test_a_browsers_favourites_become_the_members(site: Site) -> None:
    one, two, member, browser = product("one"), product("two"), new_member(), Owner(token="t")
    like(browser, one, price_yen=9_900)
    like(browser, one)
    like(Owner(member), one)
    like(browser, two)
    like(Owner(token="another"), two)
    take_over("t", member)
    assert {each.card.product.id for each in liked(Owner(member))} == {one, two}
    assert liked(browser) == liked(Owner()) == []
    assert is_liked(Owner(token="another"), two)
    unlike(Owner(member), one)
    assert not is_liked(Owner(member), one)


def test_what_became_cheaper_says_so_and_the_oldest_goes(site: Site) -> None:
    one, owner = product("one"), Owner(new_member())
    like(owner, one, price_yen=9_900)
    assert [each.fell_yen for each in liked(owner)] == [5_500]
    for number in range(3):
        like(owner, product(f"more-{number}"))
    assert Favourite.objects.count() == 4 <= MAX


def test_garments_are_measured_in_centimetres(site: Site) -> None:
    member = new_member()
    actions.keep_garment(
        member, name="Shirt", kind="top", size="M", measures={"chest": "52.54", "x": "1"}
    )
    assert garments_of(member)[0].measures == {"chest": 52.5}
    for wrong in ({"chest": "0"}, {"chest": "wide"}, {"chest": "nan"}, {}):
        with pytest.raises(Refused):
            actions.keep_garment(member, name="Shirt", kind="top", size="", measures=wrong)
    actions.forget_garment(uuid4(), garments_of(member)[0].id)
    assert len(garments_of(member)) == 1
    actions.forget_garment(member, garments_of(member)[0].id)
    assert garments_of(member) == []


def test_leaving_takes_all_but_the_fact(site: Site) -> None:
    member = new_member(500)
    actions.set_birth_month(member, 5)
    actions.consent(member, {"news": True}, source="account")
    like(Owner(member), product("one"))
    actions.close(member)
    actions.close(member)
    kept = find_member(member)
    assert kept is not None
    assert kept.closed_at
    assert (kept.hint, kept.birth_month, kept.profile_id) == ("＊", None, None)
    assert points_of(member).balance == 0
    assert consents_of(member) == {"news": False}
    assert Favourite.objects.count() == 0
    assert disagreements() == []
    with pytest.raises(NotFound):
        actions.close(uuid4())


LADDER = [
    {"code": "plain", "name": {"en": "Plain"}, "threshold": 0, "rate_bp": 0, "times_bp": 10_000},
    {"code": "gold", "name": {"en": "Gold"}, "threshold": 9, "rate_bp": 500, "times_bp": 20_000},
]


def test_a_ladder_is_written_as_a_whole(site: Site) -> None:
    actions.save_ranks(LADDER)
    member = new_member()
    Member.objects.filter(id=member).update(rank=ranks()[1])
    actions.save_ranks([{**LADDER[1], "threshold": 0}, {**LADDER[0], "threshold": 9}])
    assert [(rank.code, rank.level) for rank in ranks()] == [("gold", 0), ("plain", 1)]
    actions.save_ranks([LADDER[0]])
    kept = find_member(member)
    assert kept is not None
    assert kept.rank is None
    for wrong in (
        [LADDER[0], LADDER[0]],
        LADDER[::-1],
        [LADDER[0], {**LADDER[1], "code": "plain"}],
    ):
        with pytest.raises(Refused):
            actions.save_ranks(wrong)


def test_promised_points_follow_the_programme(site: Site) -> None:
    actions.save_ranks(LADDER)
    goods = [Bought(10_000, product="p")]
    assert promised_points(goods, total_yen=10_000, points_yen=0, rank=None) == 0
    actions.save_programme(rate_bp=100)
    actions.save_point_rule(None, name={"en": "p"}, add_bp=300, products=["p"])
    actions.save_point_rule(None, name={"en": "off"}, add_bp=300, active=False)
    assert promised_points(goods, total_yen=10_000, points_yen=0, rank=None) == 400
    assert promised_points(goods, total_yen=10_000, points_yen=0, rank=ranks()[1]) == 500


def test_birthdays_once_a_year(site: Site) -> None:
    from lockstitch.kernel.clock import today_jst

    member, other = new_member(), new_member()
    actions.save_programme(birthday_points=500)
    actions.set_birth_month(member, today_jst().month)
    actions.set_birth_month(other, today_jst().month % 12 + 1)
    for _ in range(2):
        actions.give_birthday_points()
    assert (points_of(member).balance, points_of(other).balance) == (500, 0)
    with pytest.raises(Refused):
        actions.set_birth_month(member, 13)


def test_members_page_by_page(site: Site) -> None:
    made = [new_member() for _ in range(5)]
    first = list_members(limit=3)
    last = list_members(limit=3, after=first.next)
    assert [row.id for row in first.members + last.members] == made[::-1]
    assert last.next == ""

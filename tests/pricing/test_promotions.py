"""Coupons: no limit is passed by anybody, however many try at once."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction

from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.pricing import actions
from lockstitch.pricing.actions import CouponRefused, give_back_coupons, use_coupons
from lockstitch.pricing.queries import (
    Coupon,
    Who,
    coupons,
    coupons_of,
    find_coupon,
    promotions,
)  # fmt: skip
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope

DAY = dt.timedelta(days=1)


def new_coupon(code: str = "SALE10", **limits: Any) -> Coupon:
    of = actions.save_promotion(
        None, name={"ja": "1割引", "en": "10 % off"}, kind="rate", rate_bp=1_000
    )
    return actions.save_coupon(of.id, code, **limits)


def at_once(site: Site, deeds: list[Callable[[], object]]) -> int:
    """How many of them were not refused."""

    def one(deed: Callable[[], object]) -> bool:
        try:
            with scope(site.id):
                deed()
            return True
        except Refused:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as threads:
        return sum(threads.map(one, deeds))


def test_a_code_is_found_however_it_is_typed(site: Site) -> None:
    coupon = new_coupon("sale10")
    for typed in ("SALE10", "ｓａｌｅ１０", " Sale 10 "):
        assert find_coupon(typed) == coupon
        assert [offer.id for offer in coupons([typed]).offers] == ["SALE10"]
    assert coupons(["SALE11", ""]).problems == {"SALE11": "We do not know this code."}


def test_the_total_limit_is_exact_for_a_hundred_at_once(site: Site) -> None:
    coupon = new_coupon(total_limit=7)
    orders = [uuid4() for _ in range(50)]
    deeds = [lambda order=order: use_coupons(order, ["SALE10"], Who()) for order in orders]
    at_once(site, deeds * 2)
    coupon.refresh_from_db()
    assert coupon.used == 7
    assert coupon.uses.count() == 7


def test_a_members_limit_is_exact(site: Site) -> None:
    new_coupon(member_limit=2)
    one, other = Who(uuid4()), Who(uuid4())
    deeds = [lambda who=who: use_coupons(uuid4(), ["SALE10"], who) for who in (one, other) * 12]
    assert at_once(site, deeds) == 4
    assert coupons(["SALE10"], one).problems == {"SALE10": "You have used this coupon already."}
    assert "sign in" in coupons(["SALE10"]).problems["SALE10"]


def test_a_first_order_is_one_order(site: Site) -> None:
    new_coupon(first_order=True)
    who = Who(uuid4(), is_first=True)
    assert at_once(site, [lambda: use_coupons(uuid4(), ["SALE10"], who)] * 8) == 1
    with pytest.raises(CouponRefused):
        use_coupons(uuid4(), ["SALE10"], Who(uuid4(), is_first=False))


def test_the_same_order_uses_it_once_and_gives_it_back_once(site: Site) -> None:
    coupon, who, order = new_coupon(total_limit=1, member_limit=1), Who(uuid4()), uuid4()
    use_coupons(order, ["SALE10", "sale10"], who)
    use_coupons(order, ["SALE10"], who)
    with pytest.raises(CouponRefused):
        use_coupons(uuid4(), ["SALE10"], who)
    assert at_once(site, [lambda: give_back_coupons(order)] * 6) == 6
    coupon.refresh_from_db()
    assert coupon.used == 0
    use_coupons(order, ["SALE10"], who)  # the edit of an order
    assert give_back_coupons(order) == 1
    use_coupons(uuid4(), ["SALE10"], who)


def test_two_codes_or_none(site: Site) -> None:
    first, last = new_coupon("AAA1"), new_coupon("ZZZ1", total_limit=0)
    with pytest.raises(CouponRefused) as refused:
        use_coupons(uuid4(), ["AAA1", "ZZZ1"], Who())
    assert refused.value.code == "ZZZ1"
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.used, last.used) == (0, 0)


def test_granted_coupons_are_in_the_members_hands_only(site: Site) -> None:
    coupon, member = new_coupon(granted_only=True), uuid4()
    assert actions.grant_coupon(coupon.id, [member], times=2, expires_at=now() + DAY) == 1
    assert actions.grant_coupon(coupon.id, [member]) == 0
    assert [(held.coupon.code, held.left) for held in coupons_of(member)] == [("SALE10", 2)]
    assert coupons(["SALE10"], Who(uuid4())).problems == {"SALE10": "This coupon is not for you."}
    for _ in range(2):
        use_coupons(uuid4(), ["SALE10"], Who(member))
    assert coupons_of(member) == []
    expired = coupons(["SALE10"], Who(member), at=now() + 2 * DAY)
    assert expired.problems == {"SALE10": "This coupon has expired."}


def test_the_database_refuses_one_too_many(site: Site) -> None:
    coupon, who = new_coupon(total_limit=1, member_limit=1), Who(uuid4())
    use_coupons(uuid4(), ["SALE10"], who)
    for table in ("pricing_coupon SET used = 2", "pricing_coupongrant SET used = 2"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} WHERE site_id = %s", [site.id])
    with pytest.raises(Refused, match="used more often"):
        actions.save_coupon(coupon.promotion_id, "SALE10", total_limit=0)


def test_what_runs_for_whom_and_when(site: Site) -> None:
    def add(name: str, **values: Any) -> UUID:
        made = actions.save_promotion(None, name={"en": name}, kind="amount", yen=100, **values)
        return made.id

    add("all")
    add("over", ends_at=now() - DAY)
    add("early", starts_at=now() + DAY)
    add("off", active=False)
    add("members", members_only=True)
    add("gold", ranks=["gold"])
    add("by code", needs_coupon=True)

    def names(who: Who, at: dt.datetime | None = None) -> set[str]:
        return {offer.name["en"] for offer in promotions(who, at=at)}

    assert names(Who()) == {"all"}
    assert names(Who(uuid4())) == {"all", "members"}
    assert names(Who(uuid4(), "gold")) == {"all", "members", "gold"}
    assert names(Who(), now() + 2 * DAY) == {"all", "early"}


def test_an_offer_has_what_its_kind_needs(site: Site) -> None:
    for wrong in (
        {"kind": "rate"}, {"kind": "n_for", "yen": 100, "pieces": 1}, {"kind": "gift"},
        {"kind": "other"}, {"kind": "rate", "rate_bp": 10_001},
        {"kind": "amount", "yen": 1, "starts_at": now(), "ends_at": now() - DAY},
    ):  # fmt: skip
        with pytest.raises(Refused):
            actions.save_promotion(None, name={"en": "x"}, **wrong)

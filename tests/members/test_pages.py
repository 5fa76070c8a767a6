"""The pages of members and operators, asked in-process: they answer, keep what was typed, and say
no in words."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from lockstitch.access.actions import begin_handover, list_operator
from lockstitch.catalogue.queries import find_product
from lockstitch.crm.queries import campaigns, segments
from lockstitch.kernel.clock import now
from lockstitch.mailing.queries import written
from lockstitch.members import actions as members
from lockstitch.members.favourites import Owner, is_liked
from lockstitch.members.queries import Member, consents_of, points_of, programme, ranks
from lockstitch.pricing.actions import set_gate
from lockstitch.pricing.queries import all_promotions, closed, find_coupon, terms
from lockstitch.tenancy.queries import Site
from tests import world
from tests.members.world import new_member


class Visitor:
    """A browser at one host. Asks in English."""

    def __init__(self, host: str) -> None:
        self.client, self.host = Client(), host

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(path, query, HTTP_HOST=self.host, HTTP_ACCEPT_LANGUAGE="en")

    def post(self, path: str, **data: str) -> Any:
        return self.client.post(path, data, HTTP_HOST=self.host, HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture(autouse=True)
def plain_files() -> Iterator[None]:
    """Static files by their own names: nothing was collected for a test."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture
def shopper(site: Site) -> Visitor:
    return Visitor(site.hosts[0])


def sign_in(visitor: Visitor, member: UUID) -> None:
    code = begin_handover(
        host=visitor.host, kind="member", principal_id=member, session_id=world.guard_session()
    )
    assert visitor.get("/session/", code=code, next="/").status_code == 302


def operator(site: Site, role: str) -> Visitor:
    visitor, key = Visitor("console.localhost"), uuid4()
    list_operator(
        operator_id=key, company_id=site.company_id, handle=role, role=role, site_ids=[site.id]
    )
    code = begin_handover(
        host="console.localhost", kind="operator", principal_id=key,
        session_id=world.guard_session(),
    )  # fmt: skip
    visitor.get("/session/", code=code)
    return visitor


def test_what_the_guard_ends_is_ended_at_shop_and_console(site: Site, shopper: Visitor) -> None:
    sign_in(shopper, new_member(0))
    owner = operator(site, "owner")
    assert shopper.get("/account/").status_code == owner.get("/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("UPDATE guard.session SET ended_at = now()")
    for visitor, path in ((shopper, "/account/"), (owner, "/")):
        answer = visitor.get(path)
        assert answer.status_code == 302
        assert "/sign-in/" in answer["Location"]


def test_my_page_shows_points_rank_and_coupons(site: Site, shopper: Visitor) -> None:
    member = new_member(1_234)
    members.save_ranks(
        [
            {"code": "plain", "name": {"en": "Plain"}, "threshold": 0},
            {"code": "gold", "name": {"en": "Gold"}, "threshold": 50_000},
        ]
    )
    assert shopper.get("/account/").status_code == 302
    sign_in(shopper, member)
    page = shopper.get("/account/").content.decode()
    assert "1234" in page
    assert "¥50,000 more by" in page
    assert "Gold" in page
    assert "1234" in shopper.get("/account/points/").content.decode()


def test_favourites_follow_the_browser_into_the_membership(site: Site, shopper: Visitor) -> None:
    world.new_product(slug="coat")
    view = find_product("coat")
    assert view is not None
    assert shopper.post("/favourites/set/", product="coat").status_code == 302
    assert "シャツ" in shopper.get("/favourites/").content.decode() or "Shirt" in (
        shopper.get("/favourites/").content.decode()
    )
    assert "One of your favourites" in shopper.get("/items/coat/").content.decode()
    member = new_member()
    sign_in(shopper, member)
    assert is_liked(Owner(member), view.product.id)
    shopper.post("/favourites/set/", product="coat", out="1", list="1")
    assert not is_liked(Owner(member), view.product.id)
    assert shopper.post("/favourites/set/", product="nothing").status_code == 404


def test_sizes_and_letters_are_kept(site: Site, shopper: Visitor) -> None:
    member = new_member()
    sign_in(shopper, member)
    assert shopper.post("/account/sizes/", kind="top", name="Tee", chest="52").status_code == 302
    assert "52.0 cm" in shopper.get("/account/sizes/").content.decode()
    wrong = shopper.post("/account/sizes/", kind="top", name="Tee", chest="wide")
    assert wrong.status_code == 422
    assert 'value="wide"' in wrong.content.decode()
    shopper.post("/account/letters/", news="1", month="5")
    assert consents_of(member) == {"news": True}
    assert Member.objects.get(id=member).birth_month == 5
    assert shopper.post("/account/letters/", month="13").status_code == 422


def test_one_click_ends_letters_and_a_look_does_not(site: Site, shopper: Visitor) -> None:
    member = new_member()
    members.consent(member, {"news": True}, source="account")
    path = f"/unsubscribe/news/{Member.objects.get(id=member).mail_key}/"
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(path, HTTP_HOST=shopper.host).status_code == 200
    assert consents_of(member) == {"news": True}
    pressed = strict.post(path, {"List-Unsubscribe": "One-Click"}, HTTP_HOST=shopper.host)
    assert pressed.status_code == 200
    assert consents_of(member) == {"news": False}
    assert strict.get(f"/unsubscribe/news/{uuid4()}/", HTTP_HOST=shopper.host).status_code == 404


def test_an_early_sale_says_when_it_opens(site: Site, shopper: Visitor) -> None:
    world.new_product(slug="early")
    view = find_product("early")
    assert view is not None
    token = set_gate(view.product.id, opens_at=None, by_rank={}, link_opens_at=now())
    assert "Only for invited members" in shopper.get("/items/early/").content.decode()
    assert "Add to cart" in shopper.get("/items/early/", early=token).content.decode()
    assert "Add to cart" in shopper.get("/items/early/").content.decode()  # remembered


def test_an_operator_corrects_points_once(site: Site) -> None:
    member, owner = new_member(100), operator(site, "owner")
    path = f"/s/{site.slug}/members/{member}/"
    assert "100" in owner.get(path).content.decode()
    data = {"points": "-30", "reason": "twice given", "once": "a"}
    for _ in range(2):
        assert owner.post(f"{path}points/", **data).status_code == 302
    assert points_of(member).balance == 70
    for wrong in ({"points": "x"}, {"points": "-500"}, {"points": "5", "reason": " "}):
        assert owner.post(f"{path}points/", **{**data, "once": "b", **wrong}).status_code == 422
    assert operator(site, "readonly").post(f"{path}points/", **data).status_code == 403
    assert operator(site, "merchandiser").get(path).status_code == 403
    assert owner.get(f"/s/{site.slug}/members/").status_code == 200
    assert owner.get(f"/s/{site.slug}/members/{uuid4()}/").status_code == 404


RULES = {
    "per_cent": "1.5", "points_live_months": "12", "rank_by": "spend", "rank_window_months": "12",
    "welcome_points": "100", "birthday_points": "0",
    "ladder": "plain, 0, 0, 1, 一般, Plain\ngold, 50000, 5, 2, ゴールド, Gold",
}  # fmt: skip


def test_points_and_ranks_are_set(site: Site) -> None:
    owner, path = operator(site, "owner"), f"/s/{site.slug}/members/rules/"
    assert owner.post(path, **RULES).status_code == 302
    assert programme().rate_bp == 150
    assert [(r.code, r.rate_bp, r.times_bp) for r in ranks()] == [
        ("plain", 0, 10_000), ("gold", 500, 20_000),
    ]  # fmt: skip
    assert "gold, 50000, 5, 2, ゴールド, Gold" in owner.get(path).content.decode()
    wrong = owner.post(path, **{**RULES, "ladder": "gold, lots, 5, 2, ゴールド"})
    assert wrong.status_code == 422
    rule = {"name_ja": "倍", "times": "2", "starts_at": "2026-12-01T00:00"}
    assert owner.post(path, **rule).status_code == 302
    assert operator(site, "support").post(path, **RULES).status_code == 200  # shown, not saved


OFFER = {"name_ja": "冬の1割引", "name_en": "Winter", "kind": "rate", "per_cent": "10",
         "products": "shirt", "active": "on"}  # fmt: skip


def test_an_offer_is_made_coded_and_tried(site: Site) -> None:
    world.new_product()
    owner, base = operator(site, "merchandiser"), f"/s/{site.slug}/offers/"
    assert owner.post(f"{base}new/", **OFFER).status_code == 302
    (offer,) = all_promotions()
    assert (offer.rate_bp, len(offer.products)) == (1_000, 1)
    page = owner.get(f"{base}{offer.id}/").content.decode()
    assert 'value="冬の1割引"' in page
    assert "shirt" in page
    assert "Winter" in Visitor(site.hosts[0]).get("/items/shirt/").content.decode()
    code = {"code": "winter10", "total_limit": "5"}
    assert owner.post(f"{base}{offer.id}/codes/", **code).status_code == 302
    assert find_coupon("WINTER10") is not None
    tried = owner.post(f"{base}try/", pieces="shirt-white-S 2", codes="winter10, nothing")
    text = tried.content.decode()
    assert "−¥880" in text
    assert "We do not know this code." in text
    assert owner.post(f"{base}try/", pieces="none").status_code == 422
    assert owner.post(f"{base}new/", **{**OFFER, "products": "nix"}).status_code == 422
    assert owner.post(f"{base}new/", **{**OFFER, "per_cent": ""}).status_code == 422
    assert operator(site, "support").post(f"{base}new/", **OFFER).status_code == 200
    assert len(all_promotions()) == 1


def test_gates_and_terms_are_set(site: Site) -> None:
    world.new_product()
    owner = operator(site, "owner")
    view = find_product("shirt")
    assert view is not None
    gate = {"product": "shirt", "opens_at": "2099-01-01T10:00", "by_rank": "gold, 2026-01-01T10:00",
            "link_opens_at": "2026-01-01T10:00"}  # fmt: skip
    shown = owner.post(f"/s/{site.slug}/offers/gates/", **gate)
    assert "?early=" in shown.content.decode()
    assert set(closed([view.product.id])) == {view.product.id}
    assert closed([view.product.id], rank="gold") == {}
    owner.post(f"/s/{site.slug}/offers/gates/", remove="shirt")
    assert closed([view.product.id]) == {}
    path = f"/s/{site.slug}/terms/"
    typed = {
        "shipping_yen": "700", "free_shipping_from_yen": "", "cod_fees": "9999, 330",
        "preorder_charge": "hold",
        "shipping_by_prefecture": "沖縄県, 1650", "bank_days": "7", "lead_days": "3",
        "hold_minutes": "10", "return_days": "8", "return_fee_yen": "0",
        "registration_number": "T1234567890123", "issuer_name": "Hem",
    }  # fmt: skip
    assert owner.post(path, **typed).status_code == 302
    assert terms().shipping_by_prefecture == {"沖縄県": 1_650}
    assert terms().free_shipping_from_yen is None
    assert "沖縄県, 1650" in owner.get(path).content.decode()
    wrong = owner.post(path, **{**typed, "registration_number": "1", "islands": "x"})
    assert wrong.status_code == 422
    assert terms().registration_number == "T1234567890123"


def test_segments_letters_and_campaigns(site: Site) -> None:
    owner, base = operator(site, "merchandiser"), f"/s/{site.slug}"
    member = uuid4()
    members.keep_member(member_id=member, hint="＊", profile_id=uuid4())
    members.consent(member, {"news": True}, source="account")
    counted = owner.post(f"{base}/members/segments/new/", name="All", orders_max="0", count="1")
    assert "1 members, of whom 1 may be written to." in counted.content.decode()
    owner.post(f"{base}/members/segments/new/", name="All", orders_max="0", keep="1")
    (segment,) = segments()
    assert segment.criteria == {"orders_max": 0}
    assert owner.get(f"{base}/members/segments/{segment.id}/").status_code == 200
    assert owner.get(f"{base}/members/segments/").status_code == 200

    letter = {"subject": "{{ order.number }}", "text": "{{ name }} 様", "html": "<p>x</p>"}
    shown = owner.post(f"{base}/letters/placed/ja/", **letter, preview="1").content.decode()
    assert "261125-ABC234" in shown
    assert written("placed", "ja") is None
    assert owner.post(f"{base}/letters/placed/ja/", **letter, keep="1").status_code == 302
    assert written("placed", "ja") is not None
    wrong = owner.post(f"{base}/letters/placed/ja/", **{**letter, "text": "{{ secret }}"}, keep="1")
    assert wrong.status_code == 422
    owner.post(f"{base}/letters/placed/ja/", drop="1")
    assert written("placed", "ja") is None
    assert owner.get(f"{base}/letters/").status_code == 200

    campaign = {
        "name": "Winter", "segment": str(segment.id), "purpose": "news", "per_minute": "60",
        "subject_ja": "冬", "text_ja": "{{ name }} 様",
    }  # fmt: skip
    assert owner.post(f"{base}/campaigns/new/", **campaign).status_code == 302
    (made,) = campaigns()
    assert "1 members, of whom 1" in owner.get(f"{base}/campaigns/{made.id}/").content.decode()
    moved = owner.post(f"{base}/campaigns/{made.id}/move/", to="scheduled")
    assert moved.status_code == 302
    again = owner.post(f"{base}/campaigns/{made.id}/move/", to="scheduled")
    assert again.status_code == 422
    assert owner.get(f"{base}/campaigns/").status_code == 200
    assert operator(site, "support").get(f"{base}/campaigns/").status_code == 403

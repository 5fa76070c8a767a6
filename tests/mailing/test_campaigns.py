"""Campaigns and reminders: to whom, how many a minute, once, and never to who said no."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest

from lockstitch.checkout import filling
from lockstitch.checkout.models import Cart
from lockstitch.crm import actions as crm
from lockstitch.crm import letters
from lockstitch.crm.models import Addressee, Campaign, Reminder
from lockstitch.crm.queries import find_campaign, left_out, reminded
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import digest
from lockstitch.mailing.rules import Written
from lockstitch.members import actions as members
from lockstitch.members.queries import Member
from lockstitch.tenancy.queries import Site
from tests import world

LETTER = Written("{{ shop.name }}", "{{ name }} 様 {{ coupon.code }}", "<p>{{ name }} 様</p>")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the worker would have put into the guard's postbox."""
    found: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(letters, "post", lambda **row: found.setdefault(row["dedupe_key"], row))

    class Rows(list):  # type: ignore[type-arg]
        def __iter__(self):
            return iter(found.values())

        def __len__(self) -> int:
            return len(found)

    return Rows()


def willing(purpose: str = "news", language: str = "ja") -> UUID:
    member = uuid4()
    members.keep_member(member_id=member, hint="＊", profile_id=uuid4(), language=language)
    members.consent(member, {purpose: True}, source="account")
    return member


def draft(*, per_minute: int = 100, texts: dict[str, Written] | None = None) -> Campaign:
    segment = crm.save_segment(None, name=str(uuid4()), values={})
    return crm.save_campaign(
        None, segment_id=segment.id, name="Winter", texts=texts or {"ja": LETTER},
        per_minute=per_minute, by=uuid4(),
    )  # fmt: skip


def test_a_campaign_goes_once_to_each_who_said_yes(site: Site, posted: list[dict]) -> None:
    yes = [willing() for _ in range(5)]
    no = uuid4()
    members.keep_member(member_id=no, hint="＊", profile_id=uuid4())
    campaign = draft(per_minute=3)
    assert letters.send_campaigns() == 0  # a draft is not sent
    crm.move_campaign(campaign.id, "scheduled", starts_at=now() + HOUR)
    assert letters.send_campaigns() == 0  # not yet
    Campaign.objects.update(starts_at=now())
    assert [letters.send_campaigns() for _ in range(4)] == [3, 2, 0, 0]
    done = find_campaign(campaign.id)
    assert done is not None
    assert (done.state, done.addressed, done.posted, left_out(done)) == (
        "sent", 6, 5, {"consent": 1},
    )  # fmt: skip
    profiles = dict(Member.objects.values_list("profile_id", "id"))
    assert {profiles[row["record_id"]] for row in posted} == set(yes)
    for row in posted:
        member = Member.objects.get(profile_id=row["record_id"])
        assert row["purpose"] == "news.campaign"
        assert row["unsubscribe"].endswith(f"/unsubscribe/news/{member.mail_key}/")
        assert row["unsubscribe"] in row["text"]
        assert row["unsubscribe"] in row["html"]
        assert row["text"].startswith("{{name}} 様")
    assert len({row["unsubscribe"] for row in posted}) == 5


def test_who_says_no_while_it_is_under_way_gets_none(site: Site, posted: list[dict]) -> None:
    first, last = willing(), willing()
    campaign = draft(per_minute=1)
    crm.move_campaign(campaign.id, "scheduled")
    letters.send_campaigns()
    waiting = Addressee.objects.get(posted_at=None).member_id
    members.consent(waiting, {"news": False}, source="letter")
    letters.send_campaigns()
    assert len(posted) == 1
    assert {first, last} - {waiting} == {
        Member.objects.get(profile_id=row["record_id"]).id for row in posted
    }


def test_each_in_their_language(site: Site, posted: list[dict]) -> None:
    willing(language="en")
    willing(language="ja")
    texts = {"ja": LETTER, "en": Written("Hello", "Dear {{ name }}")}
    crm.move_campaign(draft(texts=texts).id, "scheduled")
    letters.send_campaigns()
    assert sorted(row["subject"] for row in posted) == sorted(["Hello", site.name])


def test_a_campaign_moves_only_as_it_may(site: Site, posted: list[dict]) -> None:
    campaign = draft()
    crm.move_campaign(campaign.id, "scheduled")
    with pytest.raises(Refused):
        crm.save_campaign(
            campaign.id, segment_id=campaign.segment_id, name="x", texts={"ja": LETTER},
            per_minute=1, by=uuid4(),
        )  # fmt: skip
    crm.move_campaign(campaign.id, "stopped")
    for to in ("scheduled", "sending", "draft"):
        with pytest.raises(Refused):
            crm.move_campaign(campaign.id, to)
    willing()
    assert letters.send_campaigns() == 0
    with pytest.raises(Refused, match="placeholder"):
        draft(texts={"ja": Written("s", "{{ order.number }}")})


def cart_of(member: UUID, *, hours_ago: float, slug: str = "shirt") -> Cart:
    token = f"token-{uuid4()}"
    filling.add_to_cart(token, world.new_product(slug=slug)[0], 2)
    cart = Cart.objects.get(token_digest=digest(token))
    Cart.objects.filter(id=cart.id).update(
        member_id=member, touched_at=now() - dt.timedelta(hours=hours_ago)
    )
    return cart


def test_a_cart_left_alone_is_written_about_once(site: Site, posted: list[dict]) -> None:
    member, unasked = willing("reminder"), willing("news")
    cart = cart_of(member, hours_ago=5)
    cart_of(unasked, hours_ago=5, slug="b")
    cart_of(willing("reminder"), hours_ago=1, slug="c")  # perhaps still at it
    cart_of(willing("reminder"), hours_ago=100, slug="d")  # long forgotten
    assert letters.remind_of_carts() == 1
    assert letters.remind_of_carts() == 0
    (row,) = posted
    assert row["purpose"] == "reminder.cart"
    assert "シャツ" in row["text"]
    assert row["unsubscribe"] in row["text"]
    reminder = Reminder.objects.get()
    assert f"/back/{reminder.id}/" in row["text"]
    assert reminder.cart_id == cart.id
    cart_of(member, hours_ago=5, slug="e")
    assert letters.remind_of_carts() == 0  # not twice a week


def test_what_a_reminder_brings_is_counted(site: Site, posted: list[dict]) -> None:
    member = willing("reminder")
    cart_of(member, hours_ago=5)
    letters.remind_of_carts()
    reminder = Reminder.objects.get()
    crm.came_back(reminder.id)
    crm.came_back(reminder.id)
    order = uuid4()
    crm.bought_after_reminder(order, member)
    crm.bought_after_reminder(uuid4(), member)
    found = reminded()
    assert (found.posted, found.returned, found.ordered) == (1, 1, 1)
    assert Reminder.objects.get().order_id == order


def test_who_bought_or_emptied_it_is_not_reminded(site: Site, posted: list[dict]) -> None:
    bought, emptied = willing("reminder"), willing("reminder")
    cart_of(bought, hours_ago=5)
    from lockstitch.orders.models import Order

    order = world.placed_order({world.new_product(slug="z")[0]: 1})
    Order.objects.filter(id=order.id).update(member_id=bought)
    cart = cart_of(emptied, hours_ago=5, slug="y")
    cart.lines.all().delete()
    assert letters.remind_of_carts() == 0


def test_letters_that_came_back(
    site: Site, posted: list[dict], monkeypatch: pytest.MonkeyPatch
) -> None:
    back, fine = willing(), willing()
    profile = Member.objects.get(id=back).profile_id
    monkeypatch.setattr(letters, "returned_since", lambda _moment: {profile})
    assert (letters.take_returns(), letters.take_returns()) == (1, 0)
    crm.move_campaign(draft().id, "scheduled")
    letters.send_campaigns()
    assert [row["record_id"] for row in posted] == [Member.objects.get(id=fine).profile_id]

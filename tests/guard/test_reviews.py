"""Each quarter an owner looks through who works at a site; who does not is found late."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from guard.client import GuardRefused
from guard.reviews import JST, QUARTERS, WITHIN, quarter_of
from guard.verify import verify
from guard.wire import (
    AddOperator,
    Ask,
    ConfirmReview,
    GetReviews,
    ListAlerts,
    ListOperators,
    Reveal,
    ReviewedRight,
    SiteReview,
    UpdateOperator,
    WhoAmI,
)  # fmt: skip
from tests.guard.conftest import Guard, Site, eventually


def refused(guard: Guard, ask: Ask[Any], session: str | None) -> str:
    with pytest.raises(GuardRefused) as caught:
        guard.desk.call(ask, session=session)
    return caught.value.code


def review(guard: Guard, site: Site, session: str) -> SiteReview:
    asked = guard.desk.call(GetReviews(site_id=site.site_id), session=session)
    return asked.reviews[0]


def confirming(
    guard: Guard, site: Site, session: str, *, without: UUID | None = None
) -> ConfirmReview:
    """As the page sends it: everybody there, and whose rights go."""
    people = [
        ReviewedRight(operator_id=one.operator_id, role=one.role, keep=one.operator_id != without)
        for one in review(guard, site, session).people
    ]
    return ConfirmReview(site_id=site.site_id, people=people)


def older(guard: Guard, site: Site) -> None:
    """As if the site had been there since long ago."""
    guard.sql(
        "UPDATE guard.site SET registered_at = now() - interval '2 years' WHERE site_id = %s",
        [site.site_id],
    )


@pytest.mark.parametrize(
    ("at", "began"),
    [
        ("2026-11-26T00:00:00+00:00", "2026-10-01"),
        ("2026-09-30T14:59:59+00:00", "2026-07-01"),
        ("2026-09-30T15:00:00+00:00", "2026-10-01"),  # midnight in Japan
        ("2026-12-31T15:00:00+00:00", "2027-01-01"),
    ],
)
def test_quarters_are_japans(at: str, began: str) -> None:
    assert QUARTERS == (1, 4, 7, 10)
    assert quarter_of(datetime.fromisoformat(at)).isoformat() == f"{began}T00:00:00+09:00"


def test_owners_are_told_once_a_quarter_and_the_watch_of_who_is_late(own_guard: Guard) -> None:
    own_guard.start()
    site, young = own_guard.site(), own_guard.site()
    session, _me = own_guard.operator(site, "owner")
    own_guard.operator(site, "orders")
    own_guard.operator(young, "owner")
    assert review(own_guard, site, session).due_at is None
    older(own_guard, site)
    for _ in range(2):  # a second look tells nobody again
        own_guard.stop()
        own_guard.start()
        eventually(lambda: own_guard.sql("SELECT 1 FROM guard.rights_review"))
    letters = "SELECT site_id FROM guard.letter WHERE purpose = 'site.review'"
    assert own_guard.sql(letters) == [{"site_id": site.site_id}]
    eventually(lambda: any("権限" in mail.subject for mail in own_guard.mails(site)))
    [due] = own_guard.entries("review.due")
    assert due["purpose"] == f"review.{quarter_of(datetime.now(UTC)):%Y-%m}"
    session, _me = own_guard.operator(site, "owner")
    found = review(own_guard, site, session)
    assert found.due_at is not None
    assert (found.late, found.done_at) == (False, None)

    own_guard.sql(
        "UPDATE guard.rights_review SET told_at = now() - %s", [WITHIN + timedelta(hours=1)]
    )
    own_guard.stop()
    own_guard.start()

    def alerts() -> list[Any]:
        asked = ListAlerts(site_id=site.site_id, rule="rights.review")
        return own_guard.desk.call(asked, session=session).alerts

    [alert] = eventually(alerts)
    assert (alert.severity, alert.site_id) == ("notice", site.site_id)
    assert review(own_guard, site, session).late
    own_guard.desk.call(confirming(own_guard, site, session), session=session)
    assert not review(own_guard, site, session).late
    own_guard.stop()
    assert verify(own_guard.url("ls_guard"), own_guard.data / "guard") == []


def test_a_review_says_who_used_what(guard: Guard, site: Site) -> None:
    owner, _ = guard.operator(site, "owner")
    session, me = guard.operator(site, "orders")
    record_id = guard.deposit(site)
    look = Reveal(record_ids=[record_id], fields=["family_name"], purpose="order.ship")
    guard.desk.call(look, session=session)
    found = review(guard, site, owner)
    used = {one.operator_id: one for one in found.people}[me.principal_id]
    assert (used.role, used.seen, used.taken_out) == ("orders", 1, 0)
    assert (used.passkeys, used.totp) == (0, True)
    assert used.signed_in_at is not None
    assert sum(one.seen for one in found.people) == 1
    assert found.since < found.began == quarter_of(datetime.now(JST))


def test_what_is_confirmed_is_written_down_and_what_is_taken_ends_at_once(guard: Guard) -> None:
    site = guard.site()
    second = guard.site(site.company_id)
    owner, me = guard.operator(site, "owner")
    leaver, gone = guard.operator(site, "support")
    guard.operator(site, "orders")
    mover, moved = guard.operator(site, "orders")
    both = UpdateOperator(
        operator_id=moved.principal_id, site_ids=[site.site_id, second.site_id]
    )  # fmt: skip
    guard.desk.call(both, session=owner)
    mine = confirming(guard, site, owner, without=me.principal_id)
    assert refused(guard, mine, owner) == "invalid"

    ask = confirming(guard, site, owner, without=gone.principal_id)
    guard.desk.call(ask, session=owner)
    found = review(guard, site, owner)
    assert found.done_by == "owner-op"
    assert gone.principal_id not in {one.operator_id for one in found.people}
    assert refused(guard, WhoAmI(), leaver) == "session"
    [entry] = [one for one in guard.entries("review") if one["site_id"] == site.site_id]
    assert entry["principal_id"] == str(me.principal_id)
    said = {f"{gone.principal_id}:-", f"{me.principal_id}:owner", f"{moved.principal_id}:orders"}
    assert said < set(entry["fields"])
    assert len(entry["fields"]) == 4
    assert refused(guard, ask, owner) == "conflict"  # the page of before

    guard.desk.call(confirming(guard, site, owner), session=owner)  # sent twice
    guard.desk.call(confirming(guard, site, owner, without=moved.principal_id), session=owner)
    assert refused(guard, WhoAmI(), mover) == "session"
    states = {
        one.operator_id: (one.state, one.site_ids)
        for one in guard.desk.call(ListOperators(), session=owner).operators
    }
    assert states[moved.principal_id] == ("active", [second.site_id])
    assert states[gone.principal_id][0] == "disabled"
    assert len([one for one in guard.entries("review") if one["site_id"] == site.site_id]) == 2


def test_who_came_since_the_page_was_shown_is_not_confirmed_unseen(guard: Guard) -> None:
    site = guard.site()
    owner, _ = guard.operator(site, "owner")
    _, other = guard.operator(site, "orders")
    shown = confirming(guard, site, owner)
    change = UpdateOperator(operator_id=other.principal_id, role="owner")
    guard.desk.call(change, session=owner)
    assert refused(guard, shown, owner) == "conflict"
    shown = confirming(guard, site, owner)
    invited = AddOperator(
        company_id=site.company_id, site_ids=[site.site_id], role="readonly",
        email=f"{uuid4()}@console.example", name="新人", handle="new",
    )  # fmt: skip
    guard.desk.call(invited, session=owner)
    assert refused(guard, shown, owner) == "conflict"
    assert "invited" in {one.state for one in review(guard, site, owner).people}
    assert review(guard, site, owner).done_at is None


def test_only_its_owners_look_and_confirm(guard: Guard, site: Site) -> None:
    owner, _ = guard.operator(site, "owner")
    ask = confirming(guard, site, owner)
    for role in ("merchandiser", "orders", "support", "readonly"):
        session, _ = guard.operator(site, role)
        assert refused(guard, GetReviews(site_id=site.site_id), session) == "forbidden"
        assert refused(guard, ask, session) == "forbidden"
    stranger, _ = guard.operator(guard.site(), "owner")
    assert refused(guard, GetReviews(site_id=site.site_id), stranger) == "not_found"
    assert refused(guard, ask, stranger) == "not_found"
    staff, _ = guard.operator(site, "owner", staff=True)
    assert review(guard, site, staff).people  # they help, and confirm nothing
    assert refused(guard, ask, staff) == "forbidden"

"""A provider's new key that two people have to want."""

from uuid import UUID

import pytest

from guard.wire import (
    ApproveSecond,
    AskProof,
    CancelSecond,
    Contain,
    GetSeconds,
    ListProviders,
    Proof,
    ProviderRow,
    SecondRow,
    SetProviderSecret,
    SetSecond,
    SetWaysToPay,
)
from lockstitch.cli.softkey import SoftKey
from tests.guard.conftest import Guard, Site
from tests.guard.test_exports import HERE, THERE, Worker
from tests.guard.test_passkeys import add

FIRST, NEXT = "sk_test_aaaaaaaa1111", "sk_test_bbbbbbbb2222"


def new_key(site: Site, value: str = NEXT) -> SetProviderSecret:
    return SetProviderSecret(site_id=site.site_id, provider="stripe", name="api", value=value)


@pytest.fixture
def two(guard: Guard, site: Site) -> tuple[Worker, Worker]:
    """Two owners of a shop that wants both, with a key that is in use."""
    guard.sql("DELETE FROM guard.throttle")
    one = Worker(guard, site, "owner", HERE, False)
    assert not one.ask(new_key(site, FIRST)).waits  # off by default
    other = Worker(guard, site, "owner", THERE, False)
    assert not one.ask(SetSecond(site_id=site.site_id, wanted=True)).waits
    return one, other


def kept(who: Worker, site: Site) -> ProviderRow:
    [row] = who.ask(ListProviders(site_id=site.site_id)).rows
    return row


def waiting(who: Worker, site: Site) -> list[SecondRow]:
    return who.ask(GetSeconds(site_id=site.site_id)).waiting


def approval(who: Worker, second_id: UUID, proof: Proof | None = None) -> ApproveSecond:
    return ApproveSecond(second_id=second_id, proof=proof or who.code())


def test_a_new_key_is_used_once_another_owner_said_so(
    guard: Guard, site: Site, two: tuple[Worker, Worker]
) -> None:
    one, other = two
    assert one.ask(new_key(site)).waits
    [mine] = waiting(one, site)
    [row] = waiting(other, site)
    assert (row.deed, row.provider, row.name, row.last4) == (
        "provider.secret", "stripe", "api", "2222")  # fmt: skip
    assert (row.asked_by, row.mine, mine.mine) == ("owner-op", False, True)
    assert kept(one, site).last4 == "1111"
    assert one.refused(approval(one, row.second_id)) == "forbidden"
    neighbour = Worker(guard, site, "owner", HERE, False)
    assert neighbour.refused(approval(neighbour, row.second_id)) == "forbidden"
    wrong = approval(other, row.second_id, Proof(totp="000000"))
    assert other.refused(wrong) == "credentials"
    assert kept(one, site).last4 == "1111"

    ask = approval(other, row.second_id)
    done = other.ask(ask)
    assert (done.provider, done.name, done.last4) == ("stripe", "api", "2222")
    assert kept(one, site).last4 == "2222"
    assert other.ask(ask) == done  # sent twice: the same answer, nothing is done
    assert waiting(other, site) == []
    sealed = guard.sql("SELECT sealed FROM guard.second WHERE second_id = %s", [row.second_id])
    assert sealed == [{"sealed": b""}]
    verbs = ("second.ask", "second.approve", "second.cancel", "provider.secret")
    said = [
        (entry["verb"], entry["principal_id"])
        for verb in verbs for entry in guard.entries(verb) if entry["site_id"] == site.site_id
    ]  # fmt: skip
    first, second = str(one.me.principal_id), str(other.me.principal_id)
    assert said == [
        ("second.ask", first), ("second.approve", second), ("provider.secret", first),
        ("provider.secret", second),
    ]  # fmt: skip


def test_switching_it_off_needs_the_second_too(
    guard: Guard, site: Site, two: tuple[Worker, Worker]
) -> None:
    one, other = two
    off = SetSecond(site_id=site.site_id, wanted=False)
    assert one.ask(off).waits
    assert one.ask(off).waits  # asked for anew: one waits
    [row] = waiting(other, site)
    assert row.deed == "second.off"
    assert other.ask(GetSeconds(site_id=site.site_id)).wanted
    assert one.refused(approval(one, row.second_id)) == "forbidden"
    other.ask(approval(other, row.second_id))
    assert not other.ask(GetSeconds(site_id=site.site_id)).wanted
    assert not one.ask(new_key(site)).waits
    assert kept(one, site).last4 == "2222"


def test_which_ways_to_pay_are_offered_is_for_two(
    guard: Guard, site: Site, two: tuple[Worker, Worker]
) -> None:
    one, other = two

    def ways(text: str) -> SetWaysToPay:
        return SetWaysToPay(site_id=site.site_id, provider="stripe", ways=text)

    assert one.ask(ways("card:")).waits
    assert one.ask(ways("card,konbini:3")).waits  # in place of the one before
    [row] = waiting(other, site)
    assert (row.deed, row.provider, row.name) == ("provider.ways", "stripe", "card,konbini:3")
    assert one.refused(approval(one, row.second_id)) == "forbidden"
    assert other.ask(approval(other, row.second_id)).name == "card,konbini:3"
    [said] = [e for e in guard.entries("provider.ways") if e["site_id"] == site.site_id]
    assert (said["purpose"], said["principal_id"]) == (
        "stripe.card,konbini:3", str(other.me.principal_id)
    )  # fmt: skip
    assert one.refused(ways("card; drop")) == "invalid"
    elsewhere = SetWaysToPay(site_id=guard.site().site_id, provider="stripe", ways="card:")
    assert one.refused(elsewhere) == "not_found"


def test_alone_it_cannot_be_switched_on(guard: Guard, site: Site) -> None:
    alone = Worker(guard, site, "owner", HERE, False)
    Worker(guard, site, "orders", THERE, False)
    assert alone.refused(SetSecond(site_id=site.site_id, wanted=True)) == "conflict"
    assert not alone.ask(new_key(site)).waits


def test_what_waited_too_long_is_cancelled_or_was_asked_anew_is_not_done(
    guard: Guard, site: Site, two: tuple[Worker, Worker]
) -> None:
    one, other = two
    one.ask(new_key(site))
    [first] = waiting(other, site)
    one.ask(new_key(site, f"{NEXT}3333"))
    [second] = waiting(other, site)
    assert second.last4 == "3333"
    assert other.refused(approval(other, first.second_id)) == "conflict"
    guard.sql(
        "UPDATE guard.second SET asked_at = now() - interval '24 hours 1 second'"
        " WHERE second_id = %s", [second.second_id],
    )  # fmt: skip
    assert waiting(other, site) == []
    assert other.refused(approval(other, second.second_id)) == "conflict"
    one.ask(new_key(site))
    [third] = waiting(other, site)
    one.ask(CancelSecond(second_id=third.second_id))
    assert other.refused(approval(other, third.second_id)) == "conflict"
    assert kept(one, site).last4 == "1111"


def test_a_key_changed_in_the_database_is_not_taken(
    guard: Guard, site: Site, two: tuple[Worker, Worker]
) -> None:
    """Of another request for the same place: it opens, and is not what was asked for."""
    one, other = two
    one.ask(new_key(site, f"{NEXT}6666"))
    [row] = waiting(other, site)
    [bad] = guard.sql("SELECT sealed FROM guard.second WHERE second_id = %s", [row.second_id])
    one.ask(new_key(site))
    [row] = waiting(other, site)
    guard.sql(
        "UPDATE guard.second SET sealed = %s WHERE second_id = %s", [bad["sealed"], row.second_id]
    )
    assert other.refused(approval(other, row.second_id)) == "conflict"
    assert kept(one, site).last4 == "1111"


def test_a_passkey_signs_for_what_is_stored_and_for_nothing_else(
    guard: Guard, site: Site, two: tuple[Worker, Worker]
) -> None:
    one, other = two
    key: SoftKey = add(guard, other.session, other.code())
    one.ask(new_key(site))
    [row] = waiting(other, site)
    assert row.options
    elsewhere = other.ask(AskProof(purpose="provider.secret", record_ids=[])).options
    for options, code in ((elsewhere, "credentials"), (row.options, "")):
        signed = Proof(assertion=key.get(options))
        ask = approval(other, row.second_id, signed)
        if code:
            assert other.refused(ask) == code
        else:
            other.ask(ask)
    assert kept(one, site).last4 == "2222"


def test_only_its_owners(guard: Guard, site: Site, two: tuple[Worker, Worker]) -> None:
    one, other = two
    one.ask(new_key(site))
    [row] = waiting(other, site)
    stranger = Worker(guard, guard.site(), "owner", THERE, False)
    assert stranger.refused(GetSeconds(site_id=site.site_id)) == "not_found"
    assert stranger.refused(approval(stranger, row.second_id)) == "not_found"
    assert stranger.refused(CancelSecond(second_id=row.second_id)) == "not_found"
    clerk = Worker(guard, site, "orders", THERE, False)
    assert clerk.refused(approval(clerk, row.second_id)) == "forbidden"
    staff = Worker(guard, site, "owner", THERE, True)
    assert staff.refused(approval(staff, row.second_id)) == "forbidden"
    # The emergency brake wants nobody's leave; the way back does.
    one.ask(Contain(action="providers", site_id=site.site_id))
    assert kept(one, site).spent
    assert kept(one, site).last4 == "1111"

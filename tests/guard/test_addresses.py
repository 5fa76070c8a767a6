"""From where operators may work, and that a sign-in from elsewhere is told."""

from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest

from guard.client import GuardRefused
from guard.wire import (
    Ask,
    AskSignIn,
    Identity,
    ListIpRules,
    Mailbox,
    Proof,
    SeedPrincipal,
    SetIpRules,
    SignInMember,
    SignInOperator,
    SignInPasskey,
    WhoAmI,
)  # fmt: skip
from lockstitch.cli.softkey import SoftKey
from tests.guard.conftest import PASSWORD, Guard, Site, eventually
from tests.guard.test_budgets import fresh
from tests.guard.test_passkeys import add

OFFICE, HOME = "203.0.113.7", "198.51.100.20"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0.0.0 Safari/537.36"
NEWER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_8) Chrome/141.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def refused(guard: Guard, ask: Ask[Any], session: str | None = None, at: str = OFFICE) -> str:
    with pytest.raises(GuardRefused) as caught:
        guard.desk.call(ask, session=session, address=at)
    return caught.value.code


def test_a_session_used_from_elsewhere_is_refused_and_written_down(
    guard: Guard, site: Site
) -> None:
    owner, _ = guard.operator(site, "owner")
    session, me = guard.operator(site, "orders")
    ask = SetIpRules(subject_id=me.principal_id, ranges=["203.0.113.0/24", "2001:db8::/32"])
    guard.desk.call(ask, session=owner, address=OFFICE)
    for address in (OFFICE, "2001:db8::5", "::ffff:203.0.113.9"):
        assert guard.desk.call(WhoAmI(), session=session, address=address).kind == "operator"
    for address in (HOME, "2001:db9::5", "", "no address"):
        assert refused(guard, WhoAmI(), session, address) == "address"
    entry = guard.entries("elsewhere")[-4]
    assert (entry["outcome"], entry["address"]) == ("refused:address", HOME)
    assert entry["principal_id"] == str(me.principal_id)
    guard.desk.call(SetIpRules(subject_id=me.principal_id, ranges=[]), session=owner)
    assert guard.desk.call(WhoAmI(), session=session, address=HOME).kind == "operator"


@pytest.mark.parametrize("of", ["site_id", "company_id"])
def test_a_list_of_a_site_or_company_counts_for_all_its_operators(
    guard: Guard, site: Site, of: str
) -> None:
    session, me = guard.operator(site, "orders")
    key = add(guard, session, Proof(totp=fresh(guard, me)))
    stranger, _ = guard.operator(guard.site(), "orders")
    guard.cli.call(SetIpRules(subject_id=getattr(site, of), ranges=[f"{OFFICE}/32"]))
    assert refused(guard, WhoAmI(), session, HOME) == "address"
    assert guard.desk.call(WhoAmI(), session=stranger, address=HOME).kind == "operator"

    def sign_in() -> SignInPasskey:
        return SignInPasskey(assertion=key.get(guard.desk.call(AskSignIn()).options))

    assert refused(guard, sign_in(), at=HOME) == "address"
    entry = guard.entries("sign_in")[-1]
    assert (entry["outcome"], entry["principal_id"]) == ("refused:address", str(me.principal_id))
    assert guard.desk.call(sign_in(), address=OFFICE).identity.kind == "operator"


def test_who_is_in_two_lists_must_be_in_both(guard: Guard, site: Site) -> None:
    session, me = guard.operator(site, "orders")
    guard.cli.call(SetIpRules(subject_id=site.company_id, ranges=["203.0.113.0/24"]))
    guard.cli.call(SetIpRules(subject_id=me.principal_id, ranges=["203.0.113.7", HOME]))
    assert guard.desk.call(WhoAmI(), session=session, address=OFFICE).kind == "operator"
    assert refused(guard, WhoAmI(), session, HOME) == "address"
    assert refused(guard, WhoAmI(), session, "203.0.113.8") == "address"


def test_an_owner_cannot_lock_themselves_out_nor_reach_further(guard: Guard, site: Site) -> None:
    owner, me = guard.operator(site, "owner")
    other = guard.site()
    for subject in (me.principal_id, site.site_id, site.company_id):
        ask = SetIpRules(subject_id=subject, ranges=["192.0.2.0/24"])
        assert refused(guard, ask, owner) == "conflict"
    for subject in (other.site_id, other.company_id, uuid4()):
        assert refused(guard, SetIpRules(subject_id=subject, ranges=[]), owner) == "not_found"
    for text in ("office", "203.0.113.0/33", "0.0.0.0/0 x"):
        ask = SetIpRules(subject_id=site.site_id, ranges=[text])
        assert refused(guard, ask, owner) == "invalid"
    clerk, _ = guard.operator(site, "orders")
    assert refused(guard, ListIpRules(), clerk) == "forbidden"
    ask = SetIpRules(subject_id=site.site_id, ranges=["203.0.113.9/24", "203.0.113.0/24"])
    guard.desk.call(ask, session=owner, address=OFFICE)
    lists = guard.desk.call(ListIpRules(), session=owner, address=OFFICE).lists
    known = {(one.kind, one.subject_id): one.ranges for one in lists}
    assert known["site", site.site_id] == ["203.0.113.0/24"]
    assert known["company", site.company_id] == []
    assert known["operator", me.principal_id] == []
    assert not {other.site_id, other.company_id} & {one.subject_id for one in lists}
    staff, _ = guard.operator(site, "owner", staff=True)
    guard.desk.call(SetIpRules(subject_id=site.site_id, ranges=["192.0.2.0/24"]), session=staff)
    assert refused(guard, WhoAmI(), owner) == "address"


def test_members_may_shop_from_anywhere(guard: Guard, site: Site) -> None:
    guard.cli.call(SetIpRules(subject_id=site.site_id, ranges=["192.0.2.0/24"]))
    session, _ = guard.member(site, "hanako@example.jp")
    assert guard.desk.call(WhoAmI(), session=session, address=HOME).kind == "member"


def operator_with_key(guard: Guard) -> tuple[str, SoftKey, UUID]:
    """Staff who have signed in once, at the office with a Mac; their address and passkey."""
    secret, email = pyotp.random_base32(), f"{uuid4()}@console.example"
    guard.cli.call(
        SeedPrincipal(
            kind="staff", email=email, password=PASSWORD, handle="staff", totp_secret=secret
        )
    )
    ask = SignInOperator(email=email, password=PASSWORD, totp=pyotp.TOTP(secret).now())
    signed = guard.desk.call(ask, address=OFFICE, agent=MAC)
    guard.secrets[signed.identity.principal_id] = secret
    key = add(guard, signed.session, Proof(totp=fresh(guard, signed.identity)))
    return email, key, signed.identity.principal_id


def test_a_sign_in_with_something_new_is_told_and_marked(guard: Guard) -> None:
    email, key, principal_id = operator_with_key(guard)

    def sign_in(address: str, agent: str) -> Identity:
        ask = SignInPasskey(assertion=key.get(guard.desk.call(AskSignIn()).options))
        return guard.desk.call(ask, address=address, agent=agent).identity

    sign_in(OFFICE, NEWER)  # the same after an update
    sign_in(HOME, MAC)
    sign_in(HOME, IPHONE)
    sign_in(HOME, IPHONE)
    marks = [
        entry["purpose"] for entry in guard.entries("sign_in")
        if entry["principal_id"] == str(principal_id)
    ]  # fmt: skip
    assert marks == ["", "", "new_address", "new_device", ""]

    def told() -> list[str]:
        mails = [mail for mail in guard.cli.call(Mailbox(limit=200)).mails if mail.to == email]
        return [mail.text for mail in mails] if len(mails) >= 2 else []

    texts = eventually(told)
    assert len(texts) == 2
    assert "Safari, iPhone" in texts[0]
    assert HOME in texts[1]
    assert "Lockstitch" in texts[0]


def test_a_member_is_told_of_a_device_but_not_of_each_address(guard: Guard, site: Site) -> None:
    guard.member(site, "taro@example.jp")
    ask = SignInMember(site_id=site.site_id, email="taro@example.jp", password=PASSWORD)
    guard.desk.call(ask, address=HOME, agent="")
    guard.desk.call(ask, address=HOME, agent=IPHONE)
    mails = eventually(lambda: guard.mails(site))
    assert [mail.to for mail in mails] == ["taro@example.jp"]
    marks = [entry["purpose"] for entry in guard.entries("sign_in")
             if entry["site_id"] == site.site_id]  # fmt: skip
    assert marks == ["", "", "new_device"]

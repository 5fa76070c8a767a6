"""Registering, signing in and out, resetting, throttling, operators' enrolment."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest

from guard.client import GuardRefused
from guard.wire import (
    AddOperator,
    Ask,
    ClaimOrders,
    ConfirmEnrolment,
    ConfirmRegistration,
    DisableOperator,
    Enrol,
    FinishReset,
    ListOperators,
    Mail,
    MyRecords,
    RegisterSite,
    Reveal,
    SeedPrincipal,
    SignedIn,
    SignInMember,
    SignInOperator,
    SignOut,
    StartRegistration,
    StartReset,
    UpdateOperator,
    WhoAmI,
)  # fmt: skip
from tests.guard.conftest import PASSWORD, PERSON, Guard, Site, eventually

EMAIL = "taro@example.jp"


def refused(guard: Guard, ask: Ask[Any], *, session: str | None = None, address: str = "") -> str:
    with pytest.raises(GuardRefused) as caught:
        guard.desk.call(ask, session=session, address=address)
    return caught.value.code


def mail_to(guard: Guard, site: Site, email: str, *, nth: int = 1) -> Mail:
    """The nth mail to this address."""

    def look() -> Mail | None:
        mails = [mail for mail in guard.mails(site) if mail.to == email]
        return mails[-nth] if len(mails) >= nth else None

    found = eventually(look)
    assert found is not None
    return found


def code_in(mail: Mail) -> str:
    codes: list[str] = re.findall(r"(?<!\d)\d{6}(?!\d)", mail.text)
    assert len(codes) == 1
    assert codes[0] in mail.html
    return codes[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def register(guard: Guard, site: Site, email: str = EMAIL) -> SignedIn:
    fields = {"family_name": "山田", "given_name": "太郎", "email": email}
    start = StartRegistration(site_id=site.site_id, email=email, password=PASSWORD, fields=fields)
    pending = guard.desk.call(start).pending
    code = code_in(mail_to(guard, site, email))
    return guard.desk.call(ConfirmRegistration(pending=pending, code=code))


def sign_in(site: Site, password: str = PASSWORD, email: str = EMAIL) -> SignInMember:
    return SignInMember(site_id=site.site_id, email=email, password=password)


def test_registration_ties_the_member_to_their_earlier_orders(guard: Guard, site: Site) -> None:
    record_id = guard.deposit(site, {**PERSON, "given_name": "太郎", "email": "TARO@example.jp"})
    signed = register(guard, site)
    assert signed.identity.handle == "山＊ ＊＊"
    assert signed.identity.kind == "member"
    eventually(lambda: guard.sql("SELECT 1 FROM guard.record WHERE record_id = %s", [record_id]))
    orders = MyRecords(kinds=["order", "profile"])
    assert record_id not in guard.desk.call(orders, session=signed.session).record_ids
    claimed = guard.desk.call(ClaimOrders(), session=signed.session).record_ids
    assert claimed == [record_id]
    mine = guard.desk.call(orders, session=signed.session)
    assert len(mine.record_ids) == 2
    ask = Reveal(record_ids=mine.record_ids, fields=["family_name"], purpose="self.profile")
    shown = guard.desk.call(ask, session=signed.session)
    assert {record.fields["family_name"] for record in shown.records} == {"山田"}
    assert guard.desk.call(sign_in(site)).identity.principal_id == signed.identity.principal_id


def test_the_mail_of_a_code_is_the_sites_and_in_two_languages(guard: Guard, site: Site) -> None:
    register(guard, site)
    mail = mail_to(guard, site, EMAIL)
    assert mail.sender == f"Hem <{site.mail_from}>"
    assert mail.text.index("確認コード") < mail.text.index("confirms your registration")


def test_who_has_an_account_is_told_by_mail_only(guard: Guard, site: Site) -> None:
    register(guard, site)
    start = StartRegistration(site_id=site.site_id, email=EMAIL, password=PASSWORD)
    pending = guard.desk.call(start).pending
    told = mail_to(guard, site, EMAIL, nth=2)
    assert not re.search(r"\d{6}", told.text)
    for code in ("000000", "", "123456"):
        assert refused(guard, ConfirmRegistration(pending=pending, code=code)) == "code"


def test_a_code_is_good_for_five_tries_and_once(guard: Guard, site: Site) -> None:
    start = StartRegistration(site_id=site.site_id, email=EMAIL, password=PASSWORD)
    pending = guard.desk.call(start).pending
    code = code_in(mail_to(guard, site, EMAIL))
    for _ in range(5):
        ask = ConfirmRegistration(pending=pending, code=wrong(code))
        assert refused(guard, ask) == "code"
    assert refused(guard, ConfirmRegistration(pending=pending, code=code)) == "code"
    pending = guard.desk.call(start).pending
    code = code_in(mail_to(guard, site, EMAIL, nth=2))
    guard.desk.call(ConfirmRegistration(pending=pending, code=code))
    assert refused(guard, ConfirmRegistration(pending=pending, code=code)) == "code"


def test_a_code_is_of_its_own_request_and_ends(guard: Guard, site: Site) -> None:
    start = StartRegistration(site_id=site.site_id, email=EMAIL, password=PASSWORD)
    pending = guard.desk.call(start).pending
    code = code_in(mail_to(guard, site, EMAIL))
    assert refused(guard, ConfirmRegistration(pending=uuid4(), code=code)) == "code"
    assert refused(guard, FinishReset(pending=pending, code=code, password=PASSWORD)) == "code"
    guard.sql(
        "UPDATE guard.pending SET expires_at = now() - interval '1 second' WHERE pending_id = %s",
        [pending],
    )
    assert refused(guard, ConfirmRegistration(pending=pending, code=code)) == "code"


@pytest.mark.parametrize(
    "password",
    ["short7!", "ab cd " * 171, "password1234", "Passw0rd!!", "qwertyuiop", "1qaz2wsx", "12345678",
     "aabbaabb", "sakura2024", "chocolate1", "Michael1990",
     "trustno1", "ilovegod", "my-hanako.y-2026"],
)  # fmt: skip
def test_a_bad_password_is_not_taken(guard: Guard, site: Site, password: str) -> None:
    ask = StartRegistration(site_id=site.site_id, email="hanako.y@example.jp", password=password)
    assert refused(guard, ask) == "password"


@pytest.mark.parametrize("password", ["wy5kq2mz", "長いパスワード、八文字以上", "ab cd " * 170])
def test_a_long_or_rare_password_is_taken(guard: Guard, site: Site, password: str) -> None:
    email = f"{uuid4()}@example.jp"
    guard.cli.call(
        SeedPrincipal(kind="member", email=email, password=password, site_id=site.site_id)
    )
    assert guard.desk.call(sign_in(site, password, email)).identity.kind == "member"


def test_a_reset_ends_every_session(guard: Guard, site: Site) -> None:
    signed = register(guard, site)
    assert refused(guard, sign_in(site, "not this one")) == "credentials"
    pending = guard.desk.call(StartReset(site_id=site.site_id, email=EMAIL)).pending
    code = code_in(mail_to(guard, site, EMAIL, nth=2))
    new = "another long password"
    assert refused(guard, FinishReset(pending=pending, code=wrong(code), password=new)) == "code"
    guard.desk.call(FinishReset(pending=pending, code=code, password=new))
    assert refused(guard, WhoAmI(), session=signed.session) == "session"
    assert refused(guard, sign_in(site)) == "credentials"
    assert guard.desk.call(sign_in(site, new)).identity.principal_id == signed.identity.principal_id


def test_a_reset_of_nobody_looks_the_same_and_sends_nothing(guard: Guard, site: Site) -> None:
    pending = guard.desk.call(StartReset(site_id=site.site_id, email="nobody@example.jp")).pending
    ask = FinishReset(pending=pending, code="000000", password="another long password")
    assert refused(guard, ask) == "code"
    register(guard, site)  # whose mail comes after it would have
    assert [mail.to for mail in guard.mails(site)] == [EMAIL]


def test_a_member_of_one_site_is_nobody_at_another(guard: Guard, site: Site) -> None:
    guard.member(site, EMAIL)
    assert refused(guard, sign_in(guard.site())) == "credentials"


def test_an_unknown_login_and_a_wrong_password_say_the_same(guard: Guard, site: Site) -> None:
    _, me = guard.member(site, EMAIL)
    before = guard.sql("SELECT size FROM guard.ledger_head")[0]["size"]
    assert refused(guard, sign_in(site, "wrong password"), address="198.51.100.1") == "credentials"
    assert refused(guard, sign_in(site, email="x@example.jp")) == "credentials"
    assert refused(guard, sign_in(site, email="no address")) == "credentials"
    known, unknown, _ = guard.entries("sign_in", after=before - 1)
    assert (known["principal_kind"], known["outcome"]) == ("anonymous", "refused:credentials")
    assert (known["principal_id"], known["address"]) == (str(me.principal_id), "198.51.100.1")
    assert unknown["principal_id"] == ""


def test_guesses_are_slowed_down_also_over_a_restart(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    own_guard.member(site, EMAIL)
    for _ in range(5):
        assert refused(own_guard, sign_in(site, "wrong password")) == "credentials"
    assert refused(own_guard, sign_in(site)) == "throttled"
    own_guard.kill()
    own_guard.start()
    assert refused(own_guard, sign_in(site)) == "throttled"
    own_guard.sql("UPDATE guard.throttle SET blocked_until = now()")
    own_guard.desk.call(sign_in(site))
    for _ in range(4):
        assert refused(own_guard, sign_in(site, "wrong password")) == "credentials"
    own_guard.desk.call(sign_in(site))


def test_many_guesses_at_once_are_counted_one_by_one(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    own_guard.member(site, EMAIL)
    desk = own_guard.desk

    def guess(_: int) -> str:
        with pytest.raises(GuardRefused) as caught:
            desk.call(sign_in(site, "wrong password"))
        return caught.value.code

    with ThreadPoolExecutor(20) as threads:
        codes = list(threads.map(guess, range(20)))
    assert codes.count("credentials") == 5
    assert codes.count("throttled") == 15


def test_one_address_that_tries_many_accounts_is_slowed_down(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    own_guard.member(site, EMAIL)
    for number in range(20):
        ask = sign_in(site, email=f"{number}@example.jp")
        assert refused(own_guard, ask, address="198.51.100.9") == "credentials"
    assert refused(own_guard, sign_in(site), address="198.51.100.9") == "throttled"
    own_guard.desk.call(sign_in(site), address="198.51.100.10")


def test_signing_out_ends_this_session_only(guard: Guard, site: Site) -> None:
    one, _ = guard.member(site, EMAIL)
    two = guard.desk.call(sign_in(site)).session
    guard.desk.call(SignOut(), session=one)
    assert refused(guard, WhoAmI(), session=one) == "session"
    guard.desk.call(WhoAmI(), session=two)


def test_a_new_sign_in_ends_what_the_browser_had(guard: Guard, site: Site) -> None:
    one, _ = guard.member(site, EMAIL)
    elsewhere = guard.desk.call(sign_in(site)).session
    two = guard.desk.call(sign_in(site), session=one).session
    assert refused(guard, WhoAmI(), session=one) == "session"
    for session in (elsewhere, two):
        guard.desk.call(WhoAmI(), session=session)


@pytest.mark.parametrize(
    "column", ["seen_at = now() - interval '16 minutes'", "expires_at = now()"]
)
def test_an_operators_session_ends_when_idle_and_by_age(
    guard: Guard, site: Site, column: str
) -> None:
    session, me = guard.operator(site, "orders")
    query = f"UPDATE guard.session SET {column} WHERE session_id = %s"
    guard.sql(query, [me.session_id])
    assert refused(guard, WhoAmI(), session=session) == "session"


def test_a_one_time_code_is_good_once(guard: Guard, site: Site) -> None:
    secret, email = pyotp.random_base32(), f"{uuid4()}@console.example"
    ask = SeedPrincipal(
        kind="staff", email=email, password=PASSWORD, handle="staff", totp_secret=secret
    )
    guard.cli.call(ask)
    step = int(time.time()) // 30
    later = pyotp.TOTP(secret).generate_otp(step + 1)
    now = pyotp.TOTP(secret).generate_otp(step)

    def asked(code: str) -> SignInOperator:
        return SignInOperator(email=email, password=PASSWORD, totp=code)

    guard.desk.call(asked(later))
    assert refused(guard, asked(later)) == "credentials"
    assert refused(guard, asked(now)) == "credentials"  # an earlier step, even if never used
    assert refused(guard, asked("")) == "credentials"
    as_member = SignInMember(site_id=UUID(int=0), email=email, password=PASSWORD)
    assert refused(guard, as_member) == "credentials"


def test_an_operator_is_invited_enrols_and_is_disabled(guard: Guard, site: Site) -> None:
    owner, _ = guard.operator(site, "owner")
    email = f"{uuid4()}@console.example"
    add = AddOperator(
        company_id=site.company_id, site_ids=[site.site_id], role="orders", email=email,
        name="鈴木 一郎", handle="suzuki",
    )  # fmt: skip
    added = guard.desk.call(add, session=owner)
    confirm = ConfirmEnrolment(token=added.token, totp="000000")
    assert refused(guard, confirm) == "code"
    enrolment = guard.desk.call(Enrol(token=added.token, password=PASSWORD))
    assert "issuer=Lockstitch" in enrolment.otpauth_uri
    totp = pyotp.TOTP(enrolment.totp_secret)
    first = SignInOperator(email=email, password=PASSWORD, totp=totp.now())
    assert refused(guard, first) == "credentials"  # not active yet
    step = int(time.time()) // 30
    guard.desk.call(ConfirmEnrolment(token=added.token, totp=totp.generate_otp(step)))
    assert refused(guard, Enrol(token=added.token, password=PASSWORD)) == "code"
    ask = SignInOperator(email=email, password=PASSWORD, totp=totp.generate_otp(step + 1))
    signed = guard.desk.call(ask)
    assert signed.identity.site_ids == [site.site_id]
    assert refused(guard, add, session=owner) == "conflict"
    listed = guard.desk.call(ListOperators(), session=owner).operators
    row = next(each for each in listed if each.operator_id == added.operator_id)
    assert (row.state, row.handle, row.masked_email[1:]) == (
        "active", "suzuki", "***@console.example",
    )  # fmt: skip
    change = UpdateOperator(operator_id=added.operator_id, role="readonly", site_ids=[])
    guard.desk.call(change, session=owner)
    now = guard.desk.call(WhoAmI(), session=signed.session)
    assert (now.role, now.site_ids) == ("readonly", [])
    guard.desk.call(DisableOperator(operator_id=added.operator_id), session=owner)
    assert refused(guard, WhoAmI(), session=signed.session) == "session"
    again = guard.desk.call(add, session=owner)
    assert again.operator_id == added.operator_id
    assert again.token != added.token


def test_an_owner_reaches_no_further_than_their_company(guard: Guard, site: Site) -> None:
    owner, me = guard.operator(site, "owner")
    other = guard.site()
    _, stranger = guard.operator(other, "orders")
    _, staff = guard.operator(site, "owner", staff=True)
    call = {"session": owner}
    add = AddOperator(
        company_id=other.company_id, site_ids=[], role="orders", email="a@b.example", name="",
        handle="a",
    )  # fmt: skip
    assert refused(guard, add, **call) == "forbidden"
    assert refused(guard, ListOperators(company_id=other.company_id), **call) == "forbidden"
    foreign = UpdateOperator(operator_id=me.principal_id, site_ids=[other.site_id])
    assert refused(guard, foreign, **call) == "invalid"
    for target in (stranger.principal_id, staff.principal_id):
        change = UpdateOperator(operator_id=target, role="owner")
        assert refused(guard, change, **call) == "not_found"
        assert refused(guard, DisableOperator(operator_id=target), **call) == "not_found"
    assert refused(guard, DisableOperator(operator_id=me.principal_id), **call) == "conflict"
    listed = guard.desk.call(ListOperators(), session=owner).operators
    assert {row.company_id for row in listed} == {site.company_id}


def test_a_site_stays_with_its_company(guard: Guard, site: Site) -> None:
    other, (staff, _) = guard.site(), guard.operator(site, "owner", staff=True)
    ask = RegisterSite(
        site_id=site.site_id,
        company_id=other.company_id,
        name="x",
        host="x",
        mail_from="a@b.example",
    )
    assert refused(guard, ask, session=staff) == "conflict"
    key = guard.sql("SELECT key_id FROM guard.site_public_key WHERE site_id = %s", [site.site_id])[
        0
    ]["key_id"]
    same = RegisterSite(
        site_id=site.site_id, company_id=site.company_id, name="New name", host="x",
        mail_from="a@b.example",
    )  # fmt: skip
    assert guard.desk.call(same, session=staff).key_id == key
    assert refused(guard, same) == "session"

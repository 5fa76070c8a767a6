"""Writing to people. Whoever posts a message never learns the address; the ledger does who got it,
before it leaves."""

import asyncio
import html
import logging
import re
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

import psycopg
from psycopg.rows import DictRow
from psycopg_pool import PoolTimeout

from guard.asker import plain
from guard.bounces import envelope_of, has_returned, keep_returned
from guard.core import Core
from guard.db import Db, one
from guard.entry import system_entry
from guard.keys import BoxError
from guard.ledger import LedgerError
from guard.letters import PLATFORM, open_letter
from guard.post import SITE_HEADER, WIRE, connect
from guard.watch.honey import is_honey

TRIES_MAX = 12
BACKOFF_SECONDS_FIRST = 15
BACKOFF_SECONDS_MAX = 3600
PERMANENT = 500  # SMTP: this address will never take it

PURPOSE = re.compile(r"[a-z_]{1,30}\.[a-z_]{1,30}")  # it goes into the ledger: never free text
# Nothing personal inside a web address or a tag: a picture or a click would carry it away.
LEAKING_TEXT = re.compile(r"(?:https?://|www\.)\S*\{\{", re.I)
LEAKING_MARKUP = re.compile(r"<[^>]*\{\{(?:\w+)\}\}")
PROMOTION = ("news.", "reminder.")  # what nobody waits for: not to where letters come back from
PLACEHOLDER = re.compile(r"\{\{(name|family_name|email|phone|postal_code|address|note)\}\}")
SOURCES = {
    "name": ("family_name", "given_name"),
    "address": ("prefecture", "city", "street", "building"),
}

log = logging.getLogger("guard")


class UndeliverableError(Exception):
    """It can never be sent; one word says why."""


@dataclass(frozen=True)
class Outgoing:
    message: EmailMessage
    fields: list[str]  # what it tells the mail server, besides being there
    site_id: UUID | None
    records: list[UUID]
    persons: list[UUID]
    envelope: str = ""  # where it comes back to when it cannot be delivered


def placeholders(fields: Mapping[str, str]) -> dict[str, str]:
    code, street = fields.get("postal_code", ""), fields.get("street", "")
    lines = ["".join((fields.get("prefecture", ""), fields.get("city", ""), street))]
    return {
        "name": " ".join(filter(None, (fields.get("family_name"), fields.get("given_name")))),
        "postal_code": f"{code[:3]}-{code[3:]}" if re.fullmatch(r"\d{7}", code) else code,
        "address": "\n".join(filter(None, [*lines, fields.get("building", "")])),
        **{name: fields.get(name, "") for name in ("family_name", "email", "phone", "note")},
    }


def fill(text: str, values: Mapping[str, str], *, markup: bool = False) -> str:
    """Each placeholder once: what a person typed is never itself looked at for placeholders."""

    def value(found: re.Match[str]) -> str:
        plain_value = values[found[1]]
        return html.escape(plain_value).replace("\n", "<br>") if markup else plain_value

    return PLACEHOLDER.sub(value, text)


def fields_used(*texts: str) -> list[str]:
    """What the ledger says was disclosed: the fields filled in, and the address."""
    names = {name for text in texts for name in PLACEHOLDER.findall(text)}
    return sorted({"email", *(field for name in names for field in SOURCES.get(name, (name,)))})


async def send_next(core: Core, table: str) -> bool:
    """Sends one waiting row of guard.postbox or guard.letter; False when none is due.

    The row stays locked meanwhile: a guard that is killed lets go of it, and it is sent again,
    with the same Message-ID.
    """
    async with core.pool.connection() as db, db.transaction():
        row = await one(
            db,
            f"SELECT * FROM guard.{table} WHERE state = 'waiting' AND next_try_at <= now()"  # noqa: S608
            " ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED",
        )
        if row is None:
            return False
        state, error = await _try(core, db, table, row)
        wait = min(BACKOFF_SECONDS_FIRST * 2 ** row["attempts"], BACKOFF_SECONDS_MAX)
        if state == "waiting" and row["attempts"] + 1 >= TRIES_MAX:
            state = "failed"
        wipe = ", sealed = NULL" if table == "letter" and state != "waiting" else ""
        await db.execute(
            f"UPDATE guard.{table} SET state = %s, attempts = attempts + 1, last_error = %s,"  # noqa: S608
            " sent_at = CASE WHEN %s = 'sent' THEN now() END,"
            f" next_try_at = now() + make_interval(secs => %s){wipe} WHERE id = %s",
            [state, error, state, wait, row["id"]],
        )
    return True


async def _try(core: Core, db: Db, table: str, row: DictRow) -> tuple[str, str | None]:
    """The row's next state, and the kind of error if there was one."""
    try:
        prepare = _of_postbox if table == "postbox" else _of_letter
        await _send(core, row, await prepare(core, db, row))
    except (psycopg.Error, PoolTimeout, LedgerError):
        raise  # nothing left: the whole turn is taken back
    except (UndeliverableError, BoxError) as error:
        log.warning("%s: undeliverable: %s", table, error)
        return "failed", str(error)
    except smtplib.SMTPRecipientsRefused as refused:
        code = max((code for code, _ in refused.recipients.values()), default=0)
        if code < PERMANENT:
            return "waiting", str(code)
        if table == "postbox":
            await keep_returned(db, row["id"], str(code))
        return "failed", str(code)
    except Exception as error:
        log.warning("%s: %s", table, type(error).__name__)
        return "waiting", type(error).__name__
    return "sent", None


async def _send(core: Core, row: DictRow, outgoing: Outgoing) -> None:
    """Connects, writes down, sends: no entry for a mail that had nowhere to go."""
    carrier = await asyncio.to_thread(connect, core.settings)
    try:
        await core.ledger.append(
            system_entry(
                "deliver", "deliver", purpose=row["purpose"], site_id=outgoing.site_id,
                fields=outgoing.fields, records=outgoing.records, persons=outgoing.persons,
            )
        )  # fmt: skip
        await asyncio.to_thread(carrier.send, str(row["id"]), outgoing.message, outgoing.envelope)
    finally:
        await asyncio.to_thread(carrier.close)


async def _of_postbox(core: Core, db: Db, row: DictRow) -> Outgoing:
    if not PURPOSE.fullmatch(row["purpose"]):
        raise UndeliverableError("purpose")
    record_id = row["record_id"]
    record = (await core.vault.find(db, [record_id])).get(record_id)
    if record is None:
        await core.inbox.empty(record_ids=[record_id])
        record = (await core.vault.find(db, [record_id])).get(record_id)
    # The worker may name any record; only those of its own site are written to.
    if record is None or record.site_id != row["site_id"] or not record.data_key:
        raise UndeliverableError("record")
    if row["purpose"].startswith(PROMOTION) and await has_returned(db, record.person_id):
        raise UndeliverableError("returned")
    if await is_honey(db, record_id):
        raise UndeliverableError("nobody")
    if LEAKING_TEXT.search(row["body_text"]) or LEAKING_MARKUP.search(row["body_html"]):
        raise UndeliverableError("placeholder")
    fields = await core.vault.open(db, record)
    values = placeholders(fields)
    message = await _message(
        core, db, row, to=fields.get("email", ""), subject=fill(row["subject"], values),
        text=fill(row["body_text"], values), markup=fill(row["body_html"], values, markup=True),
    )  # fmt: skip
    used = fields_used(row["subject"], row["body_text"], row["body_html"])
    if row["unsubscribe"]:  # RFC 8058: one click, without a page in between
        message["List-Unsubscribe"] = f"<{plain(row['unsubscribe'], 500)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return Outgoing(
        message, used, row["site_id"], [record_id], [record.person_id],
        await envelope_of(core, db, row["id"]),
    )  # fmt: skip


async def _of_letter(core: Core, db: Db, row: DictRow) -> Outgoing:
    letter = await open_letter(core, db, row)
    message = await _message(
        core, db, row, to=letter.to, subject=letter.subject, text=letter.text, markup=letter.html
    )
    persons = [row["person_id"]] if row["person_id"] else []
    return Outgoing(message, ["email"], row["site_id"], [], persons)


async def _message(
    core: Core, db: Db, row: DictRow, *, to: str, subject: str, text: str, markup: str
) -> EmailMessage:
    site = await one(db, "SELECT * FROM guard.site WHERE site_id = %s", [row["site_id"]])
    if row["site_id"] is None:
        site = {"name": PLATFORM, "mail_from": core.settings.mail_from}
    if site is None:
        raise UndeliverableError("site")
    message = EmailMessage(WIRE)
    try:
        message["From"] = Address(plain(site["name"], 120), addr_spec=site["mail_from"])
        message["To"] = Address(addr_spec=to)
    except (ValueError, IndexError, MessageError):
        raise UndeliverableError("address") from None
    message["Subject"] = plain(subject, 500)
    message["Date"] = format_datetime(row["posted_at"])
    message["Message-ID"] = f"<{row['id']}@{site['mail_from'].partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message[SITE_HEADER] = str(row["site_id"] or "")
    message.set_content(text)
    if markup:
        message.add_alternative(markup, subtype="html")
    return message

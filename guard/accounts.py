"""The accounts themselves: rows of guard.principal, found by a keyed hash of the login."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import msgspec
from psycopg.rows import DictRow

from guard.core import Core
from guard.db import Db, every, one
from guard.index import normal_email
from guard.own_keys import OwnKey, Roots
from guard.refusal import Refusal
from guard.sessions import end_sessions

CONSOLE = UUID(int=0)  # the scope of operators and staff
EMAIL = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\"]+")
UNKNOWN_HANDLE = "＊"


def proper_email(text: str) -> str:
    """The normal form of an address that a mail could be sent to. Refusal `invalid`."""
    email = normal_email(text)
    if len(email) > 254 or not EMAIL.fullmatch(email) or not email.isprintable():
        raise Refusal("invalid", "not an e-mail address")
    return email


def login_name(scope: UUID, email: str) -> str:
    return f"{scope}|{normal_email(email)}"


def login_index(key: OwnKey, scope: UUID, email: str) -> bytes:
    """What it is found by: a copy of the database does not tell guesses from truths."""
    return hmac.digest(key.secret, login_name(scope, email).encode(), hashlib.sha256)


async def find_account(core: Core, db: Db, scope: UUID, email: str) -> DictRow | None:
    keys, tried = await core.own_keys.standing(db, "accounts"), list[OwnKey]()
    row: DictRow | None = None
    while row is None and keys != tried:  # a new key could have come in between
        row = await one(
            db, "SELECT * FROM guard.principal WHERE scope = %s AND login_index = ANY(%s)",
            [scope, [login_index(key, scope, email) for key in keys]],
        )  # fmt: skip
        if row is None:
            keys, tried = await core.own_keys.standing(db, "accounts"), keys
    return row


async def add_account(
    core: Core, db: Db, *, kind: str, scope: UUID, email: str, name: str = "", handle: str,
    state: str, **columns: Any,
) -> UUID:  # fmt: skip
    """A new row of guard.principal. Refusal `conflict` when the login is taken."""
    principal_id = uuid4()
    newest, *older = await core.own_keys.to_write(db, "accounts")
    root = await core.own_keys.root_to_write(db)
    row = await one(
        db,
        "INSERT INTO guard.principal (principal_id, kind, scope, login_index, key_version, site_id,"
        " person_id, company_id, site_ids, role, handle, sealed, root_version, state)"
        " SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s::uuid[], %s, %s, %s, %s, %s WHERE NOT EXISTS ("
        " SELECT 1 FROM guard.principal WHERE scope = %s AND login_index = ANY(%s))"
        " ON CONFLICT (scope, login_index) DO NOTHING RETURNING principal_id",
        [
            principal_id, kind, scope, login_index(newest, scope, email), newest.version,
            columns.get("site_id"), columns.get("person_id"), columns.get("company_id"),
            columns.get("site_ids", []), columns.get("role"), handle,
            seal_contact(root, principal_id, email, name), root.version, state,
            scope, [login_index(key, scope, email) for key in older],
        ],
    )  # fmt: skip
    if row is None:
        raise Refusal("conflict", "the login exists")
    return principal_id


def seal_contact(root: OwnKey, principal_id: UUID, email: str, name: str) -> bytes:
    body = msgspec.json.encode({"email": email, "name": name})
    return root.box("principal").seal(body, str(principal_id))


def email_of(roots: Roots, account: DictRow) -> str:
    """Raises BoxError."""
    box = roots[account["root_version"]].box("principal")
    body = box.open(account["sealed"], str(account["principal_id"]))
    return msgspec.json.decode(body, type=dict[str, str])["email"]


def masked_email(email: str) -> str:
    """h***@example.com"""
    local, _, domain = email.partition("@")
    return f"{local[:1]}***@{domain}"


def masked_name(fields: Mapping[str, str]) -> str:
    """山＊ ＊＊ or S*** ***: one character with its marks, and no length."""
    family = fields.get("family_name", "").strip()
    if not family:
        return UNKNOWN_HANDLE
    first = family[0]
    for character in family[1:]:
        selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
        if not (selector or unicodedata.combining(character)):
            break
        first += character
    return f"{first.upper()}*** ***" if first.isascii() else f"{first}＊ ＊＊"


async def answerable(db: Db, site_id: UUID | None) -> list[DictRow]:
    """Who is told of what happens at a site: its owners; of the platform's own: its staff."""
    return await every(
        db,
        "SELECT * FROM guard.principal WHERE state = 'active' AND CASE WHEN %(site)s::uuid IS NULL"
        " THEN kind = 'staff'"
        " ELSE kind = 'operator' AND role = 'owner' AND %(site)s = ANY (site_ids) END"
        " ORDER BY principal_id LIMIT 50",
        {"site": site_id},
    )


async def hold(db: Db, principal_id: str) -> None:
    """What this one does comes one after another from here to the end of the transaction."""
    query = "SELECT 1 FROM guard.principal WHERE principal_id = %s FOR UPDATE"
    await one(db, query, [principal_id])


async def credential(db: Db, principal_id: UUID, kind: str) -> DictRow | None:
    return await one(
        db,
        "SELECT * FROM guard.credential WHERE principal_id = %s AND kind = %s",
        [principal_id, kind],
    )


async def retire(db: Db, principal_id: UUID) -> None:
    """An account that nobody comes back to: its login is free again, every way in is gone."""
    await db.execute(
        "UPDATE guard.principal SET state = 'disabled', login_index = uuid_send(%s),"
        " sealed = '', handle = '＊' WHERE principal_id = %s",
        [uuid4(), principal_id],
    )
    await forget_credentials(db, principal_id)
    await end_sessions(db, principal_id)


async def forget_credentials(db: Db, principal_id: UUID) -> None:
    """Every way in."""
    for table in ("credential", "passkey"):
        await db.execute(f"DELETE FROM guard.{table} WHERE principal_id = %s", [principal_id])  # noqa: S608

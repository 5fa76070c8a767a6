"""Registering and resetting by a mailed code. Neither tells whether an address has an account."""

import logging
import os
import secrets
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

import msgspec
from psycopg.rows import DictRow

from guard.accounts import (
    add_account,
    find_account,
    login_name,
    masked_name,
    proper_email,
)  # fmt: skip
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, one
from guard.entry import system_entry
from guard.keys import BoxError
from guard.letters import write_letter
from guard.own_keys import FIRST_VERSION, OwnKey
from guard.passwords import Hashed, check_password
from guard.pepper import hash_password, keep_passwords
from guard.refusal import Refusal
from guard.sessions import end_sessions, start_session
from guard.vault import NewRecord, proper_fields
from guard.wire import (
    ConfirmRegistration,
    Done,
    FinishReset,
    Pending,
    SignedIn,
    StartRegistration,
    StartReset,
)  # fmt: skip

CODE_AGE = timedelta(minutes=10)
CODE_TRIES = 5

log = logging.getLogger("guard")


class Waiting(msgspec.Struct, frozen=True):
    """What a row of guard.pending holds sealed."""

    email: str
    password_hash: str = ""
    fields: dict[str, str] = {}
    hash_version: int = FIRST_VERSION


async def start_registration(core: Core, asker: Asker, ask: StartRegistration) -> Pending:
    email = proper_email(ask.email)
    check_password(ask.password, email)
    if not proper_fields(ask.fields):
        raise Refusal("invalid", "fields")
    login = login_name(ask.site_id, email)
    await core.throttle.ask_for_letter(account=login, address=asker.address)
    hashed = await hash_password(core, ask.password)
    fields = {**ask.fields, "email": email}
    waiting = Waiting(email, hashed.value.decode(), fields, hashed.version)
    async with core.pool.connection() as db, db.transaction():
        await _need_site(db, ask.site_id)
        account = await find_account(core, db, ask.site_id, email)
        code = "" if account else _new_code()
        pending = await _remember(core, db, "registration", waiting, code=code, site_id=ask.site_id)
        await write_letter(
            core, db, "account.exists" if account else "account.register", site_id=ask.site_id,
            to=email, code=code, person_id=account["person_id"] if account else None,
        )  # fmt: skip
        entry = asker.entry("register.start", site_id=ask.site_id)
        await core.ledger.append_in(db, [entry])
    return Pending(pending=pending)


async def confirm_registration(core: Core, asker: Asker, ask: ConfirmRegistration) -> SignedIn:
    row, waiting = await _try_code(core, asker, "registration", ask.pending, ask.code)
    site_id, hashed = row["site_id"], waiting.password_hash.encode()
    async with core.pool.connection() as db, db.transaction():
        await _use_up(db, row)
        principal_id, _ = await add_member(
            core, db, site_id, email=waiting.email, fields=waiting.fields,
            hashed=Hashed(hashed, waiting.hash_version),
        )  # fmt: skip
        account = await one(
            db, "SELECT * FROM guard.principal WHERE principal_id = %s", [principal_id]
        )
        if account is None:
            raise Refusal("unavailable")
        signed, now = await start_session(db, account, asker)
        entry = now.entry("register", site_id=site_id, persons=[account["person_id"]])
        await core.ledger.append_in(db, [entry])
    return signed


async def add_member(
    core: Core, db: Db, site_id: UUID, *, email: str, hashed: Hashed, fields: dict[str, str]
) -> tuple[UUID, UUID]:
    """The account, its person (who may have ordered before) and profile; their two ids. Without
    a hash they must reset their password by mail before they can sign in."""
    person = (await core.vault.people(db, site_id, [{"email": email}]))[0]
    principal_id = await add_account(
        core, db, kind="member", scope=site_id, email=email, handle=masked_name(fields),
        state="active", site_id=site_id, person_id=person.person_id,
    )  # fmt: skip
    if hashed.value:
        await keep_passwords(core, db, {principal_id: hashed})
    profile = await one(
        db, "SELECT 1 FROM guard.record WHERE person_id = %s AND kind = 'profile'",
        [person.person_id],
    )  # fmt: skip
    if fields and profile is None:
        record = NewRecord(uuid4(), "profile", fields, person, "register")
        await core.vault.store(db, [record])
        stored = system_entry(
            "vault", "vault.store", site_id=site_id, records=[record.record_id],
            persons=[person.person_id],
        )  # fmt: skip
        await core.ledger.append_in(db, [stored])
    return principal_id, person.person_id


async def start_reset(core: Core, asker: Asker, ask: StartReset) -> Pending:
    email = proper_email(ask.email)
    login = login_name(ask.site_id, email)
    await core.throttle.ask_for_letter(account=login, address=asker.address)
    async with core.pool.connection() as db, db.transaction():
        await _need_site(db, ask.site_id)
        account = await find_account(core, db, ask.site_id, email)
        code = _new_code()
        pending = await _remember(
            core, db, "reset", Waiting(email), code=code if account else "", site_id=ask.site_id,
            principal_id=account["principal_id"] if account else None,
        )  # fmt: skip
        await write_letter(
            core, db, "account.reset", site_id=ask.site_id, to=email, code=code,
            person_id=account["person_id"] if account else None, void=account is None,
        )  # fmt: skip
        await core.ledger.append_in(db, [asker.entry("reset.start", site_id=ask.site_id)])
    return Pending(pending=pending)


async def finish_reset(core: Core, asker: Asker, ask: FinishReset) -> Done:
    check_password(ask.password)
    row, waiting = await _try_code(core, asker, "reset", ask.pending, ask.code)
    email = waiting.email
    check_password(ask.password, email)
    hashed = await hash_password(core, ask.password)
    async with core.pool.connection() as db, db.transaction():
        await _use_up(db, row)
        await keep_passwords(core, db, {row["principal_id"]: hashed})
        await end_sessions(db, row["principal_id"])
        await core.throttle.passed(db, account=login_name(row["site_id"], email))
        account = await one(
            db, "SELECT person_id FROM guard.principal WHERE principal_id = %s",
            [row["principal_id"]],
        )  # fmt: skip
        persons = [account["person_id"]] if account else []
        entry = asker.entry("reset", site_id=row["site_id"], persons=persons)
        await core.ledger.append_in(db, [entry])
    return Done()


async def _need_site(db: Db, site_id: UUID) -> None:
    if await one(db, "SELECT 1 FROM guard.site WHERE site_id = %s", [site_id]) is None:
        raise Refusal("not_found", "no such site")


def _new_code() -> str:
    return f"{secrets.randbelow(1_000_000):06}"


def _code_hash(root: OwnKey, pending_id: UUID, code: str) -> bytes:
    return root.digest("code", f"{pending_id}|{code}")


async def _remember(
    core: Core, db: Db, kind: Literal["registration", "reset"], waiting: Waiting, *, code: str,
    site_id: UUID, principal_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Without a code, nothing typed in will ever fit."""
    pending_id, root = uuid4(), await core.own_keys.root_to_write(db)
    await db.execute(
        "INSERT INTO guard.pending (pending_id, kind, site_id, principal_id, sealed, root_version,"
        " code_hash, expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            pending_id, kind, site_id, principal_id,
            root.box("pending").seal(msgspec.msgpack.encode(waiting), str(pending_id)),
            root.version, _code_hash(root, pending_id, code) if code else os.urandom(32),
            datetime.now(UTC) + CODE_AGE,
        ],
    )  # fmt: skip
    return pending_id


async def _try_code(
    core: Core, asker: Asker, kind: str, pending_id: UUID, code: str
) -> tuple[DictRow, Waiting]:
    """The pending row, and what it holds, when the code is right. The try counts before it is
    compared."""
    async with core.pool.connection() as db:
        row = await one(
            db,
            "UPDATE guard.pending SET tries = tries + 1 WHERE pending_id = %s AND kind = %s"
            " AND used_at IS NULL AND expires_at > now() AND tries < %s RETURNING *",
            [pending_id, kind, CODE_TRIES],
        )
        roots = await core.own_keys.roots(db)
    if row is not None:
        try:
            root = roots[row["root_version"]]
            if secrets.compare_digest(row["code_hash"], _code_hash(root, pending_id, code)):
                body = root.box("pending").open(row["sealed"], str(pending_id))
                return row, msgspec.msgpack.decode(body, type=Waiting)
        except BoxError:
            log.warning("a %s that does not open", kind)
    verb = "register" if kind == "registration" else "reset"
    site_id = row["site_id"] if row else None
    await core.ledger.append(asker.entry(verb, site_id=site_id, outcome="refused:code"))
    raise Refusal("code")


async def _use_up(db: Db, row: DictRow) -> None:
    used = await one(
        db,
        "UPDATE guard.pending SET used_at = now(), sealed = '' WHERE pending_id = %s"
        " AND used_at IS NULL RETURNING pending_id",
        [row["pending_id"]],
    )
    if used is None:
        raise Refusal("code")

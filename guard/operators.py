"""Operators and staff: invited, enrolled, changed, disabled."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pyotp
from psycopg.rows import DictRow

from guard import totp
from guard.accounts import (
    CONSOLE,
    add_account,
    email_of,
    find_account,
    forget_credentials,
    masked_email,
    proper_email,
    seal_contact,
)  # fmt: skip
from guard.asker import Asker, plain
from guard.core import Core
from guard.db import Db, every, one
from guard.letters import tell_of_recovery
from guard.own_keys import FIRST_VERSION
from guard.passwords import Hashed, check_password
from guard.pepper import hash_password, keep_passwords
from guard.refusal import Refusal
from guard.sessions import digest, end_sessions
from guard.wire import (
    AddOperator,
    ConfirmEnrolment,
    DisableOperator,
    Done,
    Enrol,
    Enrolment,
    ListOperators,
    OperatorAdded,
    OperatorRow,
    Operators,
    UpdateOperator,
)  # fmt: skip

INVITATION_AGE = timedelta(days=7)
TRIES = 5


class Enrolling(msgspec.Struct, frozen=True):
    """What waits, sealed, between choosing a password and proving the authenticator."""

    password_hash: str
    totp_secret: str
    hash_version: int = FIRST_VERSION


async def add_operator(core: Core, asker: Asker, ask: AddOperator) -> OperatorAdded:
    _within(asker, ask.company_id)
    email, handle, name = proper_email(ask.email), plain(ask.handle, 40), plain(ask.name, 80)
    if not handle:
        raise Refusal("invalid", "handle")
    async with core.pool.connection() as db, db.transaction():
        await need_sites(db, ask.company_id, ask.site_ids)
        account = await find_account(core, db, CONSOLE, email)
        if account is None:
            operator_id = await add_account(
                core, db, kind="operator", scope=CONSOLE, email=email, name=name, handle=handle,
                state="invited", company_id=ask.company_id, site_ids=ask.site_ids, role=ask.role,
            )  # fmt: skip
        else:
            operator_id = account["principal_id"]
            await _invite_again(core, db, account, ask, handle=handle, email=email, name=name)
        token = await invite(db, operator_id)
        await write_down(core, db, asker, "operator.add", operator_id)
    return OperatorAdded(operator_id=operator_id, token=token)


async def _invite_again(
    core: Core, db: Db, account: DictRow, ask: AddOperator, *, handle: str, email: str, name: str
) -> None:
    operator_id = account["principal_id"]
    if account["company_id"] != ask.company_id or account["state"] == "active":
        raise Refusal("conflict", "the login exists")
    root = await core.own_keys.root_to_write(db)
    await db.execute(
        "UPDATE guard.principal SET state = 'invited', role = %s, site_ids = %s::uuid[],"
        " handle = %s, sealed = %s, root_version = %s WHERE principal_id = %s",
        [
            ask.role, ask.site_ids, handle, seal_contact(root, operator_id, email, name),
            root.version, operator_id,
        ],
    )  # fmt: skip
    await void_invitations(db, operator_id)
    await forget_credentials(db, operator_id)


async def invite(db: Db, operator_id: UUID, *, not_before: datetime | None = None) -> str:
    """A new invitation; the token of it, of which only the digest is kept."""
    token, since = secrets.token_urlsafe(32), not_before or datetime.now(UTC)
    await db.execute(
        "INSERT INTO guard.pending (pending_id, kind, principal_id, sealed, code_hash,"
        " expires_at, not_before) VALUES (%s, 'enrolment', %s, '', %s, %s, %s)",
        [uuid4(), operator_id, digest(token), since + INVITATION_AGE, not_before],
    )
    return token


async def enrol(core: Core, asker: Asker, ask: Enrol) -> Enrolment:
    row = await _invitation(core, asker, ask.token, count=False)
    async with core.pool.connection() as db:
        email = email_of(await core.own_keys.roots(db), row)
    check_password(ask.password, email)
    hashed = await hash_password(core, ask.password)
    secret = pyotp.random_base32()
    body = msgspec.msgpack.encode(Enrolling(hashed.value.decode(), secret, hashed.version))
    async with core.pool.connection() as db, db.transaction():
        root = await core.own_keys.root_to_write(db)
        sealed = root.box("pending").seal(body, str(row["pending_id"]))
        await db.execute(
            "UPDATE guard.pending SET sealed = %s, root_version = %s WHERE pending_id = %s",
            [sealed, root.version, row["pending_id"]],
        )
    uri = pyotp.TOTP(secret).provisioning_uri(name=row["handle"], issuer_name=totp.ISSUER)
    return Enrolment(totp_secret=secret, otpauth_uri=uri)


async def confirm_enrolment(core: Core, asker: Asker, ask: ConfirmEnrolment) -> Done:
    row = await _invitation(core, asker, ask.token, count=True)
    if not row["pending_sealed"]:
        raise Refusal("code")
    async with core.pool.connection() as db:
        roots = await core.own_keys.roots(db)
    box = roots[row["pending_root"]].box("pending")
    body = box.open(row["pending_sealed"], str(row["pending_id"]))
    chosen = msgspec.msgpack.decode(body, type=Enrolling)
    operator_id, step = row["principal_id"], totp.step_of(chosen.totp_secret, ask.totp)
    if step is None:
        raise Refusal("code")
    hashed = Hashed(chosen.password_hash.encode(), chosen.hash_version)
    async with core.pool.connection() as db, db.transaction():
        active = await one(
            db,
            "UPDATE guard.principal SET state = 'active' WHERE principal_id = %s AND state = %s"
            " AND EXISTS (SELECT 1 FROM guard.pending WHERE pending_id = %s AND used_at IS NULL)"
            " RETURNING principal_id",
            [operator_id, row["state"], row["pending_id"]],
        )
        if active is None:
            raise Refusal("code")
        await void_invitations(db, operator_id)
        # After a recovery: whatever there was is somebody else's now, perhaps.
        await forget_credentials(db, operator_id)
        await end_sessions(db, operator_id)
        await keep_passwords(core, db, {operator_id: hashed})
        await totp.keep_seed(core, db, operator_id, chosen.totp_secret, used_step=step)
        if row["state"] == "active":
            await tell_of_recovery(core, db, email_of(roots, row), "done")
        await write_down(core, db, asker, "operator.enrol", operator_id)
    return Done()


async def _invitation(core: Core, asker: Asker, token: str, *, count: bool) -> DictRow:
    """The open invitation and its account. Refusal `code`; wrong tokens slow the address down."""
    await core.throttle.attempt(address=asker.address)
    async with core.pool.connection() as db:
        row = await one(
            db,
            "UPDATE guard.pending e SET tries = tries + %s FROM guard.principal p"
            " WHERE e.kind = 'enrolment' AND e.code_hash = %s AND e.used_at IS NULL"
            " AND e.expires_at > now() AND e.tries < %s AND p.principal_id = e.principal_id"
            " AND (p.state = 'invited' OR (p.state = 'active' AND e.not_before <= now()))"
            " RETURNING p.*, e.pending_id, e.sealed AS pending_sealed,"
            " e.root_version AS pending_root",
            [int(count), digest(token), TRIES],
        )
        if row is None:
            raise Refusal("code")
        await core.throttle.passed(db, address=asker.address)
    return row


async def list_operators(core: Core, asker: Asker, ask: ListOperators) -> Operators:
    company_id = ask.company_id
    if asker.kind == "operator":
        company_id = company_id or asker.company_id
        _within(asker, company_id)
    async with core.pool.connection() as db:
        rows = await every(
            db,
            "SELECT p.*, r.approvers, r.ready_at FROM guard.principal p LEFT JOIN guard.recovery r"
            " ON r.principal_id = p.principal_id AND r.ended_at IS NULL"
            " WHERE kind IN ('operator', 'staff') AND (%s::uuid IS NULL OR company_id = %s)"
            " ORDER BY made_at, p.principal_id",
            [company_id, company_id],
        )
        roots = await core.own_keys.roots(db)
    return Operators(
        operators=[
            OperatorRow(
                operator_id=row["principal_id"], kind=row["kind"], company_id=row["company_id"],
                handle=row["handle"], role=row["role"], site_ids=row["site_ids"],
                state=row["state"], masked_email=masked_email(email_of(roots, row)),
                recovery_approvals=len(row["approvers"] or []), recovery_at=row["ready_at"],
            )
            for row in rows
        ]
    )  # fmt: skip


async def update_operator(core: Core, asker: Asker, ask: UpdateOperator) -> Done:
    async with core.pool.connection() as db, db.transaction():
        account = await _target(db, asker, ask.operator_id)
        if account["kind"] != "operator":
            raise Refusal("not_found")
        if ask.site_ids is not None:
            await need_sites(db, account["company_id"], ask.site_ids)
        await db.execute(
            "UPDATE guard.principal SET role = coalesce(%s, role),"
            " site_ids = coalesce(%s::uuid[], site_ids) WHERE principal_id = %s",
            [ask.role, ask.site_ids, ask.operator_id],
        )
        await write_down(core, db, asker, "operator.update", ask.operator_id)
    return Done()


async def disable_operator(core: Core, asker: Asker, ask: DisableOperator) -> Done:
    async with core.pool.connection() as db, db.transaction():
        await _target(db, asker, ask.operator_id)
        if str(ask.operator_id) == asker.principal:
            raise Refusal("conflict", "nobody disables themselves")
        await db.execute(
            "UPDATE guard.principal SET state = 'disabled' WHERE principal_id = %s",
            [ask.operator_id],
        )
        await void_invitations(db, ask.operator_id)
        await end_sessions(db, ask.operator_id)
        await write_down(core, db, asker, "operator.disable", ask.operator_id)
    return Done()


async def need_sites(db: Db, company_id: UUID | None, site_ids: list[UUID]) -> None:
    """Refusal `invalid` unless all of them are this company's."""
    own = await every(db, "SELECT site_id FROM guard.site WHERE company_id = %s", [company_id])
    if not set(site_ids) <= {row["site_id"] for row in own}:
        raise Refusal("invalid", "sites of another company")
    known = await one(db, "SELECT 1 FROM guard.company WHERE company_id = %s", [company_id])
    if known is None:
        raise Refusal("not_found", "no such company")


async def hold_site(db: Db, asker: Asker, site_id: UUID) -> None:
    """Until the caller's transaction ends: changes of its settings come one after another. Refusal
    `not_found` for another company's."""
    query = "SELECT company_id FROM guard.site WHERE site_id = %s FOR UPDATE"
    found = await one(db, query, [site_id])
    if found is None or asker.company_id not in (None, found["company_id"]):
        raise Refusal("not_found", "no such site")


def _within(asker: Asker, company_id: UUID | None) -> None:
    """An owner's hand reaches as far as their company, staff's everywhere."""
    if asker.kind == "operator" and company_id != asker.company_id:
        raise Refusal("forbidden", "another company")


async def find_target(db: Db, operator_id: UUID) -> DictRow | None:
    """Held until the end of the transaction."""
    return await one(
        db,
        "SELECT * FROM guard.principal WHERE principal_id = %s AND kind IN ('operator', 'staff')"
        " FOR UPDATE",
        [operator_id],
    )


async def _target(db: Db, asker: Asker, operator_id: UUID) -> DictRow:
    account = await find_target(db, operator_id)
    if account is None or (asker.kind == "operator" and account["company_id"] != asker.company_id):
        raise Refusal("not_found")
    return account


async def void_invitations(db: Db, operator_id: UUID) -> None:
    """And a recovery, which leads to one."""
    await db.execute(
        "UPDATE guard.recovery SET ended_at = now() WHERE principal_id = %s AND ended_at IS NULL",
        [operator_id],
    )
    await db.execute(
        "UPDATE guard.pending SET used_at = now(), sealed = '' WHERE principal_id = %s"
        " AND kind = 'enrolment' AND used_at IS NULL",
        [operator_id],
    )


async def write_down(core: Core, db: Db, asker: Asker, verb: str, operator_id: UUID) -> None:
    """The purpose names the account it was done to."""
    await core.ledger.append_in(db, [asker.entry(verb, purpose=f"operator.{operator_id}")])

"""A new enrolment for an operator who lost every device: two others approve, then time passes.

Whoever it is can say no meanwhile: they are told by letter at each step, and their own open
session, or any approver, ends it.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from psycopg.rows import DictRow

from guard.accounts import email_of
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, one
from guard.letters import tell_of_recovery
from guard.operators import find_target, invite, void_invitations, write_down
from guard.proving import facts_of, need_proof
from guard.refusal import Refusal
from guard.wire import ApproveRecovery, CancelRecovery, Done, Recovery

APPROVERS = 2
APPROVAL_AGE = timedelta(days=7)  # a first approval waits no longer for the second

_OPEN = """SELECT * FROM guard.recovery WHERE principal_id = %s AND ended_at IS NULL
    AND (ready_at IS NOT NULL OR asked_at > %s)"""
_READY = """UPDATE guard.recovery SET approvers = %s::uuid[], ready_at = %s
    WHERE principal_id = %s AND ended_at IS NULL"""
_END = """UPDATE guard.recovery SET ended_at = now() WHERE principal_id = %s AND ended_at IS NULL
    RETURNING recovery_id"""


async def approve_recovery(core: Core, asker: Asker, ask: ApproveRecovery) -> Recovery:
    facts = facts_of("account.recover", [], [ask.operator_id])
    await need_proof(core, asker, ask.proof, facts)
    me, token, ready_at = UUID(asker.principal), "", None
    async with core.pool.connection() as db, db.transaction():
        target = await _target(db, asker, ask.operator_id)
        found = await one(db, _OPEN, [ask.operator_id, datetime.now(UTC) - APPROVAL_AGE])
        approvers = [*(found["approvers"] if found else []), me]
        if len(set(approvers)) < len(approvers) or (found and found["ready_at"]):
            raise Refusal("conflict", "approved already")
        if found is None:
            await db.execute(_END, [ask.operator_id])  # one that waited too long
            await db.execute(
                "INSERT INTO guard.recovery (principal_id, approvers) VALUES (%s, %s::uuid[])",
                [ask.operator_id, approvers],
            )
        if len(approvers) >= APPROVERS:
            ready_at = datetime.now(UTC) + core.settings.recovery_hold
            await db.execute(_READY, [approvers, ready_at, ask.operator_id])
            token = await invite(db, ask.operator_id, not_before=ready_at)
        to = email_of(await core.own_keys.roots(db), target)
        await tell_of_recovery(core, db, to, "approved" if token else "asked")
        await write_down(core, db, asker, "recovery.approve", ask.operator_id)
    return Recovery(approvals=len(approvers), ready_at=ready_at, token=token)


async def cancel_recovery(core: Core, asker: Asker, ask: CancelRecovery) -> Done:
    operator_id = ask.operator_id or UUID(asker.principal)
    async with core.pool.connection() as db, db.transaction():
        if str(operator_id) == asker.principal:
            target = await find_target(db, operator_id)
        elif asker.kind == "staff" or asker.role == "owner":
            target = await _target(db, asker, operator_id)
        else:
            raise Refusal("forbidden")
        if target is None or await one(db, _END, [operator_id]) is None:
            raise Refusal("not_found")
        await void_invitations(db, operator_id)
        to = email_of(await core.own_keys.roots(db), target)
        await tell_of_recovery(core, db, to, "cancelled")
        await write_down(core, db, asker, "recovery.cancel", operator_id)
    return Done()


async def _target(db: Db, asker: Asker, operator_id: UUID) -> DictRow:
    """Somebody else, active and within the asker's reach. Refusal `not_found` or `conflict`."""
    account = await find_target(db, operator_id)
    is_within = asker.kind == "staff" or (
        account is not None and account["company_id"] == asker.company_id
    )
    if account is None or not is_within or account["state"] != "active":
        raise Refusal("not_found")
    if str(operator_id) == asker.principal:
        raise Refusal("conflict", "nobody approves for themselves")
    return account

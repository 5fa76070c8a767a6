"""A shop may want two people for a provider's new key, for the ways to pay, or for a program's key:
who has the first has the money, who has the last reads who ordered.

Switched on by one owner, at once, where there is another; switched off only by two, like the key
itself. The second is another owner of the site, in another session on another device, with a fresh
proof bound to what is stored here: nothing of the deed is taken from what the second sends. After
`GOOD_FOR` it has to be asked for anew.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self
from uuid import UUID

import msgspec
from psycopg.rows import DictRow

from guard import api_keys, passkeys, provider
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, one
from guard.operators import hold_site
from guard.own_keys import OwnKey
from guard.policy import need_site
from guard.proving import facts_of, need_proof
from guard.refusal import Refusal
from guard.wire import (
    ApiKeyMade,
    ApiKeySpec,
    ApproveSecond,
    CancelSecond,
    Done,
    GetSeconds,
    MakeApiKey,
    SecondDone,
    SecondRow,
    Seconds,
    SecretKept,
    SetProviderSecret,
    SetSecond,
    SetWaysToPay,
)

GOOD_FOR = timedelta(hours=24)
WAYS = re.compile(r"[a-z_,]{0,100}:[0-9]{0,2}")  # card,konbini:3

_WANTED = "SELECT wanted FROM guard.second_rule WHERE site_id = %s ORDER BY rule_id DESC LIMIT 1"
_OTHER = """SELECT 1 FROM guard.principal WHERE kind = 'operator' AND state = 'active'
    AND role = 'owner' AND %s = ANY (site_ids) AND principal_id <> %s LIMIT 1"""
# What is asked for anew takes the place of what waited, and of what waited too long.
_REPLACE = """UPDATE guard.second SET ended_at = now(), sealed = '' WHERE site_id = %s AND deed = %s
    AND provider = %s AND (name = %s OR deed = 'provider.ways') AND ended_at IS NULL"""
_ASK = """INSERT INTO guard.second (site_id, deed, provider, name, last4, sealed, digest,
    root_version, asked_by, session_id, address, agent)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    RETURNING second_id"""
_SHOWN = """SELECT s.*, p.handle AS asker FROM guard.second s
    JOIN guard.principal p ON p.principal_id = s.asked_by"""
_WAITING = f"{_SHOWN} WHERE s.site_id = %s AND s.ended_at IS NULL AND s.asked_at > %s ORDER BY 1"
_ONE = f"{_SHOWN} WHERE s.second_id = %s FOR UPDATE OF s"


class Deed(NamedTuple):
    site_id: UUID
    deed: str
    provider: str = ""
    name: str = ""

    @classmethod
    def of(cls, row: DictRow) -> Self:
        return cls(row["site_id"], row["deed"], row["provider"], row["name"])

    @property
    def binding(self) -> str:
        return "|".join(("lockstitch.second", *map(str, self)))


async def set_provider_secret(core: Core, asker: Asker, ask: SetProviderSecret) -> SecretKept:
    """At once, or once somebody else says so."""
    need_site(asker, ask.site_id)
    value = provider.proper_secret(ask.provider, ask.name, ask.value)
    async with core.pool.connection() as db, db.transaction():
        # Nobody keeps a key beside a rule that is being made.
        await hold_site(db, asker, ask.site_id)
        waits = await _is_wanted(db, ask.site_id)
        if waits:
            deed = Deed(ask.site_id, "provider.secret", ask.provider, ask.name)
            await _ask(core, db, asker, deed, value)
        else:
            await provider.keep(
                core, db, asker, site_id=ask.site_id, provider=ask.provider, name=ask.name,
                value=value,
            )  # fmt: skip
    return SecretKept(waits=waits)


async def set_ways_to_pay(core: Core, asker: Asker, ask: SetWaysToPay) -> SecretKept:
    need_site(asker, ask.site_id)
    if not WAYS.fullmatch(ask.ways):
        raise Refusal("invalid", "ways to pay")
    deed = Deed(ask.site_id, "provider.ways", ask.provider, ask.ways)
    async with core.pool.connection() as db, db.transaction():
        await hold_site(db, asker, ask.site_id)
        waits = await _is_wanted(db, ask.site_id)
        await (_ask(core, db, asker, deed, "") if waits else _ways(core, db, asker, deed))
    return SecretKept(waits=waits)


async def _ways(core: Core, db: Db, asker: Asker, deed: Deed) -> None:
    purpose = f"{deed.provider}.{deed.name}"
    entry = asker.entry("provider.ways", purpose=purpose, site_id=deed.site_id)
    await core.ledger.append_in(db, [entry])


async def make_api_key(core: Core, asker: Asker, ask: MakeApiKey) -> ApiKeyMade:
    """The same of a program's key, for which its owner proves who they are."""
    need_site(asker, ask.site_id)
    spec = api_keys.proper(ask.spec)
    facts = facts_of("account.key", spec.fields, [ask.site_id])
    await need_proof(core, asker, ask.proof, facts)
    async with core.pool.connection() as db, db.transaction():
        await hold_site(db, asker, ask.site_id)
        if await _is_wanted(db, ask.site_id):
            value = msgspec.json.encode(spec).decode()
            await _ask(core, db, asker, Deed(ask.site_id, "api.key", "", spec.name), value)
            return ApiKeyMade(token="")
        me = UUID(asker.principal)
        token = await api_keys.create(core, db, asker, ask.site_id, spec, made_by=me)
    return ApiKeyMade(token=token)


async def set_second(core: Core, asker: Asker, ask: SetSecond) -> SecretKept:
    need_site(asker, ask.site_id)
    async with core.pool.connection() as db, db.transaction():
        await hold_site(db, asker, ask.site_id)
        if await _is_wanted(db, ask.site_id) == ask.wanted:
            return SecretKept(waits=False)
        if not ask.wanted:
            await _ask(core, db, asker, Deed(ask.site_id, "second.off"), "")
            return SecretKept(waits=True)
        if await one(db, _OTHER, [ask.site_id, asker.principal]) is None:
            raise Refusal("conflict", "there is nobody else to approve")
        await _set(core, db, asker, ask.site_id, wanted=True)
    return SecretKept(waits=False)


async def get_seconds(core: Core, asker: Asker, ask: GetSeconds) -> Seconds:
    """Each with what this asker would have to prove."""
    need_site(asker, ask.site_id)
    async with core.pool.connection() as db:
        wanted = await _is_wanted(db, ask.site_id)
        rows = await every(db, _WAITING, [ask.site_id, datetime.now(UTC) - GOOD_FOR])
    shown = []
    for row in rows:
        mine = str(row["asked_by"]) == asker.principal
        options = "" if mine else await passkeys.ask_for_assertion(core, asker, _facts(row))
        shown.append(
            SecondRow(
                second_id=row["second_id"], deed=row["deed"], provider=row["provider"],
                name=row["name"], last4=row["last4"], asked_by=row["asker"],
                asked_at=row["asked_at"], until=row["asked_at"] + GOOD_FOR, mine=mine,
                options=options,
            )
        )  # fmt: skip
    return Seconds(wanted=wanted, waiting=shown)


async def approve_second(core: Core, asker: Asker, ask: ApproveSecond) -> SecondDone:
    async with core.pool.connection() as db, db.transaction():
        row = await _find(db, asker, ask.second_id)
    if str(row["approved_by"]) == asker.principal:
        return _done(row)  # sent twice
    _need_other(row, asker)
    await need_proof(core, asker, ask.proof, _facts(row))
    async with core.pool.connection() as db, db.transaction():
        row = await _find(db, asker, ask.second_id)
        _need_other(row, asker)
        await core.own_keys.root_to_write(db)  # what is kept next, and before the ledger's
        await db.execute(
            "UPDATE guard.second SET ended_at = now(), approved_by = %s, sealed = ''"
            " WHERE second_id = %s",
            [asker.principal, ask.second_id],
        )
        await _write_down(core, db, asker, "second.approve", row)
        token = await _do(core, db, asker, row)
    return _done(row, token)


async def _do(core: Core, db: Db, asker: Asker, row: DictRow) -> str:
    """What is to be shown once; mostly nothing."""
    deed, root = Deed.of(row), await core.own_keys.root(db, row["root_version"])
    value = value_in(root, row)
    if not hmac.compare_digest(digest_of(root, deed, value), row["digest"]):
        raise Refusal("conflict", "it is not what was asked for")
    if deed.deed == "second.off":
        await _set(core, db, asker, deed.site_id, wanted=False)
    elif deed.deed == "provider.ways":
        await _ways(core, db, asker, deed)
    elif deed.deed == "api.key":
        spec = msgspec.json.decode(value, type=ApiKeySpec)
        return await api_keys.create(
            core, db, asker, deed.site_id, spec, made_by=row["asked_by"]
        )  # fmt: skip
    else:
        await provider.keep(
            core, db, asker, site_id=deed.site_id, provider=deed.provider, name=deed.name,
            value=value,
        )  # fmt: skip
    return ""


async def cancel_second(core: Core, asker: Asker, ask: CancelSecond) -> Done:
    """By who asked, and by who might have approved."""
    async with core.pool.connection() as db, db.transaction():
        row = await _find(db, asker, ask.second_id)
        if row["ended_at"] is None:
            await db.execute(
                "UPDATE guard.second SET ended_at = now(), sealed = '' WHERE second_id = %s",
                [ask.second_id],
            )
            await _write_down(core, db, asker, "second.cancel", row)
    return Done()


async def _ask(core: Core, db: Db, asker: Asker, deed: Deed, value: str) -> None:
    await db.execute(_REPLACE, [*deed])
    root = await core.own_keys.root_to_write(db)
    sealed = sealed_value(root, deed, value)
    made = await one(
        db, _ASK,
        [*deed, value[-4:] if deed.provider else "", sealed, digest_of(root, deed, value),
         root.version, asker.principal, asker.session_id, asker.address, asker.agent],
    )  # fmt: skip
    await _write_down(core, db, asker, "second.ask", {**deed._asdict(), **(made or {})})


async def _set(core: Core, db: Db, asker: Asker, site_id: UUID, *, wanted: bool) -> None:
    await db.execute(
        "INSERT INTO guard.second_rule (site_id, wanted, made_by) VALUES (%s, %s, %s)",
        [site_id, wanted, asker.principal],
    )
    purpose = "second.on" if wanted else "second.off"
    await core.ledger.append_in(db, [asker.entry("second", purpose=purpose, site_id=site_id)])


async def _is_wanted(db: Db, site_id: UUID) -> bool:
    row = await one(db, _WANTED, [site_id])
    return bool(row and row["wanted"])


async def _find(db: Db, asker: Asker, second_id: UUID) -> DictRow:
    row = await one(db, _ONE, [second_id])
    if row is None or (asker.kind == "operator" and row["site_id"] not in asker.site_ids):
        raise Refusal("not_found")
    return row


def _need_other(row: DictRow, asker: Asker) -> None:
    """Open, somebody else's, and asked for on another device. Refusal `conflict`, `forbidden`."""
    if row["ended_at"] is not None or row["asked_at"] < datetime.now(UTC) - GOOD_FOR:
        raise Refusal("conflict", "it waits no longer")
    same_place = (row["address"], row["agent"]) == (asker.address, asker.agent)
    if str(row["asked_by"]) == asker.principal or same_place:
        raise Refusal("forbidden", "somebody else approves it, on another device")


def _facts(row: DictRow) -> passkeys.Facts:
    return {
        "purpose": row["deed"], "second": str(row["second_id"]), "digest": row["digest"].hex(),
    }  # fmt: skip


def sealed_value(root: OwnKey, deed: Deed, value: str) -> bytes:
    return root.box("second").seal(value.encode(), deed.binding) if value else b""


def value_in(root: OwnKey, row: DictRow) -> str:
    """Raises keys.BoxError."""
    if not row["sealed"]:
        return ""
    return root.box("second").open(row["sealed"], Deed.of(row).binding).decode()


def digest_of(root: OwnKey, deed: Deed, value: str) -> bytes:
    return root.digest("second", f"{deed.binding}|{value}")


def _done(row: DictRow, token: str = "") -> SecondDone:
    return SecondDone(
        deed=row["deed"], provider=row["provider"], name=row["name"], last4=row["last4"],
        token=token,
    )  # fmt: skip


async def _write_down(core: Core, db: Db, asker: Asker, verb: str, row: DictRow) -> None:
    purpose = f"second.{row['second_id']}"
    entry = asker.entry(verb, purpose=purpose, site_id=row["site_id"], fields=[row["deed"]])
    await core.ledger.append_in(db, [entry])

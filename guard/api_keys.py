"""API鍵: a program of a shop's (a warehouse's, a call centre's) that reads who ordered.

A key is an account of its own kind with one long session, so that whatever stops an account stops
it. It is good for one purpose: some fields of orders in the state that this needs, from named
networks only, within a budget of its own that no proof widens, and for a year at most. Each answer
is on the ledger under the key's name.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from psycopg.rows import DictRow

from guard import budgets, ip_rules, limits
from guard.asker import Asker, plain
from guard.core import Core
from guard.db import Db, every, one
from guard.policy import in_order, need_site
from guard.refusal import Refusal
from guard.sessions import digest, end_sessions
from guard.wire import (
    KEY_DAYS_MAX,
    KEY_FIELDS,
    KEY_MOST,
    KEY_NAME_MAX,
    ApiKeyRow,
    ApiKeys,
    ApiKeySpec,
    Done,
    EndApiKey,
    KeyState,
    ListApiKeys,
    MyKey,
    Reveal,
    Spent,
)

KEYS_MAX = 20
WIDEST = {4: 20, 6: 48}  # a program sits somewhere
PREFIX = "lsk_"


@dataclass(frozen=True)
class Purpose:
    """Of which orders a key for it sees the buyer (and whom the parcels go to)."""

    orders: str
    recipients: bool = False


PURPOSES = {
    "api.ship": Purpose(
        "o.status = 'placed' AND NOT o.on_hold AND o.fulfilment IN ('unshipped', 'part')"
        " AND o.payment IN ('authorised', 'captured')",
        recipients=True,
    ),
    "api.support": Purpose(
        "o.status IN ('placed', 'completed') AND o.placed_at > now() - interval '90 days'",
    ),
}
_BUYER = """EXISTS (SELECT FROM public.orders_order o
    WHERE o.site_id = %(site)s AND o.record_id = r.id AND """
_RECIPIENT = """EXISTS (SELECT FROM public.orders_destination d
    JOIN public.orders_order o ON o.site_id = d.site_id AND o.id = d.order_id
    WHERE d.site_id = %(site)s AND d.record_id = r.id AND """


def _open(purpose: Purpose) -> str:
    """Which of the records are what the purpose needs."""
    ways = [f"{_BUYER}{purpose.orders})"]
    ways += [f"{_RECIPIENT}{purpose.orders})"] if purpose.recipients else []
    return f"SELECT r.id FROM unnest(%(records)s::uuid[]) r (id) WHERE {' OR '.join(ways)}"  # noqa: S608 - constants


_ROWS = """SELECT k.*, p.handle AS name, p.state, m.handle AS maker, s.expires_at, s.seen_at,
        s.started_at, s.ended_at IS NULL AND s.expires_at > now() AND p.state = 'active' AS live,
        (SELECT coalesce(array_agg(range::text ORDER BY range), '{}') FROM guard.ip_rule i
            WHERE i.subject_id = k.principal_id) AS ranges
    FROM guard.api_key k JOIN guard.principal p USING (principal_id)
    JOIN guard.principal m ON m.principal_id = k.made_by
    JOIN guard.session s ON s.principal_id = k.principal_id"""
_LISTED = f"{_ROWS} WHERE k.site_id = %s ORDER BY live DESC, k.made_at DESC LIMIT 100"
_LIVE = f"SELECT count(*) AS live FROM ({_ROWS} WHERE k.site_id = %s) k WHERE live"  # noqa: S608
_ONE = f"{_ROWS} WHERE k.principal_id = %s"


def proper(spec: ApiKeySpec) -> ApiKeySpec:
    """As it is kept. Refusal `invalid`."""
    name = plain(spec.name, KEY_NAME_MAX)
    fields = in_order(spec.fields)
    if not name or not fields or not set(spec.fields) <= set(KEY_FIELDS[spec.purpose]):
        raise Refusal("invalid", "name or fields")
    ranges = ip_rules.proper_ranges(spec.ranges)
    if not ranges or any(_is_wide(each) for each in ranges):
        raise Refusal("invalid", f"networks no wider than {WIDEST}")
    if not 0 < spec.in_ten_minutes <= spec.in_a_day or not 0 < spec.days <= KEY_DAYS_MAX:
        raise Refusal("invalid", "limits or days")
    if spec.in_ten_minutes > KEY_MOST[0] or spec.in_a_day > KEY_MOST[1]:
        raise Refusal("invalid", f"at most {KEY_MOST}")
    return ApiKeySpec(
        name=name, purpose=spec.purpose, fields=fields, ranges=ranges,
        in_ten_minutes=spec.in_ten_minutes, in_a_day=spec.in_a_day, days=spec.days,
    )  # fmt: skip


def _is_wide(network: str) -> bool:
    return int(network.rpartition("/")[2]) < WIDEST[6 if ":" in network else 4]


async def create(
    core: Core, db: Db, asker: Asker, site_id: UUID, spec: ApiKeySpec, *, made_by: UUID
) -> str:
    """The token. The last act of the caller's transaction; the asker is who approved it, when
    somebody else asked. Refusal `conflict` when there are too many."""
    counted = await one(db, _LIVE, [site_id])
    if counted and counted["live"] >= KEYS_MAX:
        raise Refusal("conflict", f"there are {KEYS_MAX} keys")
    key_id, token = uuid4(), PREFIX + secrets.token_urlsafe(32)
    await db.execute(
        "INSERT INTO guard.principal (principal_id, kind, scope, login_index, site_ids, handle,"
        " sealed, state) VALUES (%s, 'key', %s, uuid_send(%s), %s, %s, '', 'active')",
        [key_id, site_id, uuid4(), [site_id], spec.name],
    )
    await db.execute(
        "INSERT INTO guard.session (token_hash, principal_id, address, agent, expires_at)"
        " VALUES (%s, %s, '', '', %s)",
        [digest(token), key_id, datetime.now(UTC) + timedelta(days=spec.days)],
    )
    await ip_rules.replace(db, key_id, spec.ranges, asker.principal)
    approved_by = UUID(asker.principal) if UUID(asker.principal) != made_by else None
    await db.execute(
        "INSERT INTO guard.api_key (principal_id, site_id, purpose, fields, in_ten_minutes,"
        " in_a_day, made_by, approved_by) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [key_id, site_id, spec.purpose, spec.fields, spec.in_ten_minutes, spec.in_a_day, made_by,
         approved_by],
    )  # fmt: skip
    entry = asker.entry(
        "key.make", purpose=f"key.{key_id}", site_id=site_id, fields=[spec.purpose, *spec.fields]
    )
    await core.ledger.append_in(db, [entry])
    return token


async def list_api_keys(core: Core, asker: Asker, ask: ListApiKeys) -> ApiKeys:
    need_site(asker, ask.site_id)
    now = datetime.now(UTC)
    async with core.pool.connection() as db:
        rows = await every(db, _LISTED, [ask.site_id])
        return ApiKeys(keys=[await _row(db, row, now) for row in rows])


async def _row(db: Db, row: DictRow, now: datetime) -> ApiKeyRow:
    spent = await _spent(db, row, now) if row["live"] else []
    return ApiKeyRow(
        key_id=row["principal_id"], name=row["name"], purpose=row["purpose"], fields=row["fields"],
        ranges=row["ranges"], in_ten_minutes=row["in_ten_minutes"], in_a_day=row["in_a_day"],
        used_today=spent[-1].used if spent else 0, made_by=row["maker"], made_at=row["made_at"],
        expires_at=row["expires_at"], live=row["live"],
        used_at=row["seen_at"] if row["seen_at"] > row["started_at"] else None,
    )  # fmt: skip


async def end_api_key(core: Core, asker: Asker, ask: EndApiKey) -> Done:
    async with core.pool.connection() as db, db.transaction():
        row = await one(db, _ONE, [ask.key_id])
        if row is None:
            raise Refusal("not_found")
        need_site(asker, row["site_id"])
        if await end_sessions(db, ask.key_id):
            await core.ledger.append_in(
                db,
                [asker.entry("key.end", purpose=f"key.{ask.key_id}", site_id=row["site_id"])],
            )
    return Done()


async def my_key(core: Core, asker: Asker, _: MyKey) -> KeyState:
    async with core.pool.connection() as db:
        row = await _own(db, asker)
        return KeyState(
            name=row["name"], site_id=row["site_id"], purpose=row["purpose"],
            fields=row["fields"], expires_at=row["expires_at"],
            budgets=await _spent(db, row, datetime.now(UTC)),
        )  # fmt: skip


async def need(core: Core, asker: Asker, ask: Reveal) -> None:
    """Refusal `forbidden` for another purpose or field; `not_found` when an order is not, or no
    longer, what the key is for."""
    async with core.pool.connection() as db, db.transaction():
        row = await _own(db, asker)
        if ask.purpose != row["purpose"] or not set(ask.fields) <= set(row["fields"]):
            raise Refusal("forbidden", "not what this key is for")
        # Row policies hold for the guard too.
        await db.execute(
            "SELECT set_config('lockstitch.site_ids', %s, true)", [str(row["site_id"])]
        )
        wanted = list(set(ask.record_ids))
        values = {"records": wanted, "site": row["site_id"]}
        if len(await every(db, _open(PURPOSES[row["purpose"]]), values)) < len(wanted):
            raise Refusal("not_found")


async def _own(db: Db, asker: Asker) -> DictRow:
    row = await one(db, _ONE, [UUID(asker.principal)])
    if row is None:
        raise Refusal("forbidden")
    return row


async def _spent(db: Db, row: DictRow, now: datetime) -> list[Spent]:
    spans = limits.spans(row["in_ten_minutes"], row["in_a_day"])
    used = await budgets.used(db, str(row["principal_id"]), spans, now)
    return [
        Spent(seconds=int(span.total_seconds()), most=most, used=n)
        for (span, most), n in zip(spans, used, strict=True)
    ]

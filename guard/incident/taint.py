"""From what is known of a break-in to all that belongs to it: addresses, sessions, operators."""

from dataclasses import dataclass
from uuid import UUID

from guard.asker import address_of
from guard.db import Db, every
from guard.refusal import Refusal
from guard.wire import Indicators

_SESSIONS = """SELECT DISTINCT session_id, principal_id, principal_kind FROM guard.ledger
    WHERE at BETWEEN %(since)s AND %(until)s AND session_id IS NOT NULL AND
    (address = ANY(%(addresses)s) OR session_id = ANY(%(sessions)s)
    OR principal_id = ANY(%(operators)s))"""


@dataclass(frozen=True)
class Taint:
    """`principals` only those that were named: whoever used a tainted session may be its victim."""

    addresses: list[str]
    sessions: list[UUID]
    principals: list[str]
    seen_with: list[UUID]  # operators whose sessions are among them


async def find_taint(db: Db, asked: Indicators) -> Taint:
    """A session is tainted as a whole by one entry from a tainted address: what it was shown
    elsewhere counts too. Refusal `invalid`."""
    addresses = [address_of(each) for each in asked.addresses]
    if asked.since >= asked.until or not all(addresses):
        raise Refusal("invalid", "the times, or an address")
    principals = [str(each) for each in asked.operators]
    values = {
        "since": asked.since, "until": asked.until, "addresses": addresses,
        "sessions": asked.sessions, "operators": principals,
    }  # fmt: skip
    rows = await every(db, _SESSIONS, values)
    sessions = {row["session_id"] for row in rows} | set(asked.sessions)
    operators = {
        UUID(row["principal_id"]) for row in rows if row["principal_kind"] in ("operator", "staff")
    }
    return Taint(
        addresses=sorted(set(addresses)), sessions=sorted(sessions),
        principals=sorted(set(principals)), seen_with=sorted(operators | set(asked.operators)),
    )  # fmt: skip

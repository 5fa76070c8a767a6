"""What one line of the ledger says, and the bytes of it that are hashed."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

FORMAT = 1
BYTES_MAX = 2**16 - 1  # what tlog-tiles can hold of one entry
PART_MAX = 1_500  # records of one entry: 18 bytes each, and as much again for their persons
OK = "ok"


class Entry(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Ids, names of fields and short words: never a personal datum. The order is the format."""

    version: int = FORMAT
    at: datetime | None = None  # UTC, set when it is appended
    verb: str
    principal_kind: str
    principal_id: str
    session_id: UUID | None = None
    address: str = ""
    purpose: str = ""
    site_id: UUID | None = None
    fields: list[str] = []
    outcome: str = OK
    records: list[UUID] = []
    persons: list[UUID] = []


def in_parts(entry: Entry, owners: Mapping[UUID, UUID]) -> list[Entry]:
    """An entry as several of at most PART_MAX records, to be appended in one transaction.

    `owners` says whose each record is: a part names the persons of its own records.
    """
    if not entry.records:
        return [entry]
    parts = []
    for start in range(0, len(entry.records), PART_MAX):
        records = entry.records[start : start + PART_MAX]
        persons = list(dict.fromkeys(owners[each] for each in records if each in owners))
        parts.append(msgspec.structs.replace(entry, records=records, persons=persons))
    return parts


_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")
_decoder = msgspec.msgpack.Decoder(Entry)


def canonical(entry: Entry) -> bytes:
    return _encoder.encode(entry)


def read_entry(data: bytes) -> Entry:
    """Raises msgspec.MsgspecError."""
    return _decoder.decode(data)


def system_entry(name: str, verb: str, **said: object) -> Entry:
    """What the guard does by itself, as `system:<name>`."""
    facts = {"verb": verb, "principal_kind": "system", "principal_id": name, **said}
    return Entry(**facts)  # type: ignore[arg-type]

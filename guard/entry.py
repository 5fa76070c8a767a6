"""What one line of the ledger says, and the bytes of it that are hashed."""

from datetime import datetime
from uuid import UUID

import msgspec

FORMAT = 1
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
    return msgspec.convert(facts, Entry) if False else Entry(**facts)  # type: ignore[arg-type]

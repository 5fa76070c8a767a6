"""Who makes a call, as far as it was proven."""

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from guard.entry import OK, Entry
from guard.wire import PrincipalKind, Role

Channel = Literal["desk", "cli", "worker", "sensor"]


@dataclass(frozen=True)
class Asker:
    channel: Channel
    kind: PrincipalKind
    address: str
    agent: str
    principal: str = ""  # the account's id; of a guest, a piece of the token's digest
    session_id: UUID | None = None
    handle: str = ""
    expires_at: datetime | None = None
    person_id: UUID | None = None
    site_id: UUID | None = None
    company_id: UUID | None = None
    site_ids: list[UUID] = field(default_factory=list)
    role: Role | None = None
    guest_hash: bytes | None = None
    device_hash: bytes = b""  # of the browser's mark; empty: it has none
    is_allowed_here: bool = True  # as far as lists of network addresses say

    def entry(
        self,
        verb: str,
        *,
        outcome: str = OK,
        purpose: str = "",
        site_id: UUID | None = None,
        fields: list[str] | None = None,
        records: list[UUID] | None = None,
        persons: list[UUID] | None = None,
    ) -> Entry:
        """A line of the ledger about what this asker did."""
        return Entry(
            verb=verb, principal_kind=self.kind, principal_id=self.principal,
            session_id=self.session_id, address=self.address, purpose=purpose, site_id=site_id,
            fields=fields or [], outcome=outcome, records=records or [], persons=persons or [],
        )  # fmt: skip


def address_of(text: str) -> str:
    """The address in its one spelling; empty when it is none."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address).partition("%")[0]


def plain(text: str, most: int) -> str:
    """Without control characters (PostgreSQL takes no NUL, a header no line end), cut to length."""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:most]

"""What the guard says about itself, and the demo's mailbox."""

from uuid import UUID

import msgspec

from guard.wire_base import Ask, Reply


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    sender: str
    to: str
    subject: str
    date: str
    text: str
    html: str


class Mails(Reply, tag=True, frozen=True):
    mails: list[Mail]


class HealthReport(Reply, tag=True, frozen=True):
    instance: str
    ledger_size: int
    checkpoint_size: int
    inbox: int
    inbox_refused: int
    postbox: int
    postbox_failed: int
    witnesses: int = 0
    witness_age: float | None = None  # seconds since the last cosignature, of the oldest witness
    witnesses_disagree: bool = False  # one has seen another history of the ledger


class Mailbox(Ask[Mails], tag=True, frozen=True):
    """Demo only: the mails in the local mailbox, newest first."""

    site_id: UUID | None = None
    limit: int = 50


class Health(Ask[HealthReport], tag=True, frozen=True):
    pass

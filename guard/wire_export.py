"""Asks about exports: many people's data in one file, by two people's leave."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from guard.wire_base import Ask, Done, Reply, RevealedRecord
from guard.wire_signing import Proof

EXPORT_MAX = 40_000  # records in one export
EXPORT_PAGE = 500

type ExportPurpose = Literal["order.export"]
# Whom a file is for: the shop's own people, somebody it entrusts with its work (委託), a third
# party with the persons' consent, or one that a law names (個人情報保護法 27, 29).
type Basis = Literal["inside", "entrusted", "consent", "law"]
type ExportStep = Literal["asked", "waits", "ready", "open", "done", "cancelled", "expired"]


class ExportState(Reply, tag=True, frozen=True):
    """An export, from the guard's own data: `records` of `people`, `digest` (SHA-256, hex) of which
    ones, which `fields`. `asked` wants its asker's proof; `waits` a second person's, or for
    `ready_at` where there is no second; `ready` may be opened once; `open` gives its pages.

    `options` for the passkey of whoever is to prove it now; empty: a one-time code.
    """

    export_id: UUID
    site_id: UUID
    step: ExportStep
    records: int
    people: int
    fields: list[str]
    digest: str
    asked_by: str
    asked_at: datetime
    mine: bool
    needs_second: bool
    basis: Basis = "inside"
    given_to: str = ""
    opened_at: datetime | None = None
    approved_by: str = ""
    ready_at: datetime | None = None
    sent: int = 0
    options: str = ""


class Exports(Reply, tag=True, frozen=True):
    exports: list[ExportState]


class OpenedExport(Reply, tag=True, frozen=True):
    token: str


class ExportRows(Reply, tag=True, frozen=True):
    """In the order asked for. `marks` are people who do not exist, one file's own: a copy of it
    that turns up somewhere says whose export it was."""

    records: list[RevealedRecord]
    marks: list[dict[str, str]]
    more: bool


class AskExport(Ask[ExportState], tag=True, frozen=True):
    """An operator names the records, and whom they are for; nothing is disclosed yet. Refusal
    `frozen`, `invalid`."""

    site_id: UUID
    record_ids: list[UUID]
    fields: list[str]
    purpose: ExportPurpose = "order.export"
    basis: Basis = "inside"
    given_to: str = ""


class GetExports(Ask[Exports], tag=True, frozen=True):
    """One, with what is to be proved; or the latest of a site; or those that were given to third
    parties (第三者提供の記録)."""

    site_id: UUID
    export_id: UUID | None = None
    provided: bool = False


class ApproveExport(Ask[ExportState], tag=True, frozen=True):
    """The asker's own proof, then that of another person in another session on another device.
    The proof is bound to this export's digest and fields. Refusal `credentials`, `forbidden`."""

    export_id: UUID
    proof: Proof


class CancelExport(Ask[Done], tag=True, frozen=True):
    """By the asker, an owner of the site, or staff."""

    export_id: UUID


class OpenExport(Ask[OpenedExport], tag=True, frozen=True):
    """Once, by who asked, in the same session: from here on every record of it is in the ledger as
    disclosed, whether or not it is read. Refusal `unavailable` while a witness has not cosigned."""

    export_id: UUID


class NextRows(Ask[ExportRows], tag=True, frozen=True):
    """The pages one after another, each once, for fifteen minutes."""

    export_id: UUID
    token: str


class Trace(Ask[Exports], tag=True, frozen=True):
    """Which export an address or phone number of nobody was put into."""

    value: str

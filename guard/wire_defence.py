"""Asks that hold a break-in up: a fresh proof for many looks, and containment."""

from typing import Literal
from uuid import UUID

from guard.wire_base import Ask, Done, Reply

type Action = Literal["sessions", "freeze", "thaw"]


class Contained(Reply, tag=True, frozen=True):
    """`sessions` that were ended (or would be); whether the site (or all) is `frozen` now."""

    sessions: int
    frozen: bool


class Contain(Ask[Contained], tag=True, frozen=True):
    """`sessions`: ends those of one operator, of a site's operators, or of all but the asker's own.
    `freeze`, `thaw`: whether operators may look at people of a site, or of all.

    Staff and the command line everywhere; an owner at a site of theirs, but for `thaw`.
    """

    action: Action
    site_id: UUID | None = None
    principal_id: UUID | None = None
    dry_run: bool = False


class Prove(Ask[Done], tag=True, frozen=True):
    """An operator's passkey (after `AskProof`), or for who has none a fresh one-time code, for what
    a `Reveal` was refused as over the budget.

    Good for five minutes, in the same session, for this purpose, these fields and records, in as
    many reveals as that takes. Refusal `credentials` or `throttled`.
    """

    record_ids: list[UUID]
    fields: list[str]
    purpose: str
    totp: str = ""
    assertion: str = ""

"""Asks that hold a break-in up: a fresh proof for many looks, and containment."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from guard.wire_base import Ask, Done, Reply

type Action = Literal[
    "sessions", "freeze", "thaw", "block", "unblock", "credentials", "providers"
]  # fmt: skip


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who must choose a password and enrol anew; the token is shown only here."""

    operator_id: UUID
    handle: str
    token: str


class Contained(Reply, tag=True, frozen=True):
    """`sessions` that were ended, `invited` and `keys` of providers to be replaced (or would be);
    whether the site (or all, or the operator) is `frozen` now, and the network `blocked`."""

    sessions: int = 0
    frozen: bool = False
    invited: list[Invited] = []
    keys: int = 0
    blocked: str = ""


class Contain(Ask[Contained], tag=True, frozen=True):
    """`sessions`: ends those of one operator, of a site's or company's operators, or of all but the
    asker's own. `freeze`, `thaw`: whether operators (of a site, all, or one) may look at people.
    `credentials`: the same people's passwords and authenticators end with their sessions, and each
    gets an invitation. `providers`: the keys of a site or of all are used no more until replaced.
    `block`, `unblock`: whether a `source` (an address or a network) is let in at all, for so many
    `minutes` or without end.

    Staff and the command line everywhere; an owner at a site of theirs, but for `thaw` and `block`.
    Each may be repeated.
    """

    action: Action
    site_id: UUID | None = None
    company_id: UUID | None = None
    principal_id: UUID | None = None
    source: str = ""
    minutes: int | None = None
    dry_run: bool = False


class Blocked(msgspec.Struct, frozen=True, kw_only=True):
    """`until` None: until somebody lifts it. `why` is a rule of the watch, or the kind of asker."""

    source: str
    until: datetime | None
    why: str


class Held(msgspec.Struct, frozen=True, kw_only=True):
    operator_id: UUID
    handle: str


class Holds(Reply, tag=True, frozen=True):
    """What is in force now; `sites` where nobody may look, `everywhere` at all of them."""

    blocked: list[Blocked]
    operators: list[Held]
    sites: list[UUID]
    everywhere: bool


class ListHolds(Ask[Holds], tag=True, frozen=True):
    """For staff and the command line."""


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

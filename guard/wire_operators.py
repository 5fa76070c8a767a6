"""Asks about operators: invited, enrolled, changed, and looked through each quarter."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from guard.wire_base import Ask, Done, Reply, Role


class OperatorAdded(Reply, tag=True, frozen=True):
    operator_id: UUID
    token: str


class Enrolment(Reply, tag=True, frozen=True):
    totp_secret: str
    otpauth_uri: str


class OperatorRow(msgspec.Struct, frozen=True, kw_only=True):
    operator_id: UUID
    kind: Literal["operator", "staff"]
    company_id: UUID | None
    handle: str
    role: Role | None
    site_ids: list[UUID]
    state: Literal["invited", "active", "disabled"]
    masked_email: str
    recovery_approvals: int = 0
    recovery_at: datetime | None = None  # when it takes effect


class Operators(Reply, tag=True, frozen=True):
    operators: list[OperatorRow]


class Seeded(Reply, tag=True, frozen=True):
    principal_id: UUID
    person_id: UUID | None = None


class AddOperator(Ask[OperatorAdded], tag=True, frozen=True):
    """Invite; again for an invited or disabled one of the same company: a new invitation."""

    company_id: UUID
    site_ids: list[UUID]
    role: Role
    email: str
    name: str
    handle: str


class Enrol(Ask[Enrolment], tag=True, frozen=True):
    token: str
    password: str


class ConfirmEnrolment(Ask[Done], tag=True, frozen=True):
    token: str
    totp: str


class ListOperators(Ask[Operators], tag=True, frozen=True):
    company_id: UUID | None = None


class UpdateOperator(Ask[Done], tag=True, frozen=True):
    operator_id: UUID
    role: Role | None = None
    site_ids: list[UUID] | None = None


class DisableOperator(Ask[Done], tag=True, frozen=True):
    operator_id: UUID


class SeedPrincipal(Ask[Seeded], tag=True, frozen=True):
    """Command line only: a complete account. An existing login is left as it is.

    member: `site_id` (and `fields` for the profile); operator: `company_id`, `site_ids`, `role`,
    `totp_secret`; staff: `totp_secret`.
    """

    kind: Literal["member", "operator", "staff"]
    email: str
    password: str
    name: str = ""
    handle: str = ""
    totp_secret: str | None = None
    site_id: UUID | None = None
    company_id: UUID | None = None
    site_ids: list[UUID] = []
    role: Role | None = None
    fields: dict[str, str] = {}


class ReviewPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Who works at a site. `seen`, `taken_out`: records of people, as the ledger has them."""

    operator_id: UUID
    handle: str
    masked_email: str
    role: Role
    state: Literal["invited", "active"]
    signed_in_at: datetime | None
    passkeys: int
    totp: bool
    seen: int
    taken_out: int


class SiteReview(msgspec.Struct, frozen=True, kw_only=True):
    """Of the quarter that `began`; `due_at` is None where the first one comes with the next.
    `people` only where a site was named, with what they used since `since`."""

    site_id: UUID
    name: str
    began: datetime
    since: datetime
    due_at: datetime | None = None
    late: bool = False
    done_at: datetime | None = None
    done_by: str = ""
    people: list[ReviewPerson] = []


class Reviews(Reply, tag=True, frozen=True):
    reviews: list[SiteReview]


class GetReviews(Ask[Reviews], tag=True, frozen=True):
    """Of an owner's company, for staff of all; or of one site, with its people."""

    site_id: UUID | None = None


class ReviewedRight(msgspec.Struct, frozen=True, kw_only=True):
    operator_id: UUID
    role: Role
    keep: bool


class ConfirmReview(Ask[Done], tag=True, frozen=True):
    """Everybody who works there, with the role that was looked at: kept, or taken from this site at
    once. Refusal `conflict` when it is not who works there now, `invalid` for taking one's own."""

    site_id: UUID
    people: list[ReviewedRight]

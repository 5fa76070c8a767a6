"""Asks about who may work, and from where."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from guard.wire_base import Ask, Done, Reply
from guard.wire_signing import Proof


class IpList(msgspec.Struct, frozen=True, kw_only=True):
    """`ranges` in CIDR notation, none: from anywhere. `name`: a company's, a site's or a handle."""

    kind: Literal["company", "site", "operator"]
    subject_id: UUID
    name: str
    ranges: list[str]


class IpLists(Reply, tag=True, frozen=True):
    lists: list[IpList]


class ListIpRules(Ask[IpLists], tag=True, frozen=True):
    """Of an owner's company, its sites and operators; for staff and the command line, of all."""


class SetIpRules(Ask[Done], tag=True, frozen=True):
    """Replaces the list of one company, site or operator (IPv4 or IPv6 networks). Refusal
    `conflict` when an owner would lock themselves out."""

    subject_id: UUID
    ranges: list[str]


class Recovery(Reply, tag=True, frozen=True):
    """With the second approval: the `token` of an enrolment, good from `ready_at`; shown only
    here."""

    approvals: int
    ready_at: datetime | None
    token: str


class ApproveRecovery(Ask[Recovery], tag=True, frozen=True):
    """An operator lost every device: two of their company's owners or of the platform's staff say
    so, each with a proof of `account.recover`. Refusal `conflict` for who has approved already."""

    operator_id: UUID
    proof: Proof


class CancelRecovery(Ask[Done], tag=True, frozen=True):
    """One's own, or (as who may approve) that of `operator_id`."""

    operator_id: UUID | None = None


class SiteLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Records an operator may look at without a fresh proof in ten minutes and in a day, and take
    out without a second person."""

    site_id: UUID
    name: str
    in_ten_minutes: int
    in_a_day: int
    alone: int
    kept_months: int  # orders of people who left


class SitesLimits(Reply, tag=True, frozen=True):
    sites: list[SiteLimits]


class ListLimits(Ask[SitesLimits], tag=True, frozen=True):
    """Of an owner's company; for staff and the command line, of all."""


class SetLimits(Ask[Done], tag=True, frozen=True):
    """Refusal `forbidden` when an owner asks for more than there is."""

    site_id: UUID
    in_ten_minutes: int
    in_a_day: int
    alone: int


class SetRetention(Ask[Done], tag=True, frozen=True):
    """For how many months from each order a person who left is kept. Refusal `invalid` for less
    than the law asks for."""

    site_id: UUID
    months: int

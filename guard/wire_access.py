"""Asks about who may work, and from where."""

from typing import Literal
from uuid import UUID

import msgspec

from guard.wire_base import Ask, Done, Reply


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

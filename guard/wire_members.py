"""Asks about members: their orders, their leaving, notes on them, and moving them in and out."""

from typing import Literal
from uuid import UUID

import msgspec

from guard.wire_base import Ask, Done, Kept, RecordIds, Reply, SearchBy

MOVED_MAX = 1_000  # members in one import or export

# What became of a row: taken in, here already, or why not.
Outcome = Literal["made", "exists", "email", "fields", "password"]


class MemberIds(Reply, tag=True, frozen=True):
    member_ids: list[UUID]


class MovedIn(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row of an import. `profile_id` is the record that letters go to."""

    outcome: Outcome
    member_id: UUID | None = None
    profile_id: UUID | None = None
    handle: str = ""


class Imported(Reply, tag=True, frozen=True):
    """In the order of the question."""

    rows: list[MovedIn]


class MovedOut(msgspec.Struct, frozen=True, kw_only=True):
    member_id: UUID
    fields: dict[str, str]


class Exported(Reply, tag=True, frozen=True):
    """By id; ask again with `after` = the last one while `more`."""

    rows: list[MovedOut]
    more: bool


class FindMembers(Ask[MemberIds], tag=True, frozen=True):
    """Members of a site by what stands in their profile, as `Search` does for orders."""

    site_id: UUID
    by: SearchBy
    value: str


class BuyerName(Reply, tag=True, frozen=True):
    mark: UUID


class NameBuyer(Ask[BuyerName], tag=True, frozen=True):
    """One mark for everything that a person buys at one site: what a limit per person counts by.
    It tells nothing of them. A guest sends the `guest_token` of the record."""

    record_id: UUID
    guest_token: str | None = None


class ClaimOrders(Ask[RecordIds], tag=True, frozen=True):
    """All order records that are the member's, newest first: those they placed, and those of a
    guest with their proven e-mail address and also their name or phone number."""


class CloseAccount(Ask[Done], tag=True, frozen=True):
    """退会, with the password once more. Ends every session; profile and addresses go at once,
    and the person waits for their key to be destroyed."""

    password: str


class KeepNote(Ask[Kept], tag=True, frozen=True):
    """An operator's note on a member, sealed under the member's own key."""

    site_id: UUID
    member_id: UUID
    text: str


class SendTest(Ask[Done], tag=True, frozen=True):
    """A letter as it would look, to the asking operator's own address."""

    site_id: UUID
    subject: str
    text: str
    html: str = ""


class MemberRow(msgspec.Struct, frozen=True, kw_only=True):
    """`password_hash` as another system kept it; empty: none, and a reset by mail is needed."""

    email: str
    fields: dict[str, str] = {}
    password_hash: str = ""


class ImportMembers(Ask[Imported], tag=True, frozen=True):
    """Command line only. A login that is there already is left as it is."""

    site_id: UUID
    members: list[MemberRow]


class ExportMembers(Ask[Exported], tag=True, frozen=True):
    """Command line only; each answer is on the record with every person in it."""

    site_id: UUID
    after: UUID | None = None
    limit: int = 200

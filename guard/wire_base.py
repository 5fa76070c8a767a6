"""The words of the wire: what an ask and a reply are, and what a refusal may say."""

from typing import Literal
from uuid import UUID

import msgspec

MANIFEST_MAX = 1_000  # records that one fresh code is good for
RECORDS_MAX = 200  # records in one reveal, ids in one answer of a search

Kind = Literal["order", "profile", "address", "note", "operator"]
Role = Literal["owner", "merchandiser", "orders", "support", "readonly"]
PrincipalKind = Literal[
    "member", "operator", "staff", "key", "guest", "cli", "anonymous", "system"
]  # fmt: skip
SearchBy = Literal["email", "phone", "name", "kana"]

FIELDS = (
    "family_name", "given_name", "family_kana", "given_kana", "email", "phone",
    "postal_code", "prefecture", "city", "street", "building", "note",
    "bank_account",  # where a refund goes
)  # fmt: skip

# What a refusal may say. Callers turn a code into a sentence; the guard's text names no person.
Code = Literal[
    "session",  # none, ended or expired: sign in (again)
    "forbidden",  # signed in, but not allowed this
    "not_found",  # no such thing, or not yours
    "address",  # signed in, but nobody may work from this network address
    "credentials",  # login, password or one-time code wrong: never says which
    "throttled",  # too many failures; try later
    "budget",  # more people than an operator may look at at once: `Prove`, then ask again
    "frozen",  # nobody may look at people there for now
    "password",  # the new password is too short, too long or too common
    "code",  # the mailed code (or enrolment token) is wrong, used or expired
    "invalid",  # the ask is malformed
    "conflict",  # it would change what may not change, or exists already
    "unavailable",  # the guard cannot answer now (database, ledger, overload)
]


class Ask[R](msgspec.Struct, frozen=True, kw_only=True):
    """A question or command whose reply has type R."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What an ask is answered with."""


class Done(Reply, tag=True, frozen=True):
    pass


class RecordIds(Reply, tag=True, frozen=True):
    record_ids: list[UUID]


class Kept(Reply, tag=True, frozen=True):
    record_id: UUID


class RevealedRecord(msgspec.Struct, frozen=True, kw_only=True):
    record_id: UUID
    kind: Kind
    fields: dict[str, str]

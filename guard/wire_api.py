"""Asks about keys of programs: made by an owner, shown once, good for one purpose."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from guard.wire_base import Ask, Done, Reply
from guard.wire_signing import Proof

KEY_NAME_MAX, KEY_DAYS_MAX = 60, 366
KEY_MOST = (500, 5_000)  # people in ten minutes, in a day
KeyPurpose = Literal["api.ship", "api.support"]
# The fields that a key for each purpose may have.
KEY_FIELDS: dict[str, tuple[str, ...]] = {
    "api.ship": (
        "family_name", "given_name", "family_kana", "given_kana", "phone", "postal_code",
        "prefecture", "city", "street", "building",
    ),
    "api.support": ("family_name", "given_name", "family_kana", "given_kana", "email", "phone"),
}  # fmt: skip


class ApiKeySpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a key may see, how much of it (distinct records), from where, and for how many days."""

    name: str
    purpose: KeyPurpose
    fields: list[str]
    ranges: list[str]
    in_ten_minutes: int
    in_a_day: int
    days: int


class ApiKeyMade(Reply, tag=True, frozen=True):
    """`token` is never shown again; empty: it waits for the second person whom this shop wants."""

    token: str


class MakeApiKey(Ask[ApiKeyMade], tag=True, frozen=True):
    """An owner's, with a proof whose manifest has the fields and, as records, the site."""

    site_id: UUID
    spec: ApiKeySpec
    proof: Proof


class ApiKeyRow(msgspec.Struct, frozen=True, kw_only=True):
    key_id: UUID
    name: str
    purpose: KeyPurpose
    fields: list[str]
    ranges: list[str]
    in_ten_minutes: int
    in_a_day: int
    used_today: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    live: bool


class ApiKeys(Reply, tag=True, frozen=True):
    """Those that are good first; of the others the newest."""

    keys: list[ApiKeyRow]


class ListApiKeys(Ask[ApiKeys], tag=True, frozen=True):
    site_id: UUID


class EndApiKey(Ask[Done], tag=True, frozen=True):
    key_id: UUID


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """Of one budget: distinct records in so many seconds."""

    seconds: int
    most: int
    used: int


class KeyState(Reply, tag=True, frozen=True):
    name: str
    site_id: UUID
    purpose: KeyPurpose
    fields: list[str]
    expires_at: datetime
    budgets: list[Spent]


class MyKey(Ask[KeyState], tag=True, frozen=True):
    """A program asks what its key is good for."""

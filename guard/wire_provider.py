"""Asks about payment providers: their secrets go in and never come out."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from guard.wire_base import Ask, Done, Reply
from guard.wire_signing import Proof

Provider = Literal["stripe", "link"]
SecretName = Literal["api", "webhook"]
SecondDeed = Literal["provider.secret", "provider.ways", "second.off", "api.key"]


class ProviderRow(msgspec.Struct, frozen=True, kw_only=True):
    """What may be seen of a secret: that it is there, since when, and its last four characters."""

    provider: Provider
    name: SecretName
    last4: str
    set_at: datetime
    spent: bool = False  # it may have been seen: nothing is done with it, until it is replaced


class Providers(Reply, tag=True, frozen=True):
    rows: list[ProviderRow]


class ProviderAnswered(Reply, tag=True, frozen=True):
    """What the provider said, without what it said of persons. `headers` are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class SecretKept(Reply, tag=True, frozen=True):
    """`waits`: for the second person whom this shop wants."""

    waits: bool


class SetProviderSecret(Ask[SecretKept], tag=True, frozen=True):
    """An owner's: keeps a secret in place of the one before, or asks a second person to."""

    site_id: UUID
    provider: Provider
    name: SecretName
    value: str


class SetWaysToPay(Ask[SecretKept], tag=True, frozen=True):
    """An owner's: which ways to pay a provider offers in this shop, as one short text that the desk
    understands; or asks a second person to. The desk writes them down."""

    site_id: UUID
    provider: Provider
    ways: str


class ListProviders(Ask[Providers], tag=True, frozen=True):
    site_id: UUID


class CallProvider(Ask[ProviderAnswered], tag=True, frozen=True):
    """The worker's: one call with the site's own key, which it never sees.

    `path` begins with a slash and may have a query. Refused when it is not one of the calls that
    payments need; `unavailable` when no answer came, which does not say that nothing was done.
    """

    site_id: UUID
    provider: Provider
    method: Literal["GET", "POST"]
    path: str
    body: bytes = b""
    content_type: str = ""
    version: str = ""
    idempotency_key: str = ""


class CheckWebhook(Ask[Done], tag=True, frozen=True):
    """Whether the provider's own signature is on this payload; `credentials` when it is not."""

    site_id: UUID
    provider: Provider
    payload: bytes
    signature: str


class SetSecond(Ask[SecretKept], tag=True, frozen=True):
    """An owner's: whether a second person approves new keys. On at once (refusal `conflict` where
    there is no other owner); off only with the second person."""

    site_id: UUID
    wanted: bool


class SecondRow(msgspec.Struct, frozen=True, kw_only=True):
    """What waits, as it will be done; of a key its last four characters. `options` are for the
    passkey of whoever may approve it now; empty: a one-time code."""

    second_id: UUID
    deed: SecondDeed
    provider: str
    name: str
    last4: str
    asked_by: str
    asked_at: datetime
    until: datetime
    mine: bool
    options: str = ""


class Seconds(Reply, tag=True, frozen=True):
    wanted: bool
    waiting: list[SecondRow]


class GetSeconds(Ask[Seconds], tag=True, frozen=True):
    site_id: UUID


class SecondDone(Reply, tag=True, frozen=True):
    """What was done, from what was stored."""

    deed: SecondDeed
    provider: str
    name: str
    last4: str
    token: str = ""  # of a program's key, shown to who approved it, and never again


class ApproveSecond(Ask[SecondDone], tag=True, frozen=True):
    """By another owner of the site, on another device, with a proof bound to what is
    stored. Refusal `forbidden`, `credentials`; `conflict` when it waits no longer."""

    second_id: UUID
    proof: Proof


class CancelSecond(Ask[Done], tag=True, frozen=True):
    second_id: UUID

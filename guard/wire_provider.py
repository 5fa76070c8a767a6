"""Asks about payment providers: their secrets go in and never come out."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from guard.wire_base import Ask, Done, Reply

Provider = Literal["stripe", "link"]
SecretName = Literal["api", "webhook"]


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


class SetProviderSecret(Ask[Done], tag=True, frozen=True):
    """An owner's: keeps a secret in place of the one before."""

    site_id: UUID
    provider: Provider
    name: SecretName
    value: str


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

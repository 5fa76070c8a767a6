"""Having the guard call a payment provider. Only `payments.gateways` may import this, and only the
worker has the pass; the provider's key never leaves the guard."""

import os
from functools import cache

from django.conf import settings

from guard.client import GuardClient, GuardRefused, GuardUnavailable
from guard.wire import CallProvider, ProviderAnswered
from lockstitch.tenancy.scope import current_site_id

__all__ = ["NoKey", "ProviderAnswered", "Unreachable", "call"]


class Unreachable(Exception):
    """No answer came. Whether the call took effect is not known."""


class NoKey(Exception):
    """The guard will not make this call: it has no key of the site, or the call is no payment's."""


@cache
def _client() -> GuardClient:
    return GuardClient(settings.GUARD_SOCKET, os.environ.pop("LOCKSTITCH_WORKER_TOKEN", ""))


def call(
    provider: str, method: str, path: str, body: bytes = b"", *, content_type: str = "",
    version: str = "", idempotency_key: str = "",
) -> ProviderAnswered:  # fmt: skip
    """The provider's answer for the current site. Raises Unreachable, NoKey."""
    ask = CallProvider(
        site_id=current_site_id(), provider=provider, method=method, path=path, body=body,  # type: ignore[arg-type]
        content_type=content_type, version=version, idempotency_key=idempotency_key,
    )  # fmt: skip
    try:
        return _client().call(ask)
    except GuardRefused as refused:
        raise NoKey(refused.code) from None
    except GuardUnavailable as away:
        raise Unreachable(str(away)) from None

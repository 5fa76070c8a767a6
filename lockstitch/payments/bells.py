"""A provider rings: which object it rang about, and having that looked at."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from lockstitch.jobs.actions import announce
from lockstitch.payments.models import ProviderEvent

ITSELF = ("checkout.session", "payment_intent")


@dataclass(frozen=True)
class Bell:
    event_id: str
    kind: str
    ref: str


def bell_of(provider: str, payload: bytes) -> Bell:
    """All that is taken from what a provider sends. Raises ValueError when it is no event."""
    try:
        said = json.loads(payload)
        if provider == "stripe":
            return Bell(_id(said["id"]), _id(said["type"], 80), _id(ref_of(said)))
        return Bell(_id(said["id"]), _id(said["type"], 80), _id(said["transaction"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not an event") from error


def ref_of(event: Mapping[str, Any]) -> str:
    """The payment or page that an event of Stripe's is about."""
    about = event["data"]["object"]
    if about.get("object") in ITSELF:
        return str(about["id"])
    return str(about.get("payment_intent") or about.get("id") or "")


def _id(text: object, most: int = 255) -> str:
    """Ids are short words; anything else may be a person's."""
    if not isinstance(text, str) or not 0 < len(text) <= most:
        raise ValueError("not an id")
    if not text.replace("_", "").replace(".", "").replace("-", "").isalnum() or not text.isascii():
        raise ValueError("not an id")
    return text


def ring(provider: str, bell: Bell) -> None:
    """Notes the event, once, and has the worker look. The same event again does nothing."""
    with transaction.atomic():
        event, is_new = ProviderEvent.objects.get_or_create(
            provider=provider, event_id=bell.event_id, defaults={"kind": bell.kind, "ref": bell.ref}
        )
        if is_new:
            announce("payment.rang", event_id=event.id)

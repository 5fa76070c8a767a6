"""Which calls the worker may have made, and what of an answer it may not see. Pure.

A worker that was taken over can then neither pay money out, nor read who paid.
"""

import json
import re
from typing import Any

BASES = {"stripe": "https://api.stripe.com"}  # a link provider's address is its deployer's

_ID = r"[A-Za-z0-9_-]{1,255}"
_GET, _POST = frozenset({"GET"}), frozenset({"POST"})
_CALLS: dict[str, list[tuple[frozenset[str], re.Pattern[str]]]] = {
    # docs.stripe.com/api
    "stripe": [
        (_POST, re.compile(r"/v1/checkout/sessions")),
        (_GET, re.compile(rf"/v1/checkout/sessions/{_ID}")),
        (_POST, re.compile(rf"/v1/checkout/sessions/{_ID}/expire")),
        (_GET, re.compile(r"/v1/payment_intents")),
        (_GET, re.compile(rf"/v1/payment_intents/{_ID}")),
        (_POST, re.compile(rf"/v1/payment_intents/{_ID}/(capture|cancel)")),
        (_GET | _POST, re.compile(r"/v1/refunds")),
        (_GET, re.compile(r"/v1/events")),
        (_GET, re.compile(r"/v1/(balance_transactions|payouts)")),
        (_POST, re.compile(r"/v1/customers")),
    ],
    "link": [
        (_POST, re.compile(r"/v1/tokens")),
        (_GET, re.compile(r"/v1/transactions")),
        (_GET, re.compile(r"/v1/changes")),
        (_GET, re.compile(rf"/v1/transactions/{_ID}")),
        (_POST, re.compile(rf"/v1/transactions/{_ID}/(capture|cancel|refund)")),
    ],
}

# What providers tell of who paid. Names of Stripe's objects, wherever they occur in an answer.
PERSONAL = frozenset({
    "address", "billing_details", "card_present", "collected_information", "customer_email",
    "customer_details", "email", "fingerprint", "individual_name", "name", "phone",
    "receipt_email", "receipt_url", "sender_bank", "sender_branch", "sender_name", "shipping",
    "shipping_address", "shipping_details",
})  # fmt: skip
CARD_KEPT = ("capture_before", "request_three_d_secure")


def known_call(provider: str, method: str, path: str) -> bool:
    return any(
        method in methods and pattern.fullmatch(path)
        for methods, pattern in _CALLS.get(provider, [])
    )


def without_persons(body: bytes) -> bytes:
    """The JSON without personal members; nothing of what is no JSON, as an error page is not."""
    try:
        said = json.loads(body)
    except ValueError:
        return b""
    return json.dumps(_stripped(said), ensure_ascii=False, separators=(",", ":")).encode()


def _stripped(said: Any) -> Any:
    if isinstance(said, dict):
        return {
            key: _of_card(value) if key == "card" else _stripped(value)
            for key, value in said.items()
            if key not in PERSONAL
        }
    if isinstance(said, list):
        return [_stripped(each) for each in said]
    return said


def _of_card(card: Any) -> Any:
    """How it is asked for, and until when its money is held; not whose or which it is."""
    if not isinstance(card, dict):
        return None
    return {key: card[key] for key in CARD_KEPT if key in card}

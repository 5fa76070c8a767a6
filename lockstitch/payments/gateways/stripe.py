"""Stripe, by its own library. Its requests go through the guard, which adds the key.

Hosted pages only (Checkout Sessions, docs.stripe.com/api/checkout/sessions): no card number
reaches us. Yen have no minor unit there either (docs.stripe.com/currencies#zero-decimal).
"""

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import stripe

from lockstitch.payments.bells import ref_of
from lockstitch.payments.gateways.base import Declined, Transport, Unknown
from lockstitch.payments.gateways.stripe_seen import seen_of
from lockstitch.payments.rules import Change, Opening, Seen
from lockstitch.sealed import providers

# What each way to pay asks of a page. A card is taken at shipment, the others when they are paid.
METHODS: dict[str, dict[str, Any]] = {
    "card": {
        "payment_method_types": ["card"],  # with it come Apple Pay and Google Pay
        "payment_method_options": {"card": {"request_three_d_secure": "any"}},
    },
    "konbini": {"payment_method_types": ["konbini"]},
    "transfer": {
        "payment_method_types": ["customer_balance"],
        "payment_method_options": {
            "customer_balance": {
                "funding_type": "bank_transfer", "bank_transfer": {"type": "jp_bank_transfer"},
            }
        },
    },
}  # fmt: skip
PAGE = 50  # of a list; a hundred would not fit the guard's frame
PAGES_MAX = 200
EVENTS = [
    "checkout.session.completed", "checkout.session.expired",
    "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
    "payment_intent.amount_capturable_updated", "payment_intent.canceled",
    "payment_intent.payment_failed", "payment_intent.requires_action",
    "payment_intent.succeeded", "payment_intent.partially_funded",
    "charge.captured", "charge.refunded", "charge.refund.updated", "charge.expired",
    "charge.dispute.created",
]  # fmt: skip


class _ByTheGuard(stripe.HTTPClient):
    """The library's HTTP client: hands each request on."""

    name = "guard"

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None,
        *, _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:  # fmt: skip
        had = headers or {}
        body = post_data.encode() if isinstance(post_data, str) else post_data or b""
        try:
            said = self._transport(
                "stripe", method.upper(), url.removeprefix(stripe.DEFAULT_API_BASE), body,
                content_type=had.get("Content-Type", ""), version=had.get("Stripe-Version", ""),
                idempotency_key=had.get("Idempotency-Key", ""),
            )  # fmt: skip
        except providers.Unreachable as error:
            raise stripe.APIConnectionError(str(error)) from None  # type: ignore[no-untyped-call]
        return said.body.decode(), said.status, said.headers

    def close(self) -> None:
        """There is nothing of its own to close."""


class StripeGateway:
    def __init__(self, transport: Transport = providers.call) -> None:
        client = stripe.StripeClient(
            "held_by_the_guard", http_client=_ByTheGuard(transport), max_network_retries=0
        )
        self._v1 = client.v1

    def open(self, asked: Opening, key: str) -> Seen:
        marks = {"attempt": asked.attempt_id, "order": asked.order_number}
        intent: dict[str, Any] = {"metadata": marks, "description": asked.order_number}
        params: dict[str, Any] = {
            "mode": "payment", "locale": asked.language if asked.language == "en" else "ja",
            "client_reference_id": asked.attempt_id, "metadata": marks,
            "success_url": asked.back, "cancel_url": asked.back,
            "expires_at": int(asked.expires_at.timestamp()),
            "line_items": [{
                "quantity": 1,
                "price_data": {
                    "currency": "jpy", "unit_amount": asked.amount_yen,
                    "product_data": {"name": f"{asked.shop_name} {asked.order_number}"},
                },
            }],
            "payment_intent_data": intent, **METHODS[asked.method],
        }  # fmt: skip
        if asked.method == "card":
            intent["capture_method"] = "manual"
        elif asked.method == "konbini":
            days = {"expires_after_days": asked.konbini_days}
            params["payment_method_options"] = {"konbini": days}
        else:  # a customer without a name, for their balance
            customer = self._asked(
                lambda: self._v1.customers.create(
                    {"metadata": marks}, {"idempotency_key": f"{key}:customer"}
                )
            )
            params["customer"] = customer["id"]
        made = self._asked(
            lambda: self._v1.checkout.sessions.create(
                params,  # type: ignore[arg-type]
                {"idempotency_key": key},
            )
        )
        return seen_of(made, None)

    def close(self, session_ref: str, payment_ref: str, key: str) -> Seen:
        if session_ref:
            with suppress(Declined):  # not open any more: then the truth is in what follows
                self._asked(
                    lambda: self._v1.checkout.sessions.expire(
                        session_ref, options={"idempotency_key": key}
                    )
                )
        seen = self.look(session_ref, payment_ref)
        if seen.state in ("open", "waiting") and seen.payment_ref:
            with suppress(Declined):
                return self.cancel(seen.payment_ref, f"{key}:intent")
            return self.look(session_ref, seen.payment_ref)
        return seen

    def look(self, session_ref: str, payment_ref: str) -> Seen:
        session = None
        if session_ref:
            session = self._asked(lambda: self._v1.checkout.sessions.retrieve(session_ref))
            payment_ref = payment_ref or session.get("payment_intent") or ""
        return self._seen(session, payment_ref)

    def _seen(self, session: Any, payment_ref: str) -> Seen:
        if not payment_ref:
            return seen_of(session, None)
        intent = self._asked(
            lambda: self._v1.payment_intents.retrieve(payment_ref, {"expand": ["latest_charge"]})
        )
        charge = intent.get("latest_charge")
        refunds: list[Any] = []
        if isinstance(charge, dict) and charge.get("amount_refunded") == 0:
            return seen_of(session, intent)
        if intent["status"] == "succeeded":
            listed = self._asked(
                lambda: self._v1.refunds.list({"payment_intent": payment_ref, "limit": 100})
            )
            refunds = listed["data"]
        return seen_of(session, intent, refunds)

    def capture(self, payment_ref: str, amount_yen: int, key: str) -> Seen:
        self._asked(
            lambda: self._v1.payment_intents.capture(
                payment_ref, {"amount_to_capture": amount_yen}, {"idempotency_key": key}
            )
        )
        return self._seen(None, payment_ref)

    def cancel(self, payment_ref: str, key: str) -> Seen:
        self._asked(
            lambda: self._v1.payment_intents.cancel(payment_ref, options={"idempotency_key": key})
        )
        return self._seen(None, payment_ref)

    def refund(self, payment_ref: str, amount_yen: int, key: str) -> Seen:
        self._asked(
            lambda: self._v1.refunds.create(
                {"payment_intent": payment_ref, "amount": amount_yen, "metadata": {"key": key}},
                {"idempotency_key": key},
            )
        )
        return self._seen(None, payment_ref)

    def changes(self, cursor: str) -> tuple[list[Change], str]:
        found: list[Any] = []
        if not cursor:
            found = self._events({"limit": PAGE, "types": EVENTS})["data"]
            return _changes(found), found[0]["id"] if found else ""
        for _page in range(PAGES_MAX):
            at = found[0]["id"] if found else cursor
            said = self._events({"ending_before": at, "limit": PAGE, "types": EVENTS})
            found = [*said["data"], *found]  # newest first, as they come
            if not said["has_more"]:
                break
        return _changes(found), found[0]["id"] if found else cursor

    def since(self, moment: dt.datetime) -> list[Seen]:
        found: list[Any] = []
        for _page in range(PAGES_MAX):
            params: dict[str, Any] = {
                "created": {"gte": int(moment.timestamp())}, "limit": PAGE,
                "expand": ["data.latest_charge"],
            }  # fmt: skip
            if found:
                params["starting_after"] = found[-1]["id"]
            said = self._intents(params)
            found += said["data"]
            if not said["has_more"]:
                break
        return [seen_of(None, intent) for intent in found]

    def _events(self, params: Any) -> Any:
        return self._asked(lambda: self._v1.events.list(params))

    def _intents(self, params: Any) -> Any:
        return self._asked(lambda: self._v1.payment_intents.list(params))

    def _asked(self, call: Callable[[], Any]) -> Any:
        """What the call gives, as plain dicts. Raises Unknown, Declined."""
        try:
            return call().to_dict()
        except (stripe.APIConnectionError, stripe.RateLimitError) as error:
            raise Unknown(type(error).__name__) from None
        except stripe.StripeError as error:
            status = error.http_status or 500
            if status >= 500 or status == 409:  # 409: the same key is being worked on
                raise Unknown(str(status)) from None
            raise Declined(error.code or type(error).__name__) from None
        except providers.NoKey as error:
            raise Declined(f"guard_{error}") from None


def _changes(newest_first: list[Any]) -> list[Change]:
    return [Change(one["id"], one["type"], ref_of(one)) for one in reversed(newest_first)]

"""Stripe's objects, with its rules about money. Shapes from its public OpenAPI description."""

import secrets
import time
from typing import Any

from tests.fakes.bells import Bells
from tests.fakes.serving import Fake

THREE_D_SECURE_DAYS = 7
DAY = 86_400


class StripeError(Exception):
    def __init__(self, code: str, status: int = 400, kind: str = "invalid_request_error") -> None:
        super().__init__(code)
        self.code, self.status, self.kind = code, status, kind


class Objects:
    """All of one account, by id."""

    def __init__(self, fake: Fake, bells: Bells) -> None:
        self.fake, self.bells = fake, bells
        self.all: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []

    def make(self, kind: str, prefix: str, **values: Any) -> dict[str, Any]:
        made = {
            "id": f"{prefix}_{secrets.token_hex(10)}", "object": kind, "created": int(time.time()),
            "livemode": False, **values,
        }  # fmt: skip
        self.all[made["id"]] = made
        return made

    def get(self, key: str, kind: str) -> dict[str, Any]:
        found = self.all.get(key)
        if found is None or found["object"] != kind:
            raise StripeError("resource_missing", 404)
        return found

    def listed(self, kind: str) -> list[dict[str, Any]]:
        """Newest first."""
        return [one for one in reversed(self.all.values()) if one["object"] == kind]

    def tell(self, kind: str, about: dict[str, Any]) -> None:
        event = {
            "id": f"evt_{secrets.token_hex(10)}", "object": "event", "type": kind,
            "created": int(time.time()), "livemode": False, "data": {"object": dict(about)},
        }  # fmt: skip
        self.events.append(event)
        self.bells.ring(event)

    # --- what the buyer does on the page

    def intent_of(self, session: dict[str, Any]) -> dict[str, Any]:
        if session["payment_intent"]:
            return self.all[session["payment_intent"]]
        asked = session["_intent"]
        made = self.make(
            "payment_intent", "pi", amount=session["amount_total"], currency="jpy",
            amount_capturable=0, amount_received=0, status="requires_payment_method",
            capture_method=asked.get("capture_method", "automatic"),
            metadata=asked.get("metadata", {}), description=asked.get("description"),
            latest_charge=None, next_action=None, last_payment_error=None,
            payment_method_types=session["payment_method_types"],
        )  # fmt: skip
        session["payment_intent"] = made["id"]
        return made

    def decline(self, session: dict[str, Any]) -> None:
        intent = self.intent_of(session)
        intent["last_payment_error"] = {"code": "card_declined", "type": "card_error"}
        self.fake.note("declined", intent=intent["id"], **_marks(intent))
        self.tell("payment_intent.payment_failed", intent)

    def authorise(self, session: dict[str, Any]) -> None:
        intent = self.intent_of(session)
        if session["status"] != "open" or intent["status"] != "requires_payment_method":
            raise StripeError("payment_intent_unexpected_state")
        manual = intent["capture_method"] == "manual"
        self._charge(intent, captured=not manual)
        session["status"], session["url"] = "complete", None
        session["payment_status"] = "unpaid" if manual else "paid"
        self.fake.note("authorised", intent=intent["id"], yen=intent["amount"], **_marks(intent))
        if manual:
            intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
            self.tell("payment_intent.amount_capturable_updated", intent)
        else:
            self._taken(intent, intent["amount"])
        self.tell("checkout.session.completed", session)

    def give_number(self, session: dict[str, Any]) -> None:
        """A konbini's number or a bank's account, to be paid later."""
        intent = self.intent_of(session)
        days = int(session["_options"].get("konbini", {}).get("expires_after_days", 3))
        intent["status"] = "requires_action"
        if "konbini" in session["payment_method_types"]:
            intent["next_action"] = {
                "type": "konbini_display_details",
                "konbini_display_details": {
                    "expires_at": int(time.time()) + days * DAY,
                    "hosted_voucher_url": f"https://payments.stripe.com/konbini/{intent['id']}",
                    "stores": {
                        "familymart": {"payment_code": "123456", "confirmation_number": "9012345"},
                        "lawson": {"payment_code": "222333", "confirmation_number": "9012345"},
                    },
                },
            }
        else:
            intent["next_action"] = {
                "type": "display_bank_transfer_instructions",
                "display_bank_transfer_instructions": {
                    "type": "jp_bank_transfer",
                    "currency": "jpy",
                    "amount_remaining": intent["amount"],
                    "hosted_instructions_url": f"https://payments.stripe.com/bank/{intent['id']}",
                },
            }
        session["status"], session["url"] = "complete", None
        self.tell("payment_intent.requires_action", intent)
        self.tell("checkout.session.completed", session)

    def pay(self, intent: dict[str, Any]) -> None:
        """At the shop's till, or by the bank: even when nobody waits for it any more."""
        if intent["status"] not in ("requires_action", "canceled"):
            raise StripeError("payment_intent_unexpected_state")
        self._charge(intent, captured=True)
        intent["next_action"] = None
        self.fake.note("paid", intent=intent["id"], yen=intent["amount"], **_marks(intent))
        self._taken(intent, intent["amount"])

    def run_out(self, intent: dict[str, Any]) -> None:
        """Nobody paid in time; or a card's money was held too long."""
        if intent["status"] == "requires_capture":
            intent |= {"status": "canceled", "amount_capturable": 0}
            self.tell("payment_intent.canceled", intent)
            return
        intent |= {"status": "requires_payment_method", "next_action": None}
        self.tell("payment_intent.payment_failed", intent)

    # --- what the shop asks

    def capture(self, intent: dict[str, Any], yen: int | None) -> None:
        if intent["status"] != "requires_capture":
            raise StripeError("payment_intent_unexpected_state")
        yen = yen or intent["amount_capturable"]
        if not 0 < yen <= intent["amount_capturable"]:
            raise StripeError("amount_too_large")
        charge = self.all[intent["latest_charge"]]
        charge |= {"captured": True, "amount_captured": yen}
        charge["amount_refunded"] = 0
        self.fake.note("captured", intent=intent["id"], yen=yen, **_marks(intent))
        self._taken(intent, yen)
        self.tell("charge.captured", charge)

    def cancel(self, intent: dict[str, Any]) -> None:
        if intent["status"] in ("succeeded", "canceled"):
            raise StripeError("payment_intent_unexpected_state")
        intent |= {"status": "canceled", "amount_capturable": 0, "next_action": None}
        self.fake.note("cancelled", intent=intent["id"], **_marks(intent))
        self.tell("payment_intent.canceled", intent)

    def expire(self, session: dict[str, Any]) -> None:
        if session["status"] != "open":
            raise StripeError("resource_missing")
        session |= {"status": "expired", "url": None}
        self.tell("checkout.session.expired", session)

    def refund(self, intent: dict[str, Any], yen: int, metadata: Any) -> dict[str, Any]:
        if intent["status"] != "succeeded":
            raise StripeError("payment_intent_unexpected_state")
        charge = self.all[intent["latest_charge"]]
        if yen > charge["amount_captured"] - charge["amount_refunded"]:
            raise StripeError("charge_already_refunded")
        charge["amount_refunded"] += yen
        made = self.make(
            "refund", "re", amount=yen, charge=charge["id"], payment_intent=intent["id"],
            currency="jpy", status="succeeded", metadata=metadata,
        )  # fmt: skip
        self.fake.note("refunded", intent=intent["id"], yen=yen, **_marks(intent))
        self.tell("charge.refunded", charge)
        return made

    def _charge(self, intent: dict[str, Any], *, captured: bool) -> None:
        until = int(time.time()) + THREE_D_SECURE_DAYS * DAY
        charge = self.make(
            "charge", "ch", amount=intent["amount"], currency="jpy", captured=captured,
            amount_captured=intent["amount"] if captured else 0, amount_refunded=0,
            payment_intent=intent["id"], status="succeeded",
            billing_details={"name": "山田花子", "email": "hanako@example.jp"},
            payment_method_details={
                "type": "card", "card": {"last4": "4242", "capture_before": until},
            },
        )  # fmt: skip
        intent["latest_charge"] = charge["id"]

    def _taken(self, intent: dict[str, Any], yen: int) -> None:
        intent |= {"status": "succeeded", "amount_received": yen, "amount_capturable": 0}
        self.tell("payment_intent.succeeded", intent)


def _marks(intent: dict[str, Any]) -> dict[str, Any]:
    return {"order": intent["metadata"].get("order"), "attempt": intent["metadata"].get("attempt")}

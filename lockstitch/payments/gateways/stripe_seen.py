"""From Stripe's objects to what we ask of a payment. Pure; the shapes are those of its public
OpenAPI description (github.com/stripe/openapi)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from lockstitch.payments.rules import CHAINS, Seen, SeenRefund, State

NO_REFUND = ("failed", "canceled")


def seen_of(session: Any, intent: Any, refunds: Sequence[Any] = ()) -> Seen:
    """`session` or `intent` may be None, not both."""
    session = session or {}
    marks = (intent or session).get("metadata") or {}
    expires = session.get("expires_at")
    seen = Seen(
        state="closed" if session.get("status") == "expired" else "open",
        amount_yen=int(session.get("amount_total") or 0),
        session_ref=session.get("id") or "",
        payment_ref=session.get("payment_intent") or "",
        attempt_id=str(marks.get("attempt") or session.get("client_reference_id") or ""),
        url=session.get("url") or "",
        currency=str((intent or session).get("currency") or "jpy").lower(),
        expires_at=_moment(expires),
    )
    return _with_intent(seen, session, intent, refunds) if intent else seen


def _with_intent(seen: Seen, session: Any, intent: Any, refunds: Sequence[Any]) -> Seen:
    charge = intent.get("latest_charge")
    charge = charge if isinstance(charge, dict) else {}
    captured = 0
    if intent["status"] == "succeeded":
        # The intent's own figure; of a server that has none, the charge's.
        captured = int(intent.get("amount_received") or charge.get("amount_captured") or 0)
        captured = captured or int(charge.get("amount") or intent["amount"])
    held = 0
    if intent["status"] == "requires_capture":
        held = int(intent.get("amount_capturable") or intent["amount"])
    voucher, until = _voucher(intent)
    return Seen(
        state=_state(session, intent), amount_yen=int(intent["amount"]), authorised_yen=held,
        captured_yen=captured,
        refunds=tuple(
            SeenRefund(
                one["id"], int(one["amount"]), str((one.get("metadata") or {}).get("key") or ""),
                one.get("status") in NO_REFUND,
            )
            for one in refunds
        ),
        session_ref=seen.session_ref, payment_ref=intent["id"], attempt_id=seen.attempt_id,
        url=seen.url, currency=seen.currency, voucher=voucher,
        expires_at=_capture_before(charge) if held else until or seen.expires_at,
    )  # fmt: skip


SETTLED: dict[str, State] = {
    "requires_capture": "authorised", "succeeded": "captured", "canceled": "closed",
    "processing": "waiting",
}  # fmt: skip


def _state(session: Any, intent: Any) -> State:
    status, page = intent["status"], session.get("status")
    if status in SETTLED:
        return SETTLED[status]
    action = str((intent.get("next_action") or {}).get("type"))
    if action.startswith(("konbini_display", "display_bank_transfer")):
        return "waiting"
    if page == "complete" and status == "requires_payment_method":
        return "failed"  # a number that nobody paid in time
    return "closed" if page == "expired" else "open"


def _capture_before(charge: Any) -> dt.datetime | None:
    details = charge.get("payment_method_details") or {}
    return _moment((details.get("card") or {}).get("capture_before"))


def _voucher(intent: Any) -> tuple[dict[str, str], dt.datetime | None]:
    action = intent.get("next_action") or {}
    shown = action.get("konbini_display_details")
    if shown:
        voucher = {"url": str(shown.get("hosted_voucher_url") or "")}
        for chain in CHAINS:
            store = (shown.get("stores") or {}).get(chain) or {}
            if store.get("payment_code"):
                number = store.get("confirmation_number")
                voucher[chain] = " / ".join(filter(None, (store["payment_code"], number)))
        return voucher, _moment(shown.get("expires_at"))
    asked = action.get("display_bank_transfer_instructions")
    if asked:
        return {"url": str(asked.get("hosted_instructions_url") or "")}, None
    return {}, None


def _moment(seconds: Any) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC) if seconds else None

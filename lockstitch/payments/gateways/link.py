"""A redirect provider in the manner of Japanese link-type services (リンク型): a token is had
server to server, the browser is sent to the service with it, and comes back by the return address;
the service's notification and the return are only a bell, for which the truth is asked.

Requests are JSON, signed by the guard with the shop's key over time, method, path and body.
"""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

from lockstitch.payments.gateways.base import Declined, Transport, Unknown
from lockstitch.payments.rules import Change, Opening, Seen, SeenRefund, State
from lockstitch.sealed import providers

STATES: dict[str, State] = {
    "waiting": "open", "number_issued": "waiting", "authorised": "authorised",
    "captured": "captured", "cancelled": "closed", "expired": "closed", "declined": "open",
}  # fmt: skip
PAGES_MAX = 200


class LinkGateway:
    def __init__(self, transport: Transport = providers.call) -> None:
        self._transport = transport

    def open(self, asked: Opening, key: str) -> Seen:
        body = {
            "attempt": asked.attempt_id, "order": asked.order_number, "amount": asked.amount_yen,
            "shop_name": asked.shop_name, "return_url": asked.back, "language": asked.language,
            "expires_at": int(asked.expires_at.timestamp()), "three_d_secure": "required",
        }  # fmt: skip
        return _seen(self._post("/v1/tokens", body, key))

    def close(self, session_ref: str, payment_ref: str, key: str) -> Seen:
        seen = self.look(session_ref, payment_ref)
        if seen.state not in ("open", "waiting"):
            return seen
        try:
            return self.cancel(seen.payment_ref, key)
        except Declined:  # somebody was quicker
            return self.look(session_ref, payment_ref)

    def look(self, session_ref: str, payment_ref: str) -> Seen:
        return _seen(self._get(f"/v1/transactions/{payment_ref or session_ref}"))

    def capture(self, payment_ref: str, amount_yen: int, key: str) -> Seen:
        path = f"/v1/transactions/{payment_ref}/capture"
        return _seen(self._post(path, {"amount": amount_yen}, key))

    def cancel(self, payment_ref: str, key: str) -> Seen:
        return _seen(self._post(f"/v1/transactions/{payment_ref}/cancel", {}, key))

    def refund(self, payment_ref: str, amount_yen: int, key: str) -> Seen:
        path = f"/v1/transactions/{payment_ref}/refund"
        return _seen(self._post(path, {"amount": amount_yen}, key))

    def changes(self, cursor: str) -> tuple[list[Change], str]:
        said = self._get(f"/v1/changes?{urlencode({'after': cursor})}")
        found = [Change(one["id"], one["type"], one["transaction"]) for one in said["changes"]]
        return found, str(said["cursor"])

    def since(self, moment: dt.datetime) -> list[Seen]:
        found: list[Seen] = []
        after = ""
        for _page in range(PAGES_MAX):
            query = urlencode({"since": int(moment.timestamp()), "after": after})
            said = self._get(f"/v1/transactions?{query}")
            found += [_seen(one) for one in said["transactions"]]
            after = said["next"]
            if not after:
                break
        return found

    def _get(self, path: str) -> Any:
        return self._asked("GET", path, b"", "")

    def _post(self, path: str, body: dict[str, Any], key: str) -> Any:
        return self._asked("POST", path, json.dumps(body).encode(), key)

    def _asked(self, method: str, path: str, body: bytes, key: str) -> Any:
        try:
            said = self._transport(
                "link", method, path, body, content_type="application/json", idempotency_key=key
            )
        except providers.Unreachable as error:
            raise Unknown(str(error)) from None
        except providers.NoKey as error:
            raise Declined(f"guard_{error}") from None
        try:
            answer = json.loads(said.body)
        except ValueError:
            raise Unknown(f"{said.status} without JSON") from None
        if said.status >= 500 or said.status in (409, 429):
            raise Unknown(str(said.status))
        if said.status >= 400:
            raise Declined(str(answer.get("error", said.status)))
        return answer


def _seen(said: Any) -> Seen:
    until = said.get("authorised_until") or said.get("expires_at")
    return Seen(
        state=STATES[said["state"]], amount_yen=int(said["amount"]),
        authorised_yen=int(said["authorised"]), captured_yen=int(said["captured"]),
        refunds=tuple(
            SeenRefund(one["id"], int(one["amount"]), one["key"]) for one in said["refunds"]
        ),
        session_ref=said["id"], payment_ref=said["id"], attempt_id=said["attempt"],
        url=said.get("url") or "", voucher=dict(said.get("number") or {}),
        expires_at=dt.datetime.fromtimestamp(until, dt.UTC) if until else None,
    )  # fmt: skip

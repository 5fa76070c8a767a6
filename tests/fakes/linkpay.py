"""A link-type payment service of our own: `python -m tests.fakes.linkpay PORT`."""

import hashlib
import hmac
import json
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.fakes.bells import Bells
from tests.fakes.serving import Asked, Fake, Said, Trouble, as_json, as_page, redirect, serve

SHOP, SECRET = "shop-1", "link-secret-of-the-shop"
DAY = 86_400


class LinkError(Exception):
    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.status = code, status


class LinkPay(Fake):
    def __init__(self) -> None:
        super().__init__()
        self.bells = Bells("Link-Signature")
        self.all: dict[str, dict[str, Any]] = {}
        self.changed: list[dict[str, Any]] = []
        self.kept: dict[str, Said] = {}
        self.idempotent = True
        for method, path, do in (
            ("POST", "/v1/tokens", self.make),
            ("GET", "/v1/transactions", self.listed),
            ("GET", "/v1/changes", self.changes),
            ("GET", "/v1/transactions/{key}", self.show),
            ("POST", "/v1/transactions/{key}/{verb}", self.asked_for),
            ("GET", "/pay/{key}", self.page),
            ("POST", "/pay/{key}", self.pressed),
            ("POST", "/_admin/knobs", self.knobs),
            ("GET", "/_admin/journal", lambda asked: as_json(self.journal)),
            ("GET", "/_admin/objects/{key}", lambda asked, key: as_json(self.all[key])),
            ("POST", "/_admin/objects/{key}", self.tamper),
            ("POST", "/_admin/do/{verb}/{key}", self.do),
            ("POST", "/_admin/flush", self.flush),
        ):
            self.on(method, path, do)

    def around(self, asked: Asked, do: Callable[[], Said]) -> Said:
        if not asked.path.startswith("/v1/"):
            return do()
        if not _signed(asked):
            return as_json({"error": "signature"}, 401)
        key = asked.headers.get("idempotency-key", "") if self.idempotent else ""
        if key and key in self.kept:
            return self.kept[key]
        try:
            said = do()
        except LinkError as error:
            said = as_json({"error": error.code}, error.status)
        if key:
            self.kept[key] = said
        return said

    def _change(self, one: dict[str, Any], state: str) -> None:
        one["state"] = state
        event = {
            "id": f"lev_{len(self.changed) + 1}", "type": state, "transaction": one["id"],
            "at": int(time.time()),
        }  # fmt: skip
        self.changed.append(event)
        self.bells.ring(event)

    def _find(self, key: str) -> dict[str, Any]:
        if key not in self.all:
            raise LinkError("not_found", 404)
        return self.all[key]

    def make(self, asked: Asked) -> Said:
        form = json.loads(asked.body)
        key = f"ltx_{secrets.token_hex(10)}"
        self.all[key] = {
            "id": key, "attempt": form["attempt"], "order": form["order"],
            "amount": form["amount"], "authorised": 0, "captured": 0, "refunds": [],
            "state": "waiting", "url": f"{asked.base}/pay/{key}", "created": int(time.time()),
            "return_url": form["return_url"], "expires_at": form["expires_at"],
            "authorised_until": None, "number": None, "name": form["shop_name"],
        }  # fmt: skip
        return as_json(self.all[key])

    def show(self, asked: Asked, key: str) -> Said:
        return as_json(self._find(key))

    def listed(self, asked: Asked) -> Said:
        since = int(asked.query.get("since", 0))
        rows = [one for one in self.all.values() if one["created"] >= since]
        return as_json({"transactions": rows, "next": ""})

    def changes(self, asked: Asked) -> Said:
        after = asked.query.get("after", "")
        cursor = self.changed[-1]["id"] if self.changed else "lev_0"
        found = self.changed[int(after.removeprefix("lev_") or 0) :]
        return as_json({"changes": found, "cursor": cursor})

    def asked_for(self, asked: Asked, key: str, verb: str) -> Said:
        one, yen = self._find(key), int(json.loads(asked.body).get("amount", 0))
        if verb == "capture":
            self._capture(one, yen)
        elif verb == "cancel":
            if one["state"] in ("captured", "cancelled", "expired"):
                raise LinkError("state")
            one["authorised"] = 0
            self.note("cancelled", intent=key, **_marks(one))
            self._change(one, "cancelled")
        elif verb == "refund":
            if yen > one["captured"] - sum(r["amount"] for r in one["refunds"]) or yen < 1:
                raise LinkError("too_much")
            key_of_ours = asked.headers.get("idempotency-key", "")
            refund = {"id": f"lre_{secrets.token_hex(8)}", "amount": yen, "key": key_of_ours}
            one["refunds"].append(refund)
            self.note("refunded", intent=key, yen=yen, **_marks(one))
            self._change(one, "captured")
        else:
            raise LinkError("not_found", 404)
        return as_json(one)

    def _capture(self, one: dict[str, Any], yen: int) -> None:
        if one["state"] != "authorised":
            raise LinkError("state")
        if not 0 < yen <= one["authorised"]:
            raise LinkError("too_much")
        one["captured"], one["authorised"] = yen, 0
        self.note("captured", intent=one["id"], yen=yen, **_marks(one))
        self._change(one, "captured")

    def _authorise(self, one: dict[str, Any]) -> None:
        one["authorised"] = one["amount"]
        one["authorised_until"] = int(time.time()) + 30 * DAY
        self.note("authorised", intent=one["id"], yen=one["amount"], **_marks(one))
        self._change(one, "authorised")

    # --- the page

    def page(self, asked: Asked, key: str) -> Said:
        one = self._find(key)
        if one["state"] not in ("waiting", "declined"):
            return as_page("このページは終了しました", "<p>お店に戻ってください。</p>", 410)
        buttons = [("pay", "支払う"), ("decline", "使えないカード"), ("leave", "お店に戻る")]
        if asked.query.get("step") == "3ds":
            buttons = [("authenticated", "本人認証をする"), ("decline", "本人認証に失敗する")]
        shown = "".join(f'<button name="do" value="{v}">{text}</button>' for v, text in buttons)
        text = f"<p>{one['name']} {one['order']}</p><p>¥{one['amount']:,}</p>"
        return as_page("リンク決済", f'{text}<form method="post">{shown}</form>')

    def pressed(self, asked: Asked, key: str) -> Said:
        one, button = self._find(key), asked.form.get("do")
        if button == "leave":
            return redirect(one["return_url"])
        if one["state"] not in ("waiting", "declined"):
            return redirect(f"/pay/{key}")
        if button == "pay":
            return redirect(f"/pay/{key}?step=3ds")
        if button == "decline":
            self.note("declined", intent=key, **_marks(one))
            self._change(one, "declined")
            return redirect(f"/pay/{key}")
        self._authorise(one)
        return redirect(one["return_url"])

    # --- the tests' own

    def knobs(self, asked: Asked) -> Said:
        wanted = json.loads(asked.body)
        for name in ("url", "secret", "mode", "repeat", "delay"):
            if name in wanted:
                setattr(self.bells, name, wanted[name])
        self.down = wanted.get("down", self.down)
        self.idempotent = wanted.get("idempotent", self.idempotent)
        if wanted.get("clear"):
            self.troubles.clear()
        self.troubles += [Trouble(**one) for one in wanted.get("troubles", [])]
        return as_json({})

    def tamper(self, asked: Asked, key: str) -> Said:
        self.all[key] |= json.loads(asked.body)
        return as_json(self.all[key])

    def do(self, asked: Asked, verb: str, key: str) -> Said:
        one = self.all[key]
        if verb == "authorise":
            self._authorise(one)
        elif verb == "capture":
            self._capture(one, one["authorised"])
        elif verb == "run_out":
            one["authorised"] = 0
            self._change(one, "expired")
        return as_json(one)

    def flush(self, asked: Asked) -> Said:
        self.bells.flush(shuffle=asked.query.get("shuffle") == "1")
        return as_json({})


def _signed(asked: Asked) -> bool:
    """`Authorization: Link shop:seconds:hex(HMAC-SHA256 of time, method, path and body)`."""
    word, _, rest = asked.headers.get("authorization", "").partition(" ")
    if word != "Link" or rest.count(":") != 2:
        return False
    shop, at, digest = rest.split(":")
    signed = b"\n".join([at.encode(), asked.method.encode(), asked.target.encode(), asked.body])
    wanted = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return shop == SHOP and hmac.compare_digest(wanted, digest)


def _marks(one: dict[str, Any]) -> dict[str, Any]:
    return {"order": one["order"], "attempt": one["attempt"]}


if __name__ == "__main__":
    serve(LinkPay(), int(sys.argv[1]))

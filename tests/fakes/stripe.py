"""A Stripe of our own: `python -m tests.fakes.stripe PORT`.

Beside what others' fakes do: idempotency keys are honoured, refunds are limited, konbini and bank
transfer exist, a hosted page can be clicked, connections break before or after the work, and the
bells are lost, repeated, delayed or reordered. Its journal says what money moved.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from tests.fakes.bells import Bells
from tests.fakes.serving import Asked, Fake, Said, Trouble, as_json, as_page, redirect, serve
from tests.fakes.stripe_objects import Objects, StripeError


class Stripe(Fake):
    def __init__(self) -> None:
        super().__init__()
        self.bells = Bells("Stripe-Signature")
        self.objects = Objects(self, self.bells)
        self.kept: dict[str, tuple[str, Said]] = {}  # idempotency key -> what was asked, answered
        self.idempotent = True
        for method, path, do in (
            ("POST", "/v1/checkout/sessions", self.make_session),
            ("GET", "/v1/checkout/sessions/{key}", self.show_session),
            ("POST", "/v1/checkout/sessions/{key}/expire", self.expire),
            ("GET", "/v1/payment_intents", self.list_intents),
            ("GET", "/v1/payment_intents/{key}", self.show_intent),
            ("POST", "/v1/payment_intents/{key}/capture", self.capture),
            ("POST", "/v1/payment_intents/{key}/cancel", self.cancel),
            ("POST", "/v1/refunds", self.refund),
            ("GET", "/v1/refunds", self.list_refunds),
            ("GET", "/v1/events", self.list_events),
            ("POST", "/v1/customers", self.make_customer),
            ("GET", "/pay/{key}", self.page),
            ("POST", "/pay/{key}", self.pressed),
            ("POST", "/_admin/knobs", self.knobs),
            ("GET", "/_admin/journal", lambda asked: as_json(self.journal)),
            ("GET", "/_admin/calls", lambda asked: as_json(self.calls)),
            ("GET", "/_admin/rung", lambda asked: as_json(self.bells.rung)),
            ("GET", "/_admin/objects/{key}", self.object),
            ("POST", "/_admin/objects/{key}", self.tamper),
            ("POST", "/_admin/do/{verb}/{key}", self.do),
            ("POST", "/_admin/flush", self.flush),
        ):
            self.on(method, path, do)

    def around(self, asked: Asked, do: Callable[[], Said]) -> Said:
        if not asked.path.startswith("/v1/"):
            return do()
        if not asked.headers.get("authorization", "").startswith("Bearer sk_"):
            return _error(StripeError("", 401, "authentication_error"))
        key = asked.headers.get("idempotency-key", "") if self.idempotent else ""
        if key and asked.method == "POST":
            said = f"{asked.path} {asked.body.decode()}"
            if key in self.kept:
                before, answer = self.kept[key]
                if before != said:
                    return _error(StripeError("", 400, "idempotency_error"))
                return Said(answer.status, answer.body, {"Idempotent-Replayed": "true"})
        try:
            answer = do()
        except StripeError as error:
            answer = _error(error)
        if key and asked.method == "POST":
            self.kept[key] = (said, answer)
        return answer

    # --- the API

    def make_session(self, asked: Asked) -> Said:
        form = asked.form
        line = form["line_items"]["0"]
        yen = int(line["price_data"]["unit_amount"]) * int(line["quantity"])
        made = self.objects.make(
            "checkout.session", "cs", mode="payment", status="open", payment_status="unpaid",
            currency="jpy", amount_total=yen, payment_intent=None,
            client_reference_id=form.get("client_reference_id"), metadata=form.get("metadata", {}),
            expires_at=int(form["expires_at"]), success_url=form["success_url"],
            cancel_url=form["cancel_url"], customer=form.get("customer"),
            payment_method_types=list(form["payment_method_types"].values()),
            _intent=form["payment_intent_data"], _options=form.get("payment_method_options", {}),
            _name=line["price_data"]["product_data"]["name"],
        )  # fmt: skip
        made["url"] = f"{asked.base}/pay/{made['id']}"
        return _shown(made)

    def show_session(self, asked: Asked, key: str) -> Said:
        return _shown(self.objects.get(key, "checkout.session"))

    def expire(self, asked: Asked, key: str) -> Said:
        session = self.objects.get(key, "checkout.session")
        self.objects.expire(session)
        return _shown(session)

    def show_intent(self, asked: Asked, key: str) -> Said:
        return as_json(self._expanded(self.objects.get(key, "payment_intent")))

    def _expanded(self, intent: dict[str, Any]) -> dict[str, Any]:
        charge = self.objects.all.get(intent["latest_charge"] or "")
        return {**intent, "latest_charge": charge}

    def list_intents(self, asked: Asked) -> Said:
        since = int(asked.query.get("created", {}).get("gte", 0))
        rows = [one for one in self.objects.listed("payment_intent") if one["created"] >= since]
        return _listed([self._expanded(one) for one in rows], asked)

    def capture(self, asked: Asked, key: str) -> Said:
        intent = self.objects.get(key, "payment_intent")
        self.objects.capture(intent, int(asked.form.get("amount_to_capture", 0)) or None)
        return as_json(intent)

    def cancel(self, asked: Asked, key: str) -> Said:
        intent = self.objects.get(key, "payment_intent")
        self.objects.cancel(intent)
        return as_json(intent)

    def refund(self, asked: Asked) -> Said:
        form = asked.form
        intent = self.objects.get(form["payment_intent"], "payment_intent")
        made = self.objects.refund(intent, int(form["amount"]), form.get("metadata", {}))
        return as_json(made)

    def list_refunds(self, asked: Asked) -> Said:
        wanted = asked.query.get("payment_intent")
        rows = [r for r in self.objects.listed("refund") if wanted in (None, r["payment_intent"])]
        return _listed(rows, asked)

    def list_events(self, asked: Asked) -> Said:
        return _listed(list(reversed(self.objects.events)), asked)

    def make_customer(self, asked: Asked) -> Said:
        return as_json(self.objects.make("customer", "cus", metadata=asked.form.get("metadata")))

    # --- the hosted page

    def page(self, asked: Asked, key: str) -> Said:
        session = self.objects.get(key, "checkout.session")
        if session["status"] != "open":
            return as_page("このページは終了しました", "<p>お店に戻ってください。</p>", 410)
        kinds = session["payment_method_types"]
        buttons = [("card", "カードで支払う"), ("declined", "使えないカードで支払う")]
        if "card" not in kinds:
            buttons = [("number", "番号を発行する")]
        if asked.query.get("step") == "3ds":
            buttons = [("authenticated", "本人認証をする"), ("refused", "本人認証に失敗する")]
        back = session["cancel_url"]
        return as_page("お支払い", _form(session, buttons) + f'<a href="{back}">お店に戻る</a>')

    def pressed(self, asked: Asked, key: str) -> Said:
        session = self.objects.get(key, "checkout.session")
        button = asked.form.get("do")
        here = f"/pay/{key}"
        if session["status"] != "open":
            return redirect(here)
        if button == "card":
            return redirect(f"{here}?step=3ds")
        if button in ("declined", "refused"):
            self.objects.decline(session)
            return redirect(here)
        if button == "number":
            self.objects.give_number(session)
        else:
            self.objects.authorise(session)
        return redirect(session["success_url"])

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

    def object(self, asked: Asked, key: str) -> Said:
        return as_json(self.objects.all[key])

    def tamper(self, asked: Asked, key: str) -> Said:
        """As somebody with the provider's own console would, without a bell."""
        self.objects.all[key] |= json.loads(asked.body)
        return as_json(self.objects.all[key])

    def do(self, asked: Asked, verb: str, key: str) -> Said:
        about = self.objects.all[key]
        verbs: dict[str, Callable[[], Any]] = {
            "pay": lambda: self.objects.pay(about),
            "run_out": lambda: self.objects.run_out(about),
            "authorise": lambda: self.objects.authorise(about),
            "decline": lambda: self.objects.decline(about),
            "number": lambda: self.objects.give_number(about),
            "capture": lambda: self.objects.capture(about, None),
            "cancel": lambda: self.objects.cancel(about),
            "refund": lambda: self.objects.refund(about, about["amount_received"], {}),
        }
        verbs[verb]()
        return as_json(self.objects.all[key])

    def flush(self, asked: Asked) -> Said:
        self.bells.flush(shuffle=asked.query.get("shuffle") == "1")
        return as_json({})


def _form(session: dict[str, Any], buttons: list[tuple[str, str]]) -> str:
    shown = "".join(f'<button name="do" value="{value}">{text}</button>' for value, text in buttons)
    yen = f"{session['amount_total']:,}"
    return f'<p>{session["_name"]}</p><p>¥{yen}</p><form method="post">{shown}</form>'


def _shown(session: dict[str, Any]) -> Said:
    return as_json({name: value for name, value in session.items() if not name.startswith("_")})


def _listed(rows: list[dict[str, Any]], asked: Asked) -> Said:
    """A page of a list that is newest first."""
    limit, ids = int(asked.query.get("limit", 10)), [row["id"] for row in rows]
    if before := asked.query.get("ending_before"):
        if before not in ids:
            return _error(StripeError("resource_missing", 404))
        newer = rows[: ids.index(before)]
        page, more = newer[-limit:], len(newer) > limit
    else:
        after = asked.query.get("starting_after")
        rest = rows[ids.index(after) + 1 :] if after else rows
        page, more = rest[:limit], len(rest) > limit
    return as_json({"object": "list", "data": page, "has_more": more, "url": asked.path})


def _error(error: StripeError) -> Said:
    said = {"error": {"type": error.kind, "code": error.code, "message": "the fake says no"}}
    return as_json(said, error.status)


if __name__ == "__main__":
    serve(Stripe(), int(sys.argv[1]))

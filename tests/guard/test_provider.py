"""Providers' keys go in and never come out; the worker may have payments' calls made, no others."""

import hashlib
import hmac
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from guard.client import GuardRefused, GuardUnavailable
from guard.provider_calls import known_call, without_persons
from guard.wire import (
    CallProvider,
    CheckWebhook,
    Health,
    ListProviders,
    Reveal,
    SetProviderSecret,
    WhoAmI,
)
from lockstitch.cli.cluster import Cluster
from tests.fakes.running import HOOKS, KEYS, Running, localstripe, started
from tests.guard.conftest import Guard, Site, make_guard


@dataclass
class World:
    guard: Guard
    stripe: Running
    link: Running
    site: Site
    owner: str

    def call(self, method: str, path: str, body: bytes = b"", **more: Any) -> Any:
        ask = CallProvider(
            site_id=self.site.site_id, provider=more.pop("provider", "stripe"), method=method,  # type: ignore[arg-type]
            path=path, body=body, **more,
        )  # fmt: skip
        return self.guard.worker.call(ask)

    def keep(self, provider: str, name: str, value: str, session: str = "") -> None:
        ask = SetProviderSecret(
            site_id=self.site.site_id,
            provider=provider,
            name=name,
            value=value,  # type: ignore[arg-type]
        )
        self.guard.desk.call(ask, session=session or self.owner)


@pytest.fixture(scope="module")
def world(cluster: Cluster) -> Iterator[World]:
    folder = tempfile.TemporaryDirectory(prefix="lsg-")
    with folder as made_in, started("stripe") as stripe, started("link") as link:
        guard = make_guard(cluster, Path(made_in))
        guard.providers = f"stripe={stripe.url} link={link.url}"
        guard.start()
        site = guard.site()
        owner, _me = guard.operator(site, "owner")
        world = World(guard, stripe, link, site, owner)
        for provider in ("stripe", "link"):
            world.keep(provider, "api", KEYS[provider])
            world.keep(provider, "webhook", HOOKS[provider])
        yield world
        guard.stop()


def refused(do: Any) -> str:
    with pytest.raises(GuardRefused) as caught:
        do()
    return caught.value.code


def test_a_key_is_kept_and_never_shown(world: World) -> None:
    rows = world.guard.desk.call(
        ListProviders(site_id=world.site.site_id), session=world.owner
    ).rows
    assert [(row.provider, row.name, row.last4) for row in rows] == [
        ("link", "api", "shop"), ("link", "webhook", "0001"), ("stripe", "api", "fake"),
        ("stripe", "webhook", "ells"),
    ]  # fmt: skip
    stored = world.guard.sql("SELECT * FROM guard.provider_secret")
    assert not any(KEYS["stripe"].encode() in bytes(row["sealed"]) for row in stored)
    assert KEYS["stripe"] not in str(world.guard.sql("SELECT * FROM guard.ledger"))
    assert world.guard.entries("provider.secret")[-1]["principal_kind"] == "operator"


@pytest.mark.parametrize("role", ["orders", "support", "merchandiser", "readonly"])
def test_only_an_owner_of_the_site_sets_one(world: World, role: Any) -> None:
    session, _me = world.guard.operator(world.site, role)
    assert refused(lambda: world.keep("stripe", "api", "sk_test_other", session)) == "forbidden"
    elsewhere, _me = world.guard.operator(world.guard.site(), "owner")
    assert refused(lambda: world.keep("stripe", "api", "sk_test_other", elsewhere)) == "not_found"
    staff, _me = world.guard.operator(world.site, "owner", staff=True)
    assert refused(lambda: world.keep("stripe", "api", "sk_test_other", staff)) == "forbidden"


def test_what_is_no_key_is_not_kept(world: World) -> None:
    for value in ("", "pk_test_public", "sk_test_with space", "sk_test_\nX: y"):
        assert refused(lambda value=value: world.keep("stripe", "api", value)) == "invalid"


def test_the_guard_calls_with_the_key_and_writes_it_down(world: World) -> None:
    said = world.call("GET", "/v1/payment_intents?limit=1")
    assert said.status == 200
    assert json.loads(said.body)["object"] == "list"
    entry = world.guard.entries("provider.call")[-1]
    assert entry["purpose"] == "stripe.GET /v1/payment_intents"
    assert (entry["principal_kind"], entry["principal_id"]) == ("system", "payments")
    assert entry["site_id"] == world.site.site_id


def test_the_link_providers_signature(world: World) -> None:
    said = world.call("GET", "/v1/changes?after=", provider="link")
    assert said.status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/payouts"), ("POST", "/v1/transfers"), ("GET", "/v1/customers/cus_1"),
        ("POST", "/v1/payment_intents"), ("GET", "/v1/charges"), ("GET", "//elsewhere/v1/refunds"),
        ("POST", "/v1/payment_intents/pi_1/../../payouts"), ("GET", "@elsewhere/v1/refunds"),
    ],
)  # fmt: skip
def test_no_call_that_payments_do_not_need(world: World, method: str, path: str) -> None:
    assert not known_call("stripe", method, path)
    assert refused(lambda: world.call(method, path)) == "forbidden"


def test_a_header_cannot_be_smuggled(world: World) -> None:
    for name in ("idempotency_key", "version", "content_type"):
        asked = {name: "x\r\nAuthorization: Bearer sk_other"}
        body = b"a=b" if name == "content_type" else b""
        code = refused(lambda asked=asked, body=body: world.call("POST", "/v1/refunds", body,
                                                                 **asked))  # fmt: skip
        assert code == "invalid"


def test_the_worker_may_ask_nothing_else(world: World) -> None:
    record = world.guard.deposit(world.site)
    for ask in (
        Reveal(record_ids=[record], fields=["email"], purpose="order.ship"), WhoAmI(), Health(),
        ListProviders(site_id=world.site.site_id),
    ):  # fmt: skip
        assert refused(lambda ask=ask: world.guard.worker.call(ask)) == "forbidden"
    asked = CallProvider(site_id=world.site.site_id, provider="stripe", method="GET",
                         path="/v1/refunds")  # fmt: skip
    for client in (world.guard.desk, world.guard.cli):
        assert refused(lambda client=client: client.call(asked)) in ("forbidden", "session")


def test_a_site_without_a_key_calls_nobody(world: World) -> None:
    asked = CallProvider(site_id=uuid4(), provider="stripe", method="GET", path="/v1/refunds")
    assert refused(lambda: world.guard.worker.call(asked)) == "not_found"


def test_no_answer_is_said_to_be_none(world: World) -> None:
    for when in ("before", "after"):
        world.stripe.trouble("/v1/refunds", when)
        with pytest.raises(GuardUnavailable):
            world.call("GET", "/v1/refunds")


def test_what_the_provider_tells_of_persons_stays_here(world: World) -> None:
    charge = {
        "amount": 100, "billing_details": {"name": "山田花子", "email": "a@b.jp"},
        "payment_method_details": {"card": {"last4": "4242", "capture_before": 7}},
        "customer_details": {"address": {"line1": "神宮前"}}, "list": [{"phone": "090"}],
        "payment_method_options": {"card": {"request_three_d_secure": "any"}},
    }  # fmt: skip
    said = json.loads(without_persons(json.dumps(charge).encode()))
    assert said == {
        "amount": 100, "payment_method_details": {"card": {"capture_before": 7}}, "list": [{}],
        "payment_method_options": {"card": {"request_three_d_secure": "any"}},
    }  # fmt: skip
    assert without_persons(b"<html>hanako@example.jp</html>") == b""


def sign(secret: str, payload: bytes, at: int) -> str:
    signed = hmac.new(secret.encode(), b"%d." % at + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


def test_a_bell_is_known_by_its_signature(world: World) -> None:
    payload, at = b'{"id":"evt_1"}', int(time.time())
    right = sign(HOOKS["stripe"], payload, at)

    def check(payload: bytes, signature: str, provider: str = "stripe") -> Any:
        ask = CheckWebhook(
            site_id=world.site.site_id,
            provider=provider,
            payload=payload,
            signature=signature,  # type: ignore[arg-type]
        )
        return world.guard.desk.call(ask)

    check(payload, right)
    check(payload, f"{right},v1=00")  # while the secret is being changed there are two
    for wrong in (
        lambda: check(payload + b" ", right), lambda: check(payload, ""),
        lambda: check(payload, sign("whsec_of_somebody_else", payload, at)),
        lambda: check(payload, sign(HOOKS["stripe"], payload, at - 400)),
        lambda: check(payload, right, "link"),
    ):  # fmt: skip
        assert refused(wrong) == "credentials"


def test_localstripe_signs_alike(world: World) -> None:
    """Its signature, made by its own code, is one that the guard knows."""
    heard: list[tuple[str, bytes]] = []
    with localstripe() as url, listening(heard) as here:
        auth = {"Authorization": f"Bearer {KEYS['stripe']}"}
        hook = {"url": here, "secret": HOOKS["stripe"]}
        httpx.post(f"{url}/_config/webhooks/mine", data=hook).raise_for_status()
        card = {"card[number]": "4242424242424242", "card[exp_month]": 1, "card[exp_year]": 2039,
                "card[cvc]": "123"}  # fmt: skip
        method = httpx.post(f"{url}/v1/payment_methods", data={"type": "card", **card},
                            headers=auth).json()  # fmt: skip
        intent = {"amount": 100, "currency": "jpy", "confirm": "true",
                  "payment_method": method["id"]}  # fmt: skip
        httpx.post(f"{url}/v1/payment_intents", data=intent, headers=auth).raise_for_status()
        until = time.monotonic() + 15
        while not heard and time.monotonic() < until:
            time.sleep(0.1)
    signature, payload = heard[0]
    ask = CheckWebhook(site_id=world.site.site_id, provider="stripe", payload=payload,
                       signature=signature)  # fmt: skip
    world.guard.desk.call(ask)


@contextmanager
def listening(heard: list[tuple[str, bytes]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.headers["Stripe-Signature"], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()

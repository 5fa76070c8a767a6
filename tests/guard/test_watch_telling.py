"""Who is told of an alert: owners of their shop's, staff of the platform's, and a webhook."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest

from guard.watch.telling import LETTERS_PER_HOUR
from guard.wire import Mailbox
from tests.guard.conftest import Guard, Site, eventually
from tests.guard.test_watch_alerts import new_source, settled, tell, the_alert


def letters(guard: Guard) -> list[Any]:
    found = guard.cli.call(Mailbox(limit=200)).mails
    return [mail for mail in found if "アラート" in mail.subject]


def test_owners_are_told_of_their_shop_and_nobody_else(own_guard: Guard) -> None:
    own_guard.start()
    here, there = own_guard.site(), own_guard.site()
    for site in (here, there):
        for role in ("owner", "orders"):
            own_guard.operator(site, role)  # type: ignore[arg-type]
    staff, _identity = own_guard.operator(here, "owner", staff=True)
    tell(own_guard, "method", new_source(), site_id=here.site_id)  # a notice is told to nobody
    tell(own_guard, "script", "203.0.113.9", site_id=here.site_id, form="contact")
    [mail] = eventually(lambda: letters(own_guard))
    assert "input.script" in mail.subject
    assert "203.0.113.9" not in mail.text
    settled(own_guard)
    assert len(letters(own_guard)) == 1
    path = f"x-{uuid4()}"
    tell(own_guard, "missing", path, distinct=20)
    eventually(lambda: len(letters(own_guard)) == 2)
    assert staff


def test_a_flood_is_told_of_so_often_and_what_is_graver_all_the_same(own_guard: Guard) -> None:
    own_guard.start()
    site = own_guard.site()
    own_guard.operator(site, "owner")
    for number in range(LETTERS_PER_HOUR + 5):
        tell(own_guard, "script", "", site_id=site.site_id, form=f"form-{number}")
    settled(own_guard)
    eventually(lambda: len(letters(own_guard)) == LETTERS_PER_HOUR)
    tell(own_guard, "payment", "", site_id=site.site_id, ref="x")
    eventually(lambda: len(letters(own_guard)) == LETTERS_PER_HOUR + 1)


class Hook:
    """A program of the shop's that wants to know; the first answers are not what it should say."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        hook, self.answers = self, [503, 200]

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.heard.append((dict(self.headers), body))
                self.send_response(hook.answers.pop(0) if hook.answers else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook?of=us"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.close()


def test_a_webhook_is_signed_and_tried_again(own_guard: Guard, hook: Hook) -> None:
    own_guard.webhook = hook.url
    own_guard.start()
    source = new_source()
    tell(own_guard, "method", source, method="PUT")
    alert = the_alert(own_guard, "edge.method", source)
    eventually(lambda: len(hook.heard) == 2, seconds=30)
    first, second = hook.heard
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    headers, body = second
    secret = (own_guard.data / "guard" / "webhook.secret").read_text().strip()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    said = json.loads(body)
    assert (said["data"]["alert_id"], said["data"]["subject"]) == (alert.alert_id, source)
    eventually(lambda: not own_guard.sql("SELECT 1 FROM guard.alert_call"))


def test_without_a_webhook_nothing_waits(guard: Guard, site: Site) -> None:
    source = new_source()
    tell(guard, "method", source, site_id=site.site_id)
    the_alert(guard, "edge.method", source)
    assert not guard.sql("SELECT 1 FROM guard.alert_call")

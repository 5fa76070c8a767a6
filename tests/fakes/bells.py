"""Ringing the shop: signed notifications that a test may lose, repeat, delay and reorder."""

import hashlib
import hmac
import json
import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

# One trust store for all: reading it anew takes longer than a call.
HTTP = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))


@dataclass
class Bells:
    """`mode`: send, lose, or hold until `flush`. `signature` is the header's name."""

    signature: str
    url: str = ""
    secret: str = ""
    mode: str = "send"
    repeat: int = 1
    delay: float = 0.0
    held: list[dict[str, Any]] = field(default_factory=list)
    rung: list[tuple[str, int]] = field(default_factory=list)  # event, the shop's status

    def ring(self, event: dict[str, Any]) -> None:
        if not self.url or self.mode == "lose":
            return
        if self.mode == "hold":
            self.held.append(event)
            return
        threading.Thread(target=self._send, args=(event,), daemon=True).start()

    def flush(self, *, shuffle: bool = False) -> None:
        held, self.held = self.held, []
        if shuffle:
            random.shuffle(held)
        for event in held:
            self._send(event)

    def _send(self, event: dict[str, Any]) -> None:
        time.sleep(self.delay)
        for _time in range(self.repeat):
            self.rung.append((event["id"], self._post(json.dumps(event).encode())))

    def _post(self, payload: bytes) -> int:
        at = int(time.time())
        signed = hmac.new(self.secret.encode(), b"%d." % at + payload, hashlib.sha256)
        parts = urlsplit(self.url)
        # Every host is this machine, as a browser takes `*.localhost` to be.
        url = parts._replace(netloc=f"127.0.0.1:{parts.port or 80}").geturl()
        headers = {
            "Host": parts.netloc, "Content-Type": "application/json",
            self.signature: f"t={at},v1={signed.hexdigest()}",
        }  # fmt: skip
        with suppress(httpx.HTTPError):
            return HTTP.post(url, content=payload, headers=headers, timeout=10).status_code
        return 0

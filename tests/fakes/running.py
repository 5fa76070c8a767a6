"""Starting a fake as a process, and hands to reach it with."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from lockstitch.cli.instance import ROOT
from lockstitch.sealed.providers import ProviderAnswered, Unreachable
from tests.fakes.bells import HTTP
from tests.fakes.linkpay import SECRET, SHOP
from tests.instance import free_port, wait_until

KEYS = {"stripe": "sk_test_of_the_fake", "link": f"{SHOP}:{SECRET}"}
HOOKS = {"stripe": "whsec_of_the_fake_for_bells", "link": "link-bell-secret-0001"}


@dataclass
class Running:
    """One fake. `calls` are the guard's, made here without a guard."""

    provider: str
    url: str
    process: "subprocess.Popen[bytes]"

    def knobs(self, **wanted: Any) -> None:
        HTTP.post(f"{self.url}/_admin/knobs", json=wanted).raise_for_status()

    def trouble(self, match: str, when: str, times: int = 1) -> None:
        """Cuts the next calls of a path with `match` off, before or after the work is done."""
        self.knobs(troubles=[{"match": match, "when": when, "times": times}])

    def do(self, verb: str, key: str) -> Any:
        """What a buyer, a bank or somebody at the provider's console does."""
        said = HTTP.post(f"{self.url}/_admin/do/{verb}/{key}")
        said.raise_for_status()
        return said.json()

    def object(self, key: str) -> Any:
        return HTTP.get(f"{self.url}/_admin/objects/{key}").json()

    def tamper(self, key: str, **values: Any) -> None:
        HTTP.post(f"{self.url}/_admin/objects/{key}", json=values).raise_for_status()

    def flush(self, *, shuffle: bool = False) -> None:
        HTTP.post(f"{self.url}/_admin/flush?shuffle={int(shuffle)}").raise_for_status()

    def journal(self, **wanted: Any) -> list[dict[str, Any]]:
        """What money moved; narrowed to what is named."""
        rows: list[dict[str, Any]] = HTTP.get(f"{self.url}/_admin/journal").json()
        return [row for row in rows if all(row.get(k) == v for k, v in wanted.items())]

    def press(self, url: str, *buttons: str) -> httpx.Response:
        """The buyer on the page, a button after the other; the last answer, not followed."""
        here = url
        for button in buttons:
            said = HTTP.post(here, data={"do": button})
            here = str(httpx.URL(url).join(said.headers["location"]))
            url = here.partition("?")[0] if "/pay/" in here else url
            here = url if "/pay/" in here else here
        return said


def direct(fakes: dict[str, str]) -> Any:
    """A transport to the fakes at these addresses, with their keys, in place of the guard."""
    import hashlib
    import hmac
    import time

    def call(
        provider: str, method: str, path: str, body: bytes = b"", *, content_type: str = "",
        version: str = "", idempotency_key: str = "",
    ) -> ProviderAnswered:  # fmt: skip
        headers = {"Authorization": f"Bearer {KEYS[provider]}"}
        if provider == "link":
            at = str(int(time.time()))
            signed = b"\n".join([at.encode(), method.encode(), path.encode(), body])
            digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
            headers["Authorization"] = f"Link {SHOP}:{at}:{digest}"
        if body:
            headers["Content-Type"] = content_type or "application/x-www-form-urlencoded"
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        try:
            said = HTTP.request(method, fakes[provider] + path, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__) from None
        return ProviderAnswered(status=said.status_code, headers={}, body=said.content)

    return call


@contextmanager
def started(provider: str) -> Iterator[Running]:
    port = free_port()
    module = "tests.fakes.stripe" if provider == "stripe" else "tests.fakes.linkpay"
    process = subprocess.Popen([sys.executable, "-m", module, str(port)], cwd=ROOT)
    fake = Running(provider, f"http://127.0.0.1:{port}", process)
    try:
        wait_until(lambda: _answers(fake.url))
        yield fake
    finally:
        process.kill()
        process.wait()


@contextmanager
def localstripe() -> Iterator[str]:
    """The address of the fake that others wrote."""
    port = free_port()
    command = [sys.executable, "-m", "localstripe", "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=tempfile.gettempdir(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _answers(f"http://127.0.0.1:{port}"))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        HTTP.get(url)
    except httpx.HTTPError:
        return False
    return True

"""A real browser, driven by two pipes: Chromium's own protocol, without a library or a port."""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-quic",
)  # fmt: skip
TIMEOUT_S = 30.0
READ = """JSON.stringify({
  scripts: [...document.scripts].map((s) => [s.getAttribute("src") || "", s.textContent]),
  forms: [...document.forms].map((f) => [f.getAttribute("action") || "", f.method]),
  frames: [...document.querySelectorAll("iframe, object, embed")].map(
    (f) => f.getAttribute("src") || f.getAttribute("data") || ""),
})"""


class BrowserError(Exception):
    """There is none, or it did not do what it was asked."""


class Browser:
    """One page at a time."""

    def __init__(self, to: int, answers: int) -> None:
        self._to, self._answers = to, answers
        self._number, self._left = 0, b""
        self._session = ""
        self._seen: list[dict[str, Any]] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self._call(f"{domain}.enable")
        # What a browser remembers from an earlier look is not what a visitor gets now.
        self._call("Network.setCacheDisabled", cacheDisabled=True)

    def cookie(self, url: str, name: str, value: str) -> None:
        self._call("Network.setCookie", url=url, name=name, value=value, path="/")

    def look(self, url: str) -> dict[str, Any]:
        """The page's status and headers, what it loads and runs, and where its forms go. Raises
        BrowserError."""
        self._seen.clear()
        self._call("Page.navigate", url=url)
        self._until("Page.loadEventFired")
        said = self._call("Runtime.evaluate", expression=READ, returnByValue=True)
        found: dict[str, Any] = json.loads(said["result"]["value"])
        got = [e["params"] for e in self._seen if e["method"] == "Network.responseReceived"]
        page = [one for one in got if one["type"] == "Document"]
        if not page:
            raise BrowserError(f"{url}: no answer")
        loaded = {
            one["response"]["url"]: self._hash(one["requestId"])
            for one in got if one["type"] == "Script"
        }  # fmt: skip
        response = page[-1]["response"]
        headers = {name.lower(): value for name, value in response["headers"].items()}
        return {**found, "loaded": loaded, "status": response["status"], "headers": headers}

    def _hash(self, request: str) -> str:
        body = self._call("Network.getResponseBody", requestId=request)["body"]
        return hashlib.sha256(body.encode()).hexdigest()

    def _call(self, method: str, **params: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        number = self._number
        while (said := self._next()).get("id") != number:
            self._seen.append(said) if "method" in said else None
        if "error" in said:
            raise BrowserError(f"{method}: {said['error'].get('message', '')}")
        result: dict[str, Any] = said["result"]
        return result

    def _until(self, event: str) -> None:
        end = time.monotonic() + TIMEOUT_S
        while not any(each["method"] == event for each in self._seen):
            if time.monotonic() > end:
                raise BrowserError(f"{event} never came")
            said = self._next()
            self._seen.append(said) if "method" in said else None

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            part = os.read(self._answers, 1 << 16)
            if not part:
                raise BrowserError("the browser ended")
            self._left += part
        line, self._left = self._left.split(b"\0", 1)
        message: dict[str, Any] = json.loads(line)
        return message


@contextmanager
def browser() -> Iterator[Browser]:
    """Raises BrowserError when there is none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise BrowserError("no chromium here: install it, or run this where there is one")
    (theirs, to), (answers, ours) = os.pipe(), os.pipe()
    # The protocol is spoken on the descriptors 3 and 4.
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with tempfile.TemporaryDirectory(prefix="ls-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            ["/bin/bash", "-c", f"exec \"$0\" \"$@\" 3<&{theirs} 4>&{ours}", path, *flags,
             f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(theirs, ours), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        os.close(ours)
        try:
            yield Browser(to, answers)
        finally:
            os.close(to)
            os.close(answers)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()

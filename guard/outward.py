"""HTTP to the outside, in threads of its own: a provider that hangs keeps nobody else waiting."""

import asyncio
import contextlib
import http.client
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 12.0  # less than a call to the guard may take
ANSWER_BYTES_MAX = 900_000  # less than a frame
THREADS = 8
KEPT = ("content-type", "date", "idempotent-replayed", "request-id", "retry-after",
        "stripe-should-retry")  # fmt: skip


class NoAnswer(Exception):
    """None came, or none that can be read: whether the call took effect is not known."""


@dataclass(frozen=True)
class Request:
    method: str
    base: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="provider")


async def send(request: Request) -> Answered:
    """Raises NoAnswer. Follows no redirect: the key goes to the one address it is for."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS + 2):
            return await loop.run_in_executor(_threads(), exchange, request)
    except TimeoutError:
        raise NoAnswer("took too long") from None


@cache
def trust() -> ssl.SSLContext:
    """The system's authorities, read once: reading them takes 50 ms."""
    return ssl.create_default_context()


def exchange(request: Request, seconds: float = TIMEOUT_SECONDS) -> Answered:
    """The same in this thread, at most `seconds` for each step."""
    parts = urlsplit(request.base)
    host, path = parts.hostname or "", parts.path.rstrip("/") + request.path
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=trust())
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=seconds)
    with contextlib.closing(connection):
        try:
            connection.request(
                request.method, path, body=request.body or None, headers=request.headers
            )
            got = connection.getresponse()
            body = got.read(ANSWER_BYTES_MAX + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer(type(error).__name__) from None
        if len(body) > ANSWER_BYTES_MAX:
            raise NoAnswer("the answer is too long")
        headers = {name.lower(): value for name, value in got.getheaders()}
        return Answered(got.status, {n: headers[n] for n in KEPT if n in headers}, body)

"""Fetching a picture from an address that a file names. The address is a stranger's word: only
public hosts are asked, and the host that was checked is the host that is connected to."""

import http.client
import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

from lockstitch.files.rules import PICTURE_BYTES

TIMEOUT_S = 8
REDIRECTS_MAX = 3


class Unfetched(Exception):
    """The picture could not be had; the text says why."""


class PictureFetcher:
    """Remembers hosts that did not answer, so that a file of a thousand addresses does not wait
    a thousand times."""

    def __init__(self) -> None:
        self._down: set[str] = set()

    def fetch(self, url: str) -> bytes:
        """At most 20 MB. Raises Unfetched."""
        for _hop in range(REDIRECTS_MAX + 1):
            parts = urlsplit(url)
            host = parts.hostname or ""
            if parts.scheme not in {"http", "https"} or not host:
                raise Unfetched("not an http address")
            if host in self._down:
                raise Unfetched(f"{host} does not answer")
            try:
                answer = _get(parts.scheme, host, parts.port, _target(url))
            except (OSError, http.client.HTTPException) as error:
                self._down.add(host)
                raise Unfetched(f"{host}: {error}") from None
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise Unfetched("too many redirects")


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _get(scheme: str, host: str, port: int | None, target: str) -> bytes | str:
    """The body, or where to look instead."""
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=TIMEOUT_S)
    connection._create_connection = _connect  # type: ignore[attr-defined]  # its own hook
    try:
        connection.request("GET", target, headers={"Accept": "image/*"})
        response = connection.getresponse()
        if response.status in {301, 302, 303, 307, 308}:
            return response.getheader("Location", "")
        if response.status != http.HTTPStatus.OK:
            raise Unfetched(f"{host} answered {response.status}")
        body = response.read(PICTURE_BYTES + 1)
        if len(body) > PICTURE_BYTES:
            raise Unfetched("larger than 20 MB")
        return body
    finally:
        connection.close()


def _connect(
    address: tuple[str, int], timeout: float | None = None, source: object = None
) -> socket.socket:
    """To the host's public address, and to no other that its name may give next time."""
    host, port = address
    for family, _type, _proto, _name, found in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        if not ipaddress.ip_address(found[0]).is_global:
            raise Unfetched(f"{host} is not a public host")
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        connection.connect(found)
        return connection
    raise OSError("no address")

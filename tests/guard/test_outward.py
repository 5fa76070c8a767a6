"""Calls to the outside: only to who proves to be who was meant."""

import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from guard import outward
from guard.outward import NoAnswer, Request, exchange


def certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """Signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / f"{host}.pem", folder / f"{host}.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )  # fmt: skip
    )
    return file, secret


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "https://evil.example/")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(params=["localhost", "elsewhere.example"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str, Path]]:
    """(whose certificate it has, its address, the certificate)"""
    file, secret = certificate(tmp_path, request.param)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    made = HTTPServer(("127.0.0.1", 0), Answers)
    made.socket = context.wrap_socket(made.socket, server_side=True)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield request.param, f"https://localhost:{made.server_port}", file
    made.shutdown()
    made.server_close()


def get(base: str, path: str = "/") -> int:
    return exchange(Request("GET", base, path, {}, b""), 5).status


def test_a_certificate_that_nobody_vouches_for(server: tuple[str, str, Path]) -> None:
    with pytest.raises(NoAnswer, match="SSLCertVerificationError"):
        get(server[1])


def test_one_that_is_vouched_for_and_of_another_host(
    server: tuple[str, str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    host, base, file = server
    trusting = ssl.create_default_context(cafile=str(file))
    monkeypatch.setattr(outward, "trust", lambda: trusting)
    if host == "localhost":
        assert get(base) == 200
        assert get(base, "/moved") == 302  # not followed
    else:
        with pytest.raises(NoAnswer, match="SSLCertVerificationError"):
            get(base)


def test_what_is_trusted_asks_for_name_and_certificate() -> None:
    trust = outward.trust()
    assert (trust.check_hostname, trust.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert trust.minimum_version >= ssl.TLSVersion.TLSv1_2

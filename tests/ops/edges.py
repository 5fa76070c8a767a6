"""nginx and Caddy, started from the shipped configurations before a real instance. Only names,
ports and the certificate are others."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lockstitch.cli.instance import ROOT
from tests.instance import free_port

SMALL = "worker_processes 1; daemon off; pid {0}/pid; error_log {0}/error.log; events {{}} http {{"
PLACES = "access_log off; client_body_temp_path {0}/b; proxy_temp_path {0}/p; \
fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s; include {0}/edge.conf; }}"

# Made once: a default context reads every authority's certificate.
UNCHECKED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
UNCHECKED.check_hostname, UNCHECKED.verify_mode = False, ssl.CERT_NONE


@contextmanager
def nginx(folder: Path, shop: int) -> Iterator[int]:
    """Its port."""
    port = free_port()
    certificate(folder)
    text = adapted((ROOT / "ops" / "nginx.conf").read_text(), shop)
    text = re.sub(r"listen 443 ssl( http2)?", f"listen 127.0.0.1:{port} ssl", text)
    text = text.replace("listen 80 ", f"listen 127.0.0.1:{port + 1} ")
    text = text.replace("/etc/ssl/lockstitch", str(folder))
    (folder / "edge.conf").write_text(text)
    whole = folder / "nginx.conf"
    whole.write_text((SMALL + PLACES).format(folder))
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    subprocess.run([program, "-t", "-c", str(whole)], check=True, capture_output=True)
    with running([program, "-c", str(whole)], port, folder):
        yield port


@contextmanager
def caddy(folder: Path, shop: int) -> Iterator[int]:
    port = free_port()
    text = adapted((ROOT / "ops" / "Caddyfile").read_text(), shop)
    here = f"{{\n\tadmin off\n\tskip_install_trust\n\tlocal_certs\n\thttps_port {port}\n"
    text = text.replace("{\n", f"{here}\thttp_port {port + 1}\n", 1)
    (folder / "Caddyfile").write_text(text)
    argv = ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with running(argv, port, folder):
        yield port


def adapted(text: str, shop: int) -> str:
    text = text.replace(".shop.example", ".localhost").replace("shop.example", "localhost")
    return text.replace("127.0.0.1:8000", f"127.0.0.1:{shop}").replace(
        "127.0.0.1:8001", f"127.0.0.1:{shop + 1}"
    )


@contextmanager
def running(argv: list[str], port: int, folder: Path) -> Iterator[None]:
    environment = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(argv, stdout=said, stderr=said, env=environment)
    try:
        until = time.monotonic() + 20
        while not shakes_hands(port):
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError((folder / "said.txt").read_text()[-2000:])
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(10)


def shakes_hands(port: int) -> bool:
    try:
        connection(port, "127.0.0.1").close()
    except OSError:
        return False
    return True


def connection(port: int, source: str, name: str = "north.localhost") -> ssl.SSLSocket:
    """Over TLS, whoever the other side says it is."""
    wire = socket.create_connection(("127.0.0.1", port), 10, source_address=(source, 0))
    return UNCHECKED.wrap_socket(wire, server_hostname=name)


def certificate(folder: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", str(folder / "privkey.pem"),
         "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip

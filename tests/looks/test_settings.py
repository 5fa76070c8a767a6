"""What TLS adds: read by a process of its own, as the web servers read it."""

import json
import os
import subprocess
import sys

import pytest

from lockstitch.cli.instance import ROOT

READ = """
import json, django
django.setup()
from django.conf import settings
from lockstitch.desk import visitor as desk
from lockstitch.looks import doors
from lockstitch.storefront import visitor as shop
cookies = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME,
           desk.SESSION, desk.GUEST, desk.DEVICE, shop.CART_COOKIE, shop.FAVOURITE_COOKIE]
print(json.dumps({
    "cookies": cookies, "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "hsts": [settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS],
    "door": doors.BARE.get("Strict-Transport-Security", ""), "debug": settings.DEBUG,
}))
"""


@pytest.mark.parametrize("surface", ["shop", "desk"])
def test_with_tls(surface: str) -> None:
    environment = {
        **os.environ, "SURFACE": surface, "LOCKSTITCH_TLS": "1", "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "lockstitch.settings",
    }  # fmt: skip
    said = subprocess.run(
        [sys.executable, "-c", READ], capture_output=True, text=True, check=True, cwd=ROOT,
        env=environment,
    )  # fmt: skip
    found = json.loads(said.stdout)
    assert all(name.startswith("__Host-") for name in found["cookies"])
    assert found["secure"] == [True, True]
    assert found["hsts"] == [31_536_000, True]
    assert found["door"] == "max-age=31536000; includeSubDomains"
    assert found["debug"] is False

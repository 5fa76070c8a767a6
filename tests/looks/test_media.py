"""A stored picture is served as what we made, under the one address that it has."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings

from lockstitch.catalogue.gateways import DiskStore
from lockstitch.catalogue.images import take
from lockstitch.tenancy.queries import Site
from tests.files.hostile import picture

TRICKS = [
    "{k}.php", "{k}/x.php", "{k}%00.php", "{k};.jsp", "{k}.html", "{k}.svg", "{k}%0a.html",
    "{k}?/x.php", "{s}.php", "{s}.html", "{s}.svg", "{s}.webp.php", "{s}.php.webp", "{s}.jpg",
    "{s}.jpeg", "{s}.WEBP", "{s}.webp.", "{s}.webp%20", "{s}.webp/", "{s}.webp%2f..%2fx.php",
    "{s}", "{s}.", "../{k}", "..%2f{k}", "%2e%2e/{k}", "//{k}", "./{k}", "{d}/.making-x.webp",
    "{d}/", "{k}~", "{k}.bak", "{s}.webp::$DATA", "{s}.webp#.php", "{u}", "{k}%ff",
]  # fmt: skip


@pytest.fixture
def stored(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The key of a stored picture, asked for at this shop's own host."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    made = take(picture()).renditions[0]
    key = DiskStore().keep(made.data, made.type)
    (tmp_path / "media" / key[:2] / ".making-x.webp").write_bytes(b"x")
    (tmp_path / "media" / f"{key}.php").write_bytes(b"<?php")
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield key


def ask(site: Site, path: str) -> tuple[int, dict[str, str], bytes]:
    answer = Client(headers={"host": site.hosts[0]}).get(f"/media/{path}")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert not answer.cookies
    return answer.status_code, {name.lower(): text for name, text in answer.items()}, body


def test_its_headers(site: Site, stored: str) -> None:
    status, headers, body = ask(site, f"{stored}?lang=en")
    assert (status, headers["content-type"]) == (200, f"image/{stored.rpartition('.')[2]}")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["cross-origin-resource-policy"] == "same-site"
    assert "set-cookie" not in headers
    assert "filename" not in headers.get("content-disposition", "")
    assert body[4:12] == b"ftypavif" or body[:4] == b"RIFF"


@pytest.mark.parametrize("trick", TRICKS)
def test_no_other_name_shows_it_as_something_else(site: Site, stored: str, trick: str) -> None:
    """Either it is not there, or it is the same picture under its own type."""
    stem = stored.rpartition(".")[0]
    path = trick.format(k=stored, s=stem, d=stored[:2], u=stored.upper())
    status, headers, body = ask(site, path)
    if status == 200:
        assert headers["content-type"] == f"image/{stored.rpartition('.')[2]}"
        assert headers["x-content-type-options"] == "nosniff"
        assert body == (DiskStore().path(stored) or Path()).read_bytes()
    else:
        assert status in (301, 400, 404)
        assert b"<?php" not in body

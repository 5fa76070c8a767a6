"""Scanners: our own marks on what they are for and not on pictures, and a real clamd."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from PIL import Image

from lockstitch.files import scanning
from tests.files.conftest import Sender
from tests.files.hostile import EICAR, picture, polyglots, zipped
from tests.instance import wait_until


@pytest.mark.parametrize("kind", polyglots())
def test_marks_on_what_they_are_for(kind: str) -> None:
    assert scanning.marks(polyglots()[kind][1])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_no_marks_on_pictures(kind: str) -> None:
    for image in (None, Image.effect_noise((1200, 900), 120).convert("RGB")):
        assert scanning.marks(picture(kind, image)) == []
    assert scanning.marks(zipped({"a.jpg": picture()})) == []


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Debian's, with one signature of our own and no database of anybody's."""
    path = shutil.which("clamd") or shutil.which("/usr/sbin/clamd")
    if path is None:
        pytest.skip("no clamd: apt-get install clamav-daemon")
    folder: Path = tmp_path_factory.mktemp("clamd")
    folder.chmod(0o755)
    (folder / "own.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
    socket = folder / "clamd.sock"
    config = folder / "clamd.conf"
    config.write_text(
        f"DatabaseDirectory {folder}\nLocalSocket {socket}\nForeground yes\nUser root\n"
        f"StreamMaxLength 70M\nOfficialDatabaseOnly no\nLogFile {folder}/log\n"
    )
    process = subprocess.Popen([path, "-c", config], stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: socket.exists() or process.poll() is not None, 60)
        assert process.poll() is None, (folder / "log").read_text()
        yield str(socket)
    finally:
        process.terminate()
        process.wait(20)


def test_clamd_knows_a_virus_and_its_word_is_advice(send: Sender, clamd: str) -> None:
    with override_settings(CLAMD=clamd):
        good, bad = send("a.jpg", picture()), send("b.jpg", picture(quality=60) + EICAR)
        pure = send("c.jpg", EICAR)
    assert (good.scanners["clamd"], good.findings) == ("nothing", [])
    assert bad.scanners["clamd"] == "Test.Eicar.UNOFFICIAL"
    assert "malware" in bad.findings
    assert bad.state == "taken"  # its pixels: what was behind them is in the quarantine
    assert (pure.state, pure.reason) == ("refused", "unknown")


def test_one_that_answers_nonsense_has_said_nothing(
    clamd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with override_settings(CLAMD=clamd):
        monkeypatch.setattr(scanning, "_chunks", lambda _data: iter([b"x" * 100]))
        monkeypatch.setattr(scanning, "CLAMD_S", 1.0)
        assert scanning.clamd(b"") == "no answer"

"""The file watch: every file that is not as it was signed, at once or by looking through them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from guard.wire import Alert, ListAlerts
from tests.guard.conftest import Guard, eventually


class Tree:
    """A little program, its media, and the process that watches both."""

    def __init__(self, guard: Guard, folder: Path) -> None:
        self.guard, self.code, self.media = guard, folder / "code", folder / "media"
        self.decoy = folder / "pass"
        self.decoy.write_text("x")
        (self.code / "templates").mkdir(parents=True)
        self.media.mkdir()
        for name in ("a.py", "b.py", "templates/page.html"):
            (self.code / name).write_text(name)
        self.keep(b"a picture")
        self.process: subprocess.Popen[bytes] | None = None

    def keep(self, data: bytes, *, name: str = "") -> Path:
        name = name or sha256(data).hexdigest()
        path = self.media / name[:2] / f"{name[2:]}.webp"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return path

    @property
    def environment(self) -> dict[str, str]:
        return {
            **self.guard.environment,
            "LOCKSTITCH_WATCHED": str(self.code),
            "LOCKSTITCH_WATCHED_MEDIA": str(self.media),
            "LOCKSTITCH_WATCHED_DECOYS": str(self.decoy),
        }

    def sign(self) -> None:
        command = [sys.executable, "-m", "guard", "sign-files"]
        subprocess.run(command, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def watch(self, *, sweep_seconds: float = 900) -> None:
        environment = {**self.environment, "LOCKSTITCH_SWEEP_SECONDS": str(sweep_seconds)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "guard", "watch-files"],
            env=environment, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        eventually(lambda: self.guard.sql("SELECT 1 FROM guard.beat WHERE name = 'files'"))

    def alerts(self, rule: str = "file.changed") -> list[Alert]:
        return self.guard.cli.call(ListAlerts(rule=rule)).alerts

    def found(self, path: Path) -> Alert:
        def look() -> list[Alert]:
            return [each for each in self.alerts() if each.subject == str(path)]

        return eventually(look)[0]


@pytest.fixture
def tree(own_guard: Guard, tmp_path: Path) -> Iterator[Tree]:
    own_guard.start()
    made = Tree(own_guard, tmp_path)
    made.sign()
    yield made
    if made.process is not None:
        made.process.kill()
        made.process.wait()


def alter(code: Path, how: str) -> Path:
    """Does what an intruder might; the path that is no longer as it was."""
    names = {"template": "templates/page.html", "new": "c.py", "in a new folder": "deep/d.pth"}
    path = code / names.get(how, "a.py")
    if how == "gone":
        path.unlink()
    elif how == "moved over":  # nobody opens the old one for writing
        (code / "b.py").rename(path)
    elif how == "a link":
        path = code / "l.py"
        path.symlink_to("/etc/hostname")
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    return path


@pytest.mark.parametrize(
    "how",
    ["written", "new", "template", "gone", "moved over", "a link", "in a new folder"],
)
def test_a_change_is_seen_at_once(tree: Tree, how: str) -> None:
    tree.watch()
    alert = tree.found(alter(tree.code, how))
    assert (alert.severity, alert.evidence["now"] == "") == ("critical", how == "gone")
    assert (alert.evidence["was"] == "") == (how in ("new", "a link", "in a new folder"))
    assert alert.evidence["uid"] == (-1 if how == "gone" else os.getuid())


def test_what_is_as_it_was_is_no_alarm(tree: Tree) -> None:
    tree.watch(sweep_seconds=0.2)
    (tree.code / "a.py").touch()
    (tree.code / "a.py").chmod(0o600)
    tree.keep(b"another picture")
    (tree.media / ".making-x").touch()
    bad = tree.code / "last.py"
    bad.touch()
    tree.found(bad)
    assert [alert.subject for alert in tree.alerts()] == [str(bad)]


def test_what_no_event_tells_is_found_by_looking(tree: Tree) -> None:
    (tree.code / "a.py").write_text("before anybody watched")
    (tree.code / "b.py").unlink()
    tree.watch(sweep_seconds=0.2)
    assert tree.found(tree.code / "a.py").evidence["was"] == sha256(b"a.py").hexdigest()
    assert tree.found(tree.code / "b.py").evidence["now"] == ""


def test_media_are_called_by_what_they_are(tree: Tree) -> None:
    tree.watch()
    tree.found(tree.keep(b"<script>", name="ab" * 32))
    script = tree.media / "shell.py"
    script.write_text("x")
    tree.found(script)


def test_an_opened_decoy(tree: Tree) -> None:
    tree.watch()
    assert tree.alerts("decoy.touched") == []
    tree.decoy.read_text()
    [alert] = eventually(lambda: tree.alerts("decoy.touched"))
    assert alert.subject == str(tree.decoy)


def test_its_silence_is_an_alarm(tree: Tree) -> None:
    tree.watch()
    assert tree.process is not None
    tree.process.send_signal(signal.SIGSTOP)
    [alert] = eventually(lambda: tree.alerts("sensor.silent"), seconds=20)
    tree.process.send_signal(signal.SIGCONT)
    assert alert.subject == "files"


def test_a_list_that_somebody_else_signed_is_not_believed(tree: Tree) -> None:
    manifest = tree.guard.data / "guard" / "files.manifest"
    content = bytearray(manifest.read_bytes())
    content[-10] ^= 1
    manifest.write_bytes(content)
    done = tree.guard.command("watch-files")
    assert (done.returncode, "InvalidSignature" in done.stderr) == (2, True)

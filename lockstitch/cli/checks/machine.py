"""Python, its packages, the database's programs, fonts and browser."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from guard import barred
from lockstitch.cli import confine
from lockstitch.cli.checks import Finding, finding
from lockstitch.cli.cluster import ClusterError, binaries
from lockstitch.cli.instance import ROOT

AGAIN = "run bin/up (or bin/lockstitch doctor), which installs what is locked"


def check() -> Iterator[Finding]:
    is_right = sys.version_info[:2] == (3, 13)
    found = sys.version.split()[0]
    yield finding("Python 3.13", None if is_right else f"this is {found}", AGAIN, detail=found)
    yield finding("packages as locked", ", ".join(differences()[:5]) or None, AGAIN)
    yield _programs()
    yield _note("Landlock, which confines shop, desk and worker", _landlock())
    yield _note("seccomp, so that none of them starts another program", _seccomp())
    yield _note("processes hidden from other users (hidepid)", _hidden())
    yield _note("Chromium (browser tests only)", shutil.which("chromium"))
    yield _note("Japanese font (browser tests only)", _japanese_font())


def differences() -> list[str]:
    """Packages of requirements.lock that are missing or of another version."""
    found = []
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        locked = re.match(r"([\w.-]+)==([^ ;\\]+)(.*)", line)
        if locked is None:
            continue
        name, wanted, condition = locked.groups()
        try:
            here = version(name)
        except PackageNotFoundError:
            if ";" in condition:  # for another kind of machine
                continue
            here = "missing"
        if here != wanted:
            found.append(f"{name} {here} instead of {wanted}")
    return found


def _programs() -> Finding:
    name = "PostgreSQL programs"
    try:
        said = subprocess.run(
            [binaries() / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (ClusterError, OSError, subprocess.SubprocessError) as error:
        return Finding(name, "failed", str(error), AGAIN)
    return Finding(name, "ok", said.stdout.strip())


def _landlock() -> str | None:
    return f"version {landlock}" if (landlock := confine.version()) else None


def _japanese_font() -> str | None:
    if shutil.which("fc-list") is None:
        return None
    said = subprocess.run(
        ["fc-list", ":lang=ja", "family"], capture_output=True, text=True, check=False
    )
    return said.stdout.partition("\n")[0] or None


def _seccomp() -> str | None:
    """Both the kernel's part and the library's."""
    try:
        known = Path("/proc/sys/kernel/seccomp/actions_avail").read_text().split()
    except OSError:
        return None
    if barred.libseccomp() is None:
        return None
    return "told" if "user_notif" in known else "refused, and told to nobody"


def _hidden() -> str | None:
    """Whether a user sees the command lines of another's processes."""
    try:
        mounts = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return None
    options = next((line.split()[3] for line in mounts if line.split()[1] == "/proc"), "")
    found = re.search(r"hidepid=(?:[124]|invisible|noaccess|ptraceable)", options)
    return found.group() if found else None


def _note(name: str, found: str | None) -> Finding:
    return Finding(name, "ok" if found else "note", found or "not here")

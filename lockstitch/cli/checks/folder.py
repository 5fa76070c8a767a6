"""The data folder: whose it is, who may read its secrets, and whether there is room."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from lockstitch.cli.checks import Finding, finding
from lockstitch.cli.instance import Instance

ROOM_BYTES = 1_000_000_000
SECRETS = ("guard/*.key*", "guard/cli.token", "pg/secrets/*", "keys/*")
WANTED = ("guard/master.key", "guard/ledger.key", "guard/cli.token", "keys/shop", "keys/desk")


def check(instance: Instance) -> Iterator[Finding]:
    folder = instance.data
    yield finding("data folder", None, detail=str(folder))
    stranger = folder.stat().st_uid != os.geteuid()
    yield finding(
        "data folder's owner",
        f"it belongs to user {folder.stat().st_uid}, this is {os.geteuid()}" if stranger else None,
        "run as the user who started it",
    )
    in_shares = {"guard/master.key"} if os.environ.get("LOCKSTITCH_MASTER_SHARES") else set()
    missing = [name for name in WANTED if not (folder / name).exists() and name not in in_shares]
    yield finding(
        "secrets present", ", ".join(missing) or None,
        "bring keys back from a backup: without guard/master.key no record can be opened",
    )  # fmt: skip
    # The decoy opens nothing, and the file watch may be another user who has to see it.
    guarded = [path for path in secrets(folder) if path != instance.decoy]
    open_ones = [str(path.relative_to(folder)) for path in guarded if is_open(path)]
    yield finding(
        "secrets for their owner only", ", ".join(open_ones) or None,
        " && ".join(f"chmod 600 {folder / name}" for name in open_ones),
    )  # fmt: skip
    free = shutil.disk_usage(folder).free
    yield finding(
        "room on the disk",
        f"only {free // 1_000_000} MB are free" if free < ROOM_BYTES else None,
        "make room: the database stops when the disk is full",
        detail=f"{free / 1e9:.1f} GB free",
    )


def secrets(folder: Path) -> list[Path]:
    return [path for glob in SECRETS for path in sorted(folder.glob(glob)) if path.is_file()]


def is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)

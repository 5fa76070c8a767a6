"""A user for each process (`up --separate-users`, by root): what one may read, no other may."""

import grp
import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from lockstitch.cli import reach
from lockstitch.cli.instance import ROLE, ROOT, Instance

PROCESSES = ("shop", "desk", "worker", "guard", "files")
CALLERS = "ls-callers"  # may open the guard's socket
BARRED = "ls-barred"  # may say that they are barred
GROUPS = {
    CALLERS: ("desk", "worker", "guard", "files"),
    BARRED: ("shop", "desk", "worker", "guard"),
}
CHANNELS = {"desk": "desk", "worker": "worker", "files": "sensor"}  # of the guard's socket


@dataclass(frozen=True)
class Account:
    """Of one process."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...]

    def prefix(self) -> list[str]:
        """The command that becomes this user for good and then the program after it."""
        return [
            "setpriv", f"--reuid={self.uid}", f"--regid={self.gid}",
            f"--groups={','.join(map(str, (self.gid, *self.groups)))}",
            "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all",
        ]  # fmt: skip


def check() -> None:
    """ClickException when this cannot be done here."""
    if os.geteuid() != 0:
        raise click.ClickException("--separate-users: only root may start processes as others")
    missing = [name for name in ("setpriv", "useradd", "groupadd") if shutil.which(name) is None]
    if missing:
        raise click.ClickException(f"--separate-users: this system has no {', '.join(missing)}")


def make() -> None:
    """The users and groups that are missing: system users without a home or a shell."""
    groups = {each.gr_name for each in grp.getgrall()}
    users = {each.pw_name for each in pwd.getpwall()}
    for group in (*GROUPS, *map(_user, PROCESSES)):
        if group not in groups:
            _run("groupadd", "--system", group)
    for process in PROCESSES:
        if _user(process) not in users:
            _run("useradd", "--system", "--gid", _user(process), "--no-create-home", "--home-dir",
                 "/nonexistent", "--shell", "/usr/sbin/nologin", _user(process))  # fmt: skip


def account(process: str) -> Account:
    """Raises KeyError before `make`."""
    found = pwd.getpwnam(_user(process))
    groups = tuple(grp.getgrnam(name).gr_gid for name, who in GROUPS.items() if process in who)
    return Account(found.pw_name, found.pw_uid, found.pw_gid, groups)


def peers() -> str:
    """Which user may use which pass to the guard's socket; root is whoever types commands."""
    found = {channel: account(process).uid for process, channel in CHANNELS.items()}
    return " ".join(f"{channel}={uid}" for channel, uid in ({**found, "cli": 0}).items())


def give(instance: Instance) -> None:
    """To each its own; nothing that root made is left to be read by all. Repeated at each start."""
    data, cluster = instance.data, instance.cluster
    _check_reach(instance)
    for folder in (data, data / "keys", cluster.root / "secrets"):
        folder.chmod(0o711)
    (data / "logs").mkdir(exist_ok=True)
    (data / "logs").chmod(0o700)
    for process in ("shop", "desk", "worker", "guard"):
        files = [cluster.passfile(ROLE[process]), data / "keys" / process]
        for path in (path for path in files if path.exists()):
            own(path, process)
    _tree(data / "guard", "guard")
    (data / "guard").chmod(0o711)
    for name in ("files.manifest", "signing.pub"):  # what the file watch needs
        (data / "guard" / name).chmod(0o644)
    give_media(instance)
    for folder, process, group in (
        (data / "run", "guard", CALLERS), (instance.refusals.parent, "files", BARRED),
    ):  # fmt: skip
        os.chown(folder, account(process).uid, grp.getgrnam(group).gr_gid)
        folder.chmod(0o2711)  # what is made in it belongs to the group


def give_decoy(instance: Instance) -> None:
    """The shop may open it, and the file watch must be able to see that it does."""
    os.chown(instance.decoy, account("shop").uid, account("files").gid)
    instance.decoy.chmod(0o640)


def hand(path: Path, text: str, process: str) -> None:
    """A file that this user alone may read."""
    making = path.with_suffix(".making")
    making.unlink(missing_ok=True)
    making.touch(mode=0o600)
    making.write_text(text)
    own(making, process, 0o400)
    making.rename(path)


def give_media(instance: Instance) -> None:
    """And the quarantine; what the command line has added, too."""
    for name, mode in (("media", 0o755), ("quarantine", 0o700)):
        _tree(instance.data / name, "worker")
        instance.data.joinpath(name).chmod(mode)


def python() -> tuple[str, dict[str, str]]:
    """An interpreter that these users may run, and what it needs in its environment."""
    return reach.interpreter(pwd.getpwnam(_user("shop")))


def _check_reach(instance: Instance) -> None:
    who = pwd.getpwnam(_user("shop"))
    for path in (ROOT, Path(sys.prefix), instance.data):
        if (door := reach.door(path, who)) is not None and door != instance.data:
            raise click.ClickException(
                f"--separate-users: {who.pw_name} may not enter {door}: put {path.name} elsewhere,"
                f" or: chmod o+x {door}"
            )


def _user(process: str) -> str:
    return f"ls-{process}"


def own(path: Path, process: str, mode: int = 0o600) -> None:
    who = account(process)
    os.chown(path, who.uid, who.gid, follow_symlinks=False)
    path.chmod(mode)


def _tree(root: Path, process: str) -> None:
    who = account(process)
    root.mkdir(exist_ok=True)
    for folder, _folders, names in os.walk(root):
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            os.chown(path, who.uid, who.gid, follow_symlinks=False)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"{command[0]}: {done.stderr.strip()}")

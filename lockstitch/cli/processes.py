"""The command of each process of an instance: what it may reach, and how it begins."""

import sys
from collections.abc import Sequence
from pathlib import Path

from lockstitch.cli import accounts
from lockstitch.cli.instance import ROLE, ROOT, Instance, Passes

BEGINNING = {
    "shop": "import lockstitch.wsgi",
    "desk": "import lockstitch.wsgi",
    "worker": "from lockstitch.cli.worker import begin; begin()",
    "guard": "from guard.__main__ import begin; begin()",
}


def command(instance: Instance, name: str, *, become: bool = True) -> list[str]:
    """How this process is started; unless `become`, by its own user."""
    port, python = instance.existing().port + (name == "desk"), _python(instance)
    own = {
        "guard": [python, "-m", "guard", "serve"],
        "files": [python, "-m", "guard", "watch-files"],
        "worker": [python, "-m", "lockstitch.cli", "worker"],
    }
    web = [python, "-m", "lockstitch.cli.serving", str(port)]
    return [*confined(instance, name, port, become=become), *own.get(name, web)]


def as_process(instance: Instance, name: str, code: str) -> tuple[list[str], dict[str, str]]:
    """`(argv, environment)` that run the Python text `code` as if it were inside the process `name`
    (shop, desk, worker or guard) of this RUNNING instance: the same user, Landlock, environment
    (read from the real process, passes and decoys included) and beginning, and only then `code`.
    Start it with `cwd=lockstitch.cli.instance.ROOT`, as whoever started `up` (or root)."""
    prefix = confined(instance, name, instance.existing().port + (name == "desk"))
    program = [_python(instance), "-c", f"{BEGINNING[name]}\n{code}"]
    return [*prefix, *program], environment_of(instance, name)


def confined(
    instance: Instance, name: str, port: int | None = None, *, become: bool = True
) -> list[str]:
    """What makes a process reach its own secrets and files, and nobody else's."""
    data = instance.data
    is_other = become and instance.existing().separate
    prefix = accounts.account(name).prefix() if is_other else []
    if name == "guard":
        return prefix
    if name == "files":
        read = [
            *instance.watched, data / "media", data / "run",
            *(data / "guard" / each for each in ("files.manifest", "signing.pub")),
        ]  # fmt: skip
        return [*prefix, *_wrapped(_python(instance), read)]
    read = [
        ROOT / "lockstitch", ROOT / "guard", instance.cluster.socket_dir,
        instance.cluster.passfile(ROLE[name]), data / "keys" / name, data / "static" / name,
    ]  # fmt: skip
    write = []
    if name == "worker":
        write += [data / "media", data / "quarantine"]
    else:
        read.append(data / "media")
    if name in ("desk", "worker"):
        read.append(data / "run")
    if name == "shop":
        read.append(instance.decoy)
    port = port if name != "worker" else None
    return [*prefix, *_wrapped(_python(instance), read, write, port)]


def environment(instance: Instance, name: str, passes: Passes) -> dict[str, str]:
    """What this process is told when the supervisor starts it."""
    told = instance.environment(name, passes)
    if not instance.existing().separate:
        return told
    if name == "guard":
        told["LOCKSTITCH_GUARD_PEERS"] = accounts.peers()
    return {**told, **accounts.python()[1], "HOME": "/nonexistent"}


def _python(instance: Instance) -> str:
    return accounts.python()[0] if instance.existing().separate else sys.executable


def _wrapped(
    python: str, read: list[Path], write: Sequence[Path] = (), port: int | None = None
) -> list[str]:
    return [
        python, "-m", "lockstitch.cli.confine", *map(str, read), "--write",
        *map(str, write), *(["--port", str(port)] if port else []), "--",
    ]  # fmt: skip


def environment_of(instance: Instance, name: str) -> dict[str, str]:
    """Of the real one. LookupError when it does not run."""
    for folder in Path("/proc").iterdir():
        try:
            pairs = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        here = found.get("LOCKSTITCH_DATA") == str(instance.data)
        if here and name == found.get("SURFACE", "guard" if "LOCKSTITCH_SENSORS" in found else ""):
            return found
    raise LookupError(f"{name} does not run in {instance.data}")

"""From an empty folder to a database, keys and files that the processes can start on.

Each step may be killed at any moment and is finished by the next start.
"""

import compileall
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import click

from lockstitch.cli import accounts, messages, migrate
from lockstitch.cli.instance import ROOT, Instance, Record
from lockstitch.cli.output import step

HARMLESS = {"up.lock", "instance.making"}  # all that a start may leave before it has said whose


def claim_folder(instance: Instance) -> None:
    """Makes the folder. ClickException when it holds something that is not ours."""
    if instance.data.exists() and not instance.marker.exists():
        strange = sorted(path.name for path in instance.data.iterdir() if path.name not in HARMLESS)
        if strange:
            raise click.ClickException(
                f"{instance.data} holds {strange[0]!r} and is no Lockstitch folder: "
                "choose another with --data"
            )
    try:
        instance.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{instance.data} cannot be made: {error.strerror}") from None


def remember(
    instance: Instance, *, kind: str | None, port: int | None, separate: bool = False
) -> Record:
    """What this folder was started as; the first start decides demo or empty."""
    record = instance.read()
    if record is None:
        if kind is None:
            raise click.ClickException(
                f"{instance.data} is new: choose --demo (three invented shops) or --empty"
            )
        return instance.write(Record(kind=kind, port=port or Record.port, separate=separate))
    if kind not in (None, record.kind):
        raise click.ClickException(
            f"{instance.data} was started as --{record.kind}: choose another folder with --data"
        )
    return instance.change(port=port or record.port, separate=separate)


def check_ports(port: int) -> None:
    for wanted in (port, port + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError as error:
                raise click.ClickException(
                    f"port {wanted} cannot be used ({error.strerror}): "
                    f"choose two others, for example --port {port + 100}"
                ) from None


def prepare(instance: Instance) -> None:
    """Everything before the first process."""
    for folder in (instance.data / "run", instance.refusals.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    (instance.data / "media").mkdir(exist_ok=True)
    (instance.data / "quarantine").mkdir(mode=0o700, exist_ok=True)
    instance.make_keys()
    with step("database"):
        instance.cluster.start()
    with step("the guard's keys"):
        _run(instance, "guard", "-m", "guard", "init")
    marks = instance.existing().marks
    if marks.get("schema") != migrate.schema_checksum(instance.cluster):
        with step("schema, row policies and rights"):
            migrate.bring_up_to_date(instance)
    messages.compile_changed()
    static = static_checksum()
    if marks.get("static") != static or not (instance.data / "static" / "desk").exists():
        with step("styles and scripts"):
            collect_static(instance)
        instance.mark("static", static)
    with step("the signed list of files"):
        # Python's own caches first, so that nothing is written there later.
        for root in instance.watched:
            compileall.compile_dir(root, quiet=2)
        _run(instance, "guard", "-m", "guard", "sign-files")
    if instance.existing().separate:
        with step("users of their own"):
            accounts.make()
            accounts.give(instance)
            accounts.python()


def static_checksum() -> str:
    files = [path for path in (ROOT / "lockstitch").glob("*/static/**/*") if path.is_file()]
    return migrate.checksum(
        [*files, ROOT / "lockstitch" / "settings.py", ROOT / "requirements.lock"]
    )


def collect_static(instance: Instance) -> None:
    """Each surface gets its own copy, so that the shop cannot change what the desk shows."""

    def collect(surface: str) -> None:
        shutil.rmtree(instance.data / "static" / surface, ignore_errors=True)
        _run(instance, surface, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0")

    with ThreadPoolExecutor() as pool:
        list(pool.map(collect, ("shop", "desk")))


def _run(instance: Instance, process: str, *arguments: str) -> None:
    """A helper program with that process's environment. ClickException with its last line."""
    environment = instance.environment(process)
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**environment, "DJANGO_SETTINGS_MODULE": "lockstitch.settings"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise click.ClickException(f"{' '.join(arguments[1:3])}: {said[-1]}")

"""For whoever starts the processes themselves (systemd, containers; see docs/operations.md):
`prepare` does all that comes before them, and `run NAME` becomes one of them."""

import json
import os
import signal
import socket
from pathlib import Path

import click

from guard.watch.refusing import opened
from lockstitch.cli import accounts, prepare
from lockstitch.cli.instance import ROOT, Instance, Passes
from lockstitch.cli.output import say
from lockstitch.cli.processes import command, environment

FOLDER = Path("/run/lockstitch")
ENDING = {signal.SIGTERM, signal.SIGINT}
LOOK_S = 1


@click.command("prepare")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=FOLDER,
              show_default=True, help="Where each process finds what it is told.")  # fmt: skip
@click.option("--port", type=click.IntRange(1, 65_534), help="The shops' port; the desk's is one "
              "more. Remembered.")  # fmt: skip
@click.option("--stay", is_flag=True, help="Stay, and stop the database at the end.")
@click.pass_obj
def get_ready(instance: Instance, into: Path, port: int | None, stay: bool) -> None:
    """As root: users, database (started), keys, tables and files, for processes started apart.

    The folder was made by `up --empty`, which asks for the first login. Passes are kept while INTO
    is there. Safe to repeat.
    """
    accounts.check()
    instance.existing()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    with instance.locked():
        prepare.remember(instance, kind=None, port=port, separate=True)
        prepare.prepare(instance)
    into.mkdir(mode=0o711, parents=True, exist_ok=True)
    if not all((into / name).exists() for name in accounts.PROCESSES):
        passes = Passes()
        instance.lay_decoy(passes)
        for name in accounts.PROCESSES:
            accounts.hand(into / name, json.dumps(environment(instance, name, passes)), name)
    accounts.give_decoy(instance)
    say("Ready for the processes.")
    if stay:
        _stay(instance)


def _stay(instance: Instance) -> None:
    """Until told to end, or the database has ended by itself."""
    if supervisor := os.environ.get("NOTIFY_SOCKET"):  # systemd's
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
            wire.sendto(b"READY=1", supervisor.replace("@", "\0", 1))
    while signal.sigtimedwait(ENDING, LOOK_S) is None:
        if not instance.cluster.is_running():
            raise click.ClickException("the database has ended")
    instance.cluster.stop()


@click.command()
@click.argument("name", type=click.Choice(accounts.PROCESSES))
@click.option("--from", "folder", type=click.Path(readable=False, path_type=Path), default=FOLDER,
              show_default=True, help="What `prepare` was given.")  # fmt: skip
@click.pass_obj
def run(instance: Instance, name: str, folder: Path) -> None:
    """Become this process, as its user."""
    told = json.loads((folder / name).read_text())
    if name == "files":
        door = opened(instance.refusals, 0o660)
        os.set_inheritable(door.fileno(), True)
        told["LOCKSTITCH_REFUSALS_FD"] = str(door.fileno())
    argv = command(instance, name, become=os.geteuid() == 0)
    os.chdir(ROOT)
    os.execvpe(argv[0], argv, told)  # noqa: S606 - a fixed list

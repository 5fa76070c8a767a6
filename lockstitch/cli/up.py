"""`up`: from nothing to a running instance, and back to nothing on Ctrl-C."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from types import FrameType

import click

from lockstitch.cli import accounts, prepare, staff
from lockstitch.cli.demo_logins import describe
from lockstitch.cli.instance import ROOT, Instance
from lockstitch.cli.output import say, step
from lockstitch.cli.supervisor import Supervisor
from lockstitch.cli.tethering import Tether


@click.command()
@click.option("--demo", "kind", flag_value="demo", help="Two invented shops, with logins for all.")
@click.option("--empty", "kind", flag_value="empty", help="No shop; asks for the first login.")
@click.option("--port", type=click.IntRange(1, 65_534), help="The shops' port (8000); the desk's "
              "is one more. Remembered.")  # fmt: skip
@click.option("--separate-users", "separate", is_flag=True, help="As root: each process is a user "
              "of its own (ls-shop, ls-desk …), made when missing.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 16), envvar="LOCKSTITCH_WORKERS", help="Web "
              "processes of the shop (1).")  # fmt: skip
@click.option("--data", type=click.Path(file_okay=False), help="As before the command.")
@click.pass_obj
def up(
    instance: Instance, *, kind: str | None, port: int | None, data: str | None, separate: bool,
    workers: int | None,
) -> None:  # fmt: skip
    """Set up and start everything: database, guard, shop, desk and worker.

    The first start of a folder needs --demo or --empty; later ones keep what is there. The
    addresses and logins are printed when all is healthy. Ctrl-C stops all of it in order, and a
    second Ctrl-C at once. What the processes say is kept in <data>/logs.
    """
    began = time.monotonic()
    instance = instance if data is None else Instance.at(data)
    signal.signal(signal.SIGTERM, _interrupt)
    if workers:
        os.environ["LOCKSTITCH_WORKERS"] = str(workers)
    if separate:
        accounts.check()
    prepare.claim_folder(instance)
    with instance.locked() as lock:
        record = prepare.remember(instance, kind=kind, port=port, separate=separate)
        prepare.check_ports(record.port)
        say(f"Lockstitch in {instance.data}")
        tether = Tether(lock, instance.cluster.files / "postmaster.pid")
        try:
            prepare.prepare(instance)
            wanted = staff.ask_for(instance) if record.kind == "empty" else None
            asyncio.run(_run(instance, tether, wanted, began))
        except KeyboardInterrupt:
            say("Stopping")
        finally:
            tether.end()
    say("Stopped.")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


async def _run(
    instance: Instance, tether: Tether, wanted: staff.Wanted | None, began: float
) -> None:
    async def when_healthy() -> None:
        if wanted is not None:
            await asyncio.to_thread(staff.make, instance, wanted)
        logins = await asyncio.to_thread(_demo, instance)
        _welcome(instance, logins, time.monotonic() - began)

    await Supervisor(instance, tether).run(when_healthy)


def _demo(instance: Instance) -> list[tuple[str, str]]:
    """Loads the demo into a folder that has none of it yet; what to tell about it."""
    record = instance.existing()
    if record.kind != "demo":
        return []
    if not record.demo_loaded:
        with step("three invented shops"):
            _load_demo(instance)
        instance.change(demo_loaded=True)
        if record.separate:
            accounts.give_media(instance)
    return describe(instance)


def _load_demo(instance: Instance) -> None:
    """In a process of its own: this one must stay small, and never holds a database connection."""
    command = [sys.executable, "-m", "lockstitch.cli", "--data", str(instance.data), "demo", "load"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise click.ClickException("the demo could not be loaded; the next start tries again")


def _welcome(instance: Instance, logins: list[tuple[str, str]], seconds: float) -> None:
    say(f"\nReady in {seconds:.1f} s. Ctrl-C stops it.\n")
    lines = logins or [
        ("console", instance.shop_url("console.localhost")),
        ("a shop", instance.shop_url("<slug>.localhost")),
    ]
    width = max(len(name) for name, _ in lines)
    for name, value in lines:
        say(f"  {name:<{width}}  {value}")
    say()

"""The command `lockstitch`: one visible list of commands, each imported only when it is called."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from lockstitch.cli.cluster import ClusterError
from lockstitch.cli.instance import DEFAULT_DATA, Instance
from lockstitch.cli.output import one_line

# name -> (module:attribute, what --help says). The list is here, so that --help imports nothing.
COMMANDS = {
    "up": ("lockstitch.cli.up:up", "Set up and start everything; stops on Ctrl-C."),
    "demo": ("lockstitch.cli.demo:demo", "Logins and codes of the demo."),
    "world": ("lockstitch.cli.world.command:world", "The reference world of the 2016 break-in."),
    "sites": ("lockstitch.cli.sites:sites", "List every shop."),
    "catalog": ("lockstitch.cli.goods:catalog", "Take products in from a file."),
    "orders": ("lockstitch.cli.trade:orders", "Orders as files."),
    "books": ("lockstitch.cli.trade:books", "The journal: close, check, export."),
    "members": ("lockstitch.cli.members:members", "Move members in, or out."),
    "ledger": ("lockstitch.cli.ledger:ledger", "Ask who saw whom, and check the record."),
    "witness": ("lockstitch.cli.witness:witness", "Witness another instance's ledger."),
    "keys": ("lockstitch.cli.keys:keys", "Renew the guard's keys."),
    "erase": ("lockstitch.cli.keys:erase", "Destroy what is known of a person."),
    "quarantine": ("lockstitch.cli.quarantine:quarantine", "Files that came in, sealed."),
    "contain": ("lockstitch.cli.contain:contain", "Stop a break-in that is under way."),
    "incident": (
        "lockstitch.cli.incident:incident",
        "Whose data a break-in disclosed, and drafts.",
    ),
    "drill": ("lockstitch.cli.drill.command:drill", "Replay the break-in of 2016, harmlessly."),
    "honey": ("lockstitch.cli.honey:honey", "Plant records that nobody has a reason to open."),
    "monitor": ("lockstitch.cli.monitor:monitor", "Watch the pages where people type."),
    "doctor": ("lockstitch.cli.doctor:doctor", "Check this installation, and say how to mend it."),
    "migrate": ("lockstitch.cli.migrate:migrate", "Bring the database up to date."),
    "check-migrations": (
        "lockstitch.cli.migrate:check_migrations",
        "Fail when a model has changed and no migration says so.",
    ),
    "compile-messages": (
        "lockstitch.cli.messages:compile_messages",
        "Compile the translations that have changed.",
    ),
    "bench": ("lockstitch.cli.bench:bench", "Measure a part beside its limit."),
    "routes": ("lockstitch.cli.routes:routes", "List every address that a process answers."),
    "prepare": ("lockstitch.cli.apart:get_ready", "All that comes before processes run apart."),
    "run": ("lockstitch.cli.apart:run", "Become one process (systemd, containers)."),
    "worker": ("lockstitch.cli.worker:worker", "Run the queue's jobs (started by `up`)."),
}


class Commands(click.Group):
    """Looks names up in COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - a slip in the list above
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(file_okay=False, readable=False, path_type=Path),
    envvar="LOCKSTITCH_DATA",
    default=DEFAULT_DATA,
    show_default="data beside bin/",
    help="The folder that holds the database, keys, media and logs of one instance.",
)
@click.version_option(package_name=None, version="0.1.0", prog_name="lockstitch")
@click.pass_context
def cli(ctx: click.Context, data: Path) -> None:
    """Lockstitch: apparel commerce in which every disclosure of a personal record is on record.

    A first look, with three invented shops:  bin/up --demo
    """
    ctx.obj = Instance.at(data)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command. Failures are one line, unless LOCKSTITCH_TRACEBACK=1 asks for more."""
    try:
        code = cli.main(args=arguments, prog_name="lockstitch", standalone_mode=False)
        if isinstance(code, int) and code:  # what a command left with: click's Exit is returned
            sys.exit(code)
    except click.Abort:
        sys.exit("lockstitch: stopped")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ClusterError as error:
        sys.exit(f"Error: {one_line(error)}")
    except Exception as error:
        if os.environ.get("LOCKSTITCH_TRACEBACK") == "1":
            raise
        sys.exit(f"Error: {one_line(error)}  (LOCKSTITCH_TRACEBACK=1 shows where)")

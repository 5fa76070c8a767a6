"""`doctor`: is this installation as it should be, and if not, what mends it."""

import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from lockstitch.cli import checks
from lockstitch.cli.checks import Finding
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import facts, say

SIGNS = {"ok": ("ok", "green"), "failed": ("FAILED", "red"), "note": ("note", "yellow")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one document.")
@click.pass_obj
def doctor(instance: Instance, as_json: bool) -> None:
    """Check this installation, and say how to mend what is wrong.

    Looks at Python and its packages, the data folder and its secrets, the database's roles and
    row policies, and, while `up` runs, at the processes. Exit code 1 when anything failed.
    """
    found = []
    for finding in examine(instance):
        found.append(finding)
        if not as_json:
            show(finding)
    well = all(finding.state != "failed" for finding in found)
    if as_json:
        facts({"ok": well, "checks": [asdict(finding) for finding in found]})
    sys.exit(0 if well else 1)


def examine(instance: Instance) -> Iterator[Finding]:
    from lockstitch.cli.checks import database, folder, machine, running

    yield from machine.check()
    if instance.read() is None:
        start = "bin/up --demo or bin/up --empty"
        yield checks.finding("data folder", f"no instance in {instance.data}", start)
        return
    yield from folder.check(instance)
    if is_running := instance.is_running():
        yield from running.check(instance)
    else:
        yield from running.check_stopped(instance)
    if is_running and not instance.cluster.is_running():
        log = instance.cluster.root / "postgres.log"
        yield checks.finding("database runs", "no", f"see {log}")
        return
    with instance.database() as cluster:
        yield from database.check(instance, cluster)


def show(finding: Finding) -> None:
    sign, colour = SIGNS[finding.state]
    detail = f": {finding.detail}" if finding.detail else ""
    say(f"{click.style(f'{sign:>6}', fg=colour)}  {finding.name}{detail}")
    if finding.mend:
        say(f"        {click.style('mend:', bold=True)} {finding.mend}")

"""`lockstitch orders` and `lockstitch books`: what leaves the shop as files."""

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from lockstitch.cli.instance import Instance
from lockstitch.cli.output import facts, say
from lockstitch.cli.shops import site_of

DAY = click.DateTime(formats=["%Y-%m-%d"])
SITE = click.option("--site", "slug", required=True, help="The shop's short name; see `sites`.")
SINCE = click.option("--since", type=DAY, help="From this day on.")
UNTIL = click.option("--until", type=DAY, help="Up to this day.")
OUTPUT = click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Else to stdout."
)


@click.group()
def orders() -> None:
    """Orders as files, without personal data: that is exported at the desk, on the record."""


@orders.command("export")
@SITE
@SINCE
@UNTIL
@OUTPUT
@click.option("--columns", help="Names with commas between; see --list.")
@click.option("--list", "show", is_flag=True, help="List the columns and stop.")
@click.option(
    "--encoding", type=click.Choice(["utf-8-sig", "cp932"]), default="utf-8-sig", show_default=True
)
@click.pass_obj
def export(
    instance: Instance, *, slug: str, since: dt.datetime | None, until: dt.datetime | None,
    output: Path | None, columns: str | None, show: bool, encoding: str,
) -> None:  # fmt: skip
    """Writes a CSV with a row for each line of each order, newest first, in constant memory.

    lockstitch orders export --site north --since 2026-11-01 -o november.csv
    """
    with _at(instance, slug):
        from lockstitch.orders.exporting import COLUMNS, USUAL, order_rows
        from lockstitch.orders.queries import Wanted

        if show:
            for name, (title, _cell) in COLUMNS.items():
                say(f"{name:20} {title}")
            return
        chosen = columns.split(",") if columns else USUAL
        if unknown := [name for name in chosen if name not in COLUMNS]:
            raise click.ClickException(f"no column {', '.join(unknown)}: see --list")
        wanted = Wanted(since=_day(since), until=_day(until))
        _write(order_rows(wanted, chosen, encoding=encoding), output)


@click.group()
def books() -> None:
    """The journal: post, close, check, export."""


@books.command("export")
@SITE
@click.argument("program", type=click.Choice(["freee", "moneyforward", "yayoi", "beancount"]))
@SINCE
@UNTIL
@OUTPUT
@click.pass_obj
def export_books(
    instance: Instance, *, slug: str, program: str, since: dt.datetime | None,
    until: dt.datetime | None, output: Path | None,
) -> None:  # fmt: skip
    """Writes the journal for another program.

    lockstitch books export beancount --site north -o north.beancount
    """
    with _at(instance, slug):
        from lockstitch.accounting.exports import PROGRAMS
        from lockstitch.accounting.queries import entries
        from lockstitch.kernel.cp932 import fit

        write, _ending, encoding = PROGRAMS[program]
        period = entries(_day(since) or dt.date(1970, 1, 1), _day(until) or dt.date(9999, 12, 31))
        texts = write(period)
        fitting = (fit(text).text for text in texts) if encoding == "cp932" else texts
        _write((text.encode(encoding) for text in fitting), output)


@books.command()
@SITE
@click.option("--day", type=DAY, help="Default: yesterday in Japan.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def close(instance: Instance, *, slug: str, day: dt.datetime | None, as_json: bool) -> None:
    """日次締め: posts what is left, and checks journal, orders, points and money against each
    other. Exit code 1 when they disagree."""
    with _at(instance, slug):
        from lockstitch.accounting.actions import close_day
        from lockstitch.kernel.clock import today_jst

        made = close_day(_day(day) or today_jst() - dt.timedelta(days=1))
        if as_json:
            facts(
                {"day": made.day.isoformat(), "entries": made.entries, "sums": made.sums,
                 "disagreements": made.disagreements}
            )  # fmt: skip
        else:
            say(f"{made.day}: {made.entries} entries")
            for line in made.disagreements:
                say(f"disagrees: {line}")
        if made.disagreements:
            raise click.exceptions.Exit(1)


@contextmanager
def _at(instance: Instance, slug: str) -> Iterator[None]:
    with instance.database():
        from lockstitch.cli.django_door import setup

        setup(instance)
        from lockstitch.tenancy.scope import scope

        site = site_of(slug)
        with scope(site.id):
            yield


def _day(moment: dt.datetime | None) -> dt.date | None:
    return moment.date() if moment else None


def _write(pieces: Iterator[bytes], output: Path | None) -> None:
    """A file appears whole or not at all."""
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        return
    part = output.with_name(output.name + ".part")
    with part.open("wb") as file:
        file.writelines(pieces)
    part.replace(output)

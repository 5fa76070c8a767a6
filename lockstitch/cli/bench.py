"""`lockstitch bench`: load programs with their reference limits, from the repository's `bench/`."""

import subprocess
import sys
from itertools import takewhile

import click

from lockstitch.cli.instance import ROOT

NAMES = {
    "import": "bench.catalogue",
    "checkout": "bench.checkout",
    "ledger": "bench.ledger",
    "watch": "bench.watch",
    "incident": "bench.incident",
    "storefront": "bench.storefront",
    "search": "bench.search",
}


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", type=click.Choice(list(NAMES)))
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def bench(name: str, options: tuple[str, ...]) -> None:
    """Measures a part in an instance of its own, beside what the database could do at most; or
    several, one after the other.

    \b
    lockstitch bench import --products 10000
    lockstitch bench checkout --seconds 15 --orders 1000000
    lockstitch bench ledger --entries 10000000
    lockstitch bench storefront search --products 1000,100000
    """
    more = list(takewhile(NAMES.__contains__, options))
    worst = 0
    for each in (name, *more):
        command = [sys.executable, "-m", NAMES[each], *options[len(more) :]]
        worst = max(worst, subprocess.call(command, cwd=ROOT))
    raise click.exceptions.Exit(worst)

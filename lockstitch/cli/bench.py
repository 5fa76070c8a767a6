"""`lockstitch bench`: load programs with their reference limits, from the repository's `bench/`."""

import subprocess
import sys

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
    """Measures one part in an instance of its own, beside what the database could do at most.

    \b
    lockstitch bench import --products 10000
    lockstitch bench checkout --seconds 15 --orders 1000000
    lockstitch bench ledger --entries 10000000
    """
    command = [sys.executable, "-m", NAMES[name], *options]
    raise click.exceptions.Exit(subprocess.call(command, cwd=ROOT))

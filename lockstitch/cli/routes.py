"""`routes`: every address that a process answers, so that none is there by accident."""

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from lockstitch.cli.output import facts

URLCONFS = {"shop": "shop", "console": "shop", "desk": "desk", "desk_console": "desk"}


@dataclass(frozen=True)
class Route:
    """`personal_data`: whether it is a page of the desk, the only surface where such data pass."""

    host: str  # a shop's, the console's, or the desk's side of either
    surface: str
    route: str
    name: str | None
    methods: list[str]
    personal_data: bool


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the routes as one document.")
def routes(as_json: bool) -> None:
    """List every address that shop and desk answer, with its methods.

    Anything but its methods is refused on each of them before a view is asked or a body is read.
    Personal data pass on the desk only.
    """
    found = list(every())
    if as_json:
        facts([asdict(route) for route in found])
        return
    table = Table("host", "route", "name", "methods", "personal data", box=None)
    for route in found:
        personal = "yes" if route.personal_data else ""
        table.add_row(route.host, f"/{route.route}", route.name, " ".join(route.methods), personal)
    Console().print(table)


def every() -> Iterator[Route]:
    """Of the four URL tables, in the order in which Django looks."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lockstitch.settings")
    django.setup()
    from django.urls import get_resolver

    from lockstitch.looks.doors import methods

    for host, surface in URLCONFS.items():
        for path, pattern in _patterns(get_resolver(f"lockstitch.urls.{host}"), ""):
            yield Route(
                host, surface, path, pattern.name, sorted(methods(pattern.callback)),
                surface == "desk",
            )  # fmt: skip


def _patterns(resolver: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if hasattr(entry, "url_patterns"):
            yield from _patterns(entry, path)
        else:
            yield path, entry

"""`routes`: every address that a process answers, so that none is there by accident."""

import inspect
import os
from collections.abc import Callable, Iterator
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

    Methods are what the view itself allows; every surface refuses anything but GET, HEAD and POST
    before a view is asked. Personal data pass on the desk only.
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

    for host, surface in URLCONFS.items():
        for path, pattern in _patterns(get_resolver(f"lockstitch.urls.{host}"), ""):
            yield Route(
                host, surface, path, pattern.name, methods(pattern.callback), surface == "desk"
            )


def _patterns(resolver: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if hasattr(entry, "url_patterns"):
            yield from _patterns(entry, path)
        else:
            yield path, entry


def methods(view: Callable[..., Any]) -> list[str]:
    """What Django's require_* decorators on the view allow; else what every surface does."""
    from lockstitch.kernel.middleware import METHODS

    allowed = set(METHODS)
    function: Callable[..., Any] | None = view
    while function is not None:
        if inspect.isfunction(function):
            declared = inspect.getclosurevars(function).nonlocals.get("request_method_list")
            allowed &= set(declared or allowed)
        function = getattr(function, "__wrapped__", None)
    return sorted(allowed)

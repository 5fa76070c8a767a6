"""What a command says: steps with their time, facts as JSON, colours only where they help."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click


def coloured() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def say(text: str = "") -> None:
    click.echo(text, color=coloured())


def one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def facts(value: object) -> None:
    """For --json: one document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@contextmanager
def step(name: str) -> Iterator[None]:
    """One line: the name, and the seconds once it is done."""
    began = time.monotonic()
    if coloured():
        click.echo(f"  … {name}", nl=False)
    yield
    took = f"{time.monotonic() - began:.1f} s"
    if coloured():
        click.echo(f"\r  {click.style('✓', fg='green')} {name}  {click.style(took, dim=True)}")
    else:
        click.echo(f"  {name}  {took}")

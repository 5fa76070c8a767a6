"""Translations: `django.po` is kept in the repository, `django.mo` is made from it."""

import os
from pathlib import Path

import click
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from lockstitch.cli.instance import ROOT


def sources() -> list[Path]:
    return sorted((ROOT / "lockstitch").glob("**/locale/*/LC_MESSAGES/django.po"))


def compile_changed() -> list[Path]:
    """Compiles each .po that has changed, and returns those. A .mo bears the time of its .po: a
    checkout may bring back an older one."""
    done = []
    for source in sources():
        target, time = source.with_suffix(".mo"), source.stat().st_mtime_ns
        if target.exists() and target.stat().st_mtime_ns == time:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        making = target.with_suffix(".making")
        with making.open("wb") as out:
            write_mo(out, catalogue)
        os.utime(making, ns=(time, time))
        making.rename(target)
        done.append(source)
    return done


@click.command()
def compile_messages() -> None:
    """Compile the translations that have changed (`bin/up` does so too)."""
    for source in compile_changed():
        click.echo(str(source.relative_to(ROOT)))

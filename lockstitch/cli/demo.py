"""`lockstitch demo`: the demo's logins."""

import click
import pyotp

from lockstitch.cli.demo_logins import Logins, describe
from lockstitch.cli.demo_logins import logins as read
from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import say


@click.group()
def demo() -> None:
    """The demo's logins and codes."""


@demo.command()
@click.pass_obj
def load(instance: Instance) -> None:
    """Fills a running instance with three invented shops; `up --demo` does this once."""
    setup(instance)
    from lockstitch.cli import demo_load

    demo_load.load(instance)


@demo.command()
@click.pass_obj
def code(instance: Instance) -> None:
    """Prints the six-digit code that the console asks for, as an authenticator app would."""
    say(pyotp.TOTP(_logins(instance).totp_secret).now())


@demo.command()
@click.pass_obj
def logins(instance: Instance) -> None:
    """Prints the addresses and logins again."""
    _logins(instance)
    for name, value in describe(instance):
        say(f"{name:24} {value}")


def _logins(instance: Instance) -> Logins:
    if instance.existing().kind != "demo":
        raise click.ClickException("this instance is not a demo")
    return read(instance)

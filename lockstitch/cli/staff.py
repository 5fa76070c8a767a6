"""The first login of an empty installation: a platform staff member with a one-time-code key."""

import os
import sys
from dataclasses import dataclass

import click
import psycopg
import pyotp
import segno

from lockstitch.cli import django_door
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import coloured, say

EMAIL, PASSWORD = "LOCKSTITCH_STAFF_EMAIL", "LOCKSTITCH_STAFF_PASSWORD"


@dataclass(frozen=True)
class Wanted:
    email: str
    password: str


def exists(instance: Instance) -> bool:
    with psycopg.connect(instance.cluster.url("ls_owner")) as db:
        found = db.execute("SELECT EXISTS (SELECT FROM guard.principal WHERE kind = 'staff')")
        return found.fetchone() == (True,)


def ask_for(instance: Instance) -> Wanted | None:
    """From the environment, else from the terminal; None when one is there or nobody can say."""
    if exists(instance):
        return None
    if os.environ.get(EMAIL) and os.environ.get(PASSWORD):
        return Wanted(os.environ[EMAIL], os.environ[PASSWORD])
    if not sys.stdin.isatty():
        say(f"  There is no staff login yet: start once with {EMAIL} and {PASSWORD} set.")
        return None
    say("\nThe first staff login of this installation:")
    return Wanted(
        click.prompt("  E-mail"),
        click.prompt(
            "  Password (8 characters or more)", hide_input=True, confirmation_prompt=True
        ),
    )


def make(instance: Instance, wanted: Wanted) -> None:
    """Through the running guard. ClickException with its reason when it says no."""
    django_door.setup(instance)
    from lockstitch.kernel.errors import Refused
    from lockstitch.sealed.reading import Caller, SeedPrincipal, ask

    secret = pyotp.random_base32()
    handle = wanted.email.partition("@")[0]
    try:
        ask(
            Caller(),
            SeedPrincipal(
                kind="staff", email=wanted.email, password=wanted.password,
                name=handle, handle=handle, totp_secret=secret,
            ),
        )  # fmt: skip
    except Refused as refused:
        raise click.ClickException(f"the staff login was not made: {refused}") from None
    uri = pyotp.TOTP(secret).provisioning_uri(name=wanted.email, issuer_name="Lockstitch")
    say(f"\nStaff login {wanted.email}. Add this to your authenticator now; it is not shown again.")
    say(f"  key  {secret}\n  uri  {uri}")
    if coloured():
        segno.make(uri, error="m").terminal(compact=True)

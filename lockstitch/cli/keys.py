"""`lockstitch keys` and `lockstitch erase`: new keys, and a person's key destroyed."""

import time
from typing import TYPE_CHECKING
from uuid import UUID

import click

from guard.wire import KeyName
from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import say
from lockstitch.cli.progress import progress
from lockstitch.cli.shops import site_of
from lockstitch.sealed.reading import Caller, Erase, RotateKey, ask

if TYPE_CHECKING:
    from lockstitch.tenancy.queries import Site

NAMES: tuple[KeyName, ...] = (
    "seal", "master", "wrap", "ledger", "index", "pepper", "accounts", "root",
)  # fmt: skip

OF_A_SHOP, AT_ONCE = ("seal", "wrap", "index"), ("master", "ledger")


@click.group()
def keys() -> None:
    """Renew the guard's keys while everything goes on; `up` has to be running."""


@keys.command()
@click.argument("name", type=click.Choice(NAMES))
@click.option("--site", "slug", help="One shop; else every one.")
@click.option("--resume", is_flag=True, help="Only go on with what an interruption left.")
@click.pass_obj
def rotate(instance: Instance, *, name: KeyName, slug: str | None, resume: bool) -> None:
    """Makes a new version of a key.

    \b
      master  wraps all the others; the old one is left as master.key.old, for older backups
      ledger  signs checkpoints; the old one signs for it, and is then destroyed
      seal    what the desk seals deposits to
      wrap    what each person's data key is under
      index   what mail addresses, phone numbers and names are found by; waits half a minute a shop
      pepper  what password hashes are sealed under: nobody has to sign in for it
      accounts  what accounts are found by at sign-in
      root    what seals accounts' addresses, codes' seeds and providers' keys, and marks passkeys
              and exports; waits half a minute, and for mailed codes that are still good (ten)
    """
    setup(instance)
    if slug and name not in OF_A_SHOP:
        raise click.ClickException(f"there is one {name} key, for all shops")
    if resume and name in AT_ONCE:
        raise click.ClickException(f"the {name} key is renewed at once")
    if name in AT_ONCE:
        ask(Caller(), RotateKey(key=name))
    if name == "ledger":
        say("done: keep the newest of data/guard/log/succession beside your copy of ledger.pub")
        return
    if name == "master":
        say(f"done: take {instance.data / 'guard' / 'master.key.old'} to your old backups")
        return
    of = [(site.slug, site.id) for site in _sites(slug)] if name in OF_A_SHOP else [(name, None)]
    # All begin first: a new index key waits half a minute, and they wait together.
    begun = [
        (what, site_id, ask(Caller(), RotateKey(name, site_id, begin=not resume)).remaining)
        for what, site_id in of
    ]
    for what, site_id, total in begun:
        _go_on(name, what, site_id, total)
        say(f"{what}: done")


def _go_on(name: KeyName, what: str, site_id: UUID | None, total: int) -> None:
    left = total
    with progress(what) as advance:
        while left:
            before = left
            left = ask(Caller(), RotateKey(name, site_id, begin=False)).remaining
            advance(total - left, total)
            if left == before:  # until every guard knows the new key
                time.sleep(1)


@click.command()
@click.option("--site", "slug", required=True, help="The person's shop.")
@click.option("--person", type=click.UUID, required=True, help="Their id, as the ledger has it.")
@click.confirmation_option(prompt="Nothing brings them back. Go on?")
@click.pass_obj
def erase(instance: Instance, *, slug: str, person: UUID) -> None:
    """Destroys a person's key: their orders stay, nobody can read whose they were.

    The person is put on data/guard/erased, and is erased again when an older copy of the database
    is brought back: keep that file with the newest state, never restore it from a backup.
    """
    setup(instance)
    erased = ask(Caller(), Erase(site_id=site_of(slug).id, person_id=person))
    say(f"erased: {erased.records} records can be opened by nobody")


def _sites(slug: str | None) -> "list[Site]":
    from lockstitch.tenancy.queries import all_sites

    return [site_of(slug)] if slug else all_sites()

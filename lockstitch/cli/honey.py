"""`lockstitch honey plant`: orders and members of people who do not exist. Opening one is an alarm.

The orders are placed and cancelled, so that neither stock nor books nor a parcel knows of them.
"""

import secrets
from typing import TYPE_CHECKING
from uuid import UUID

import click

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import say
from lockstitch.cli.shops import on_sale, site_of, visit
from lockstitch.cli.world.people import hint
from lockstitch.cli.world.people import person as invented

if TYPE_CHECKING:
    from lockstitch.tenancy.queries import Site

MAILS = ("gmail.com", "yahoo.co.jp", "icloud.com", "docomo.ne.jp", "ezweb.ne.jp")


@click.group("honey")
def honey() -> None:
    """Records that nobody has a reason to open."""


@honey.command("plant")
@click.option("--site", "slug", required=True, help="The shop's short name; see `sites`.")
@click.option("--count", default=20, show_default=True, type=click.IntRange(1, 1000),
              help="So many orders, and so many members.")  # fmt: skip
@click.pass_obj
def plant(instance: Instance, *, slug: str, count: int) -> None:
    """Plants invented buyers among a shop's; `up` has to be running.

    Whoever opens one is an alert, and is stopped. Nothing on the screen tells which they are, and
    no letter goes to them. Example:

      lockstitch honey plant --site north
    """
    setup(instance)
    from lockstitch.tenancy.scope import scope

    site = site_of(slug)
    with scope(site.id):
        sku = _goods()
        for _number in range(count):
            _member(site)
            _order(site, sku)
    say(f"{count} orders and {count} members of nobody are in {slug}.")


def person() -> dict[str, str]:
    """Somebody who does not exist, as an address form would take them."""
    mail = f"{secrets.token_hex(5)}@{secrets.choice(MAILS)}"
    return {**invented(secrets.token_hex(8), 0), "email": mail, "note": ""}


def _goods() -> UUID:
    there = on_sale()
    if not there:
        raise click.ClickException("nothing is on sale that an order could be of")
    return secrets.choice(there)


def _member(site: "Site") -> None:
    from lockstitch.members.actions import keep_member
    from lockstitch.sealed.reading import Caller, ImportMembers, MemberRow, PlantHoney, ask

    fields = person()
    row = MemberRow(email=fields["email"], fields=fields, password_hash="")
    [moved] = ask(Caller(), ImportMembers(site_id=site.id, members=[row])).rows
    if moved.member_id is None:
        raise click.ClickException(f"a member was not taken: {moved.outcome}")
    keep_member(
        member_id=moved.member_id, hint=moved.handle, profile_id=moved.profile_id,
        prefecture=fields["prefecture"], welcome=True,
    )  # fmt: skip
    ask(Caller(), PlantHoney(site_id=site.id, member_id=moved.member_id))


def _order(site: "Site", sku: UUID) -> None:
    from lockstitch.checkout import actions as checkout
    from lockstitch.checkout.queries import find_checkout, show_checkout
    from lockstitch.fulfilment.actions import cancel
    from lockstitch.orders.actions import SYSTEM
    from lockstitch.payments.queries import offered
    from lockstitch.sealed.reading import Caller, PlantHoney, ask

    fields, (made, _token) = person(), visit(sku)
    record_id = ask(Caller(), PlantHoney(site_id=site.id, fields=fields)).record_id
    checkout.keep_contact(
        made.id, record_id=record_id, buyer_hint=hint(fields),
        prefecture=fields["prefecture"], postal_zone=fields["postal_code"][:3],
    )  # fmt: skip
    methods = [method for method in ("bank", "cod") if method in offered()]
    if not methods:
        raise click.ClickException("the shop takes neither transfers nor cash on delivery")
    checkout.choose_method(made.id, methods[0])
    found = find_checkout(made.id)
    if found is None:
        raise click.ClickException("the checkout is gone")
    total = show_checkout(found).quote.total_yen
    cancel(checkout.place(made.id, shown_total_yen=total).id, SYSTEM)

"""`lockstitch world --preset 2016 [--scale F]`."""

import json
from dataclasses import asdict, dataclass
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from uuid import UUID

import click
import pyotp

from lockstitch.cli.instance import Instance, write_secret
from lockstitch.cli.output import say, step
from lockstitch.cli.progress import Advance, progress
from lockstitch.cli.shops import make_known
from lockstitch.cli.world.people import hint, person
from lockstitch.cli.world.preset import SitePlan, plan

if TYPE_CHECKING:
    from lockstitch.tenancy.queries import Site

BATCH = 1_000
COMPANY = "架空アパレル {:02} 株式会社"


@dataclass(frozen=True)
class Logins:
    """One password and one authenticator for all of this world's operators, made anew."""

    password: str
    totp_secret: str


def logins(instance: Instance) -> Logins:
    made = Logins(token_urlsafe(12), pyotp.random_base32())
    path = instance.data / "keys" / "world.json"
    write_secret(path, json.dumps(asdict(made)))
    return Logins(**json.loads(path.read_text()))


def operator_email(slug: str, number: int) -> str:
    """Number 0 is the shop's owner."""
    return f"operator{number}@{slug}.operators.example"


@click.command()
@click.option("--preset", type=click.Choice(["2016"]), required=True)
@click.option(
    "--scale", type=click.FloatRange(0.0001, 1.0), default=1.0, show_default=True,
    help="Of members, orders and buyers.",
)  # fmt: skip
@click.pass_obj
def world(instance: Instance, preset: str, scale: float) -> None:
    """Fills a running, empty instance with the world of the 2016 break-in: 43 companies, 53 shops,
    314 operators, 980,000 members, 15,581 orders of 10,946 people. Everybody is invented. May be
    interrupted: a repeat goes on where it was.

    \b
      bin/up --empty &
      bin/lockstitch world --preset 2016 --scale 0.01
    """
    from lockstitch.cli.django_door import setup

    setup(instance)
    from lockstitch.cli.world import orders
    from lockstitch.tenancy.scope import scope

    plans = plan(scale)
    with step("companies, shops and operators"):
        sites = _open(instance, plans)
    with step("goods"):
        for place in plans:
            with scope(sites[place.slug].id):
                _goods()
    done, total = 0, sum(place.members for place in plans)
    with progress("members") as advance:
        for place in plans:
            _members(sites[place.slug].id, place, lambda n, _of, d=done: advance(d + n, total))  # type: ignore[misc]
            done += place.members
    with progress("orders") as advance:
        for place in plans:
            if place.orders:
                orders.take_in(instance, sites[place.slug], place, advance)
    say(f"{len(plans)} shops, {total:,} members, {sum(p.orders for p in plans):,} orders")


def _open(instance: Instance, plans: list[SitePlan]) -> "dict[str, Site]":
    from lockstitch.sealed import reading
    from lockstitch.tenancy.actions import open_company, open_site
    from lockstitch.tenancy.queries import all_companies, find_site

    me, known = reading.Caller(), {each.name: each.id for each in all_companies()}
    companies: dict[int, UUID] = {}
    sites, secret = {}, logins(instance)
    for place in plans:
        name = COMPANY.format(place.company + 1)
        if place.company not in companies:
            companies[place.company] = known.get(name) or open_company(name=name).id
        company = companies[place.company]
        site = find_site(place.slug) or open_site(
            company_id=company, slug=place.slug, name=place.slug.replace("-", " ").title(),
            hosts=[f"{place.slug}.localhost"], mail_from=f"shop@{place.slug}.example.jp",
        )  # fmt: skip
        sites[place.slug] = site
        make_known(site, name)
        for number in range(place.operators):
            reading.ask(
                me,
                reading.SeedPrincipal(
                    kind="operator", email=operator_email(place.slug, number),
                    name=f"運営 {number}", handle=f"{place.slug}-{number}", company_id=company,
                    site_ids=[site.id], role="orders" if number else "owner",
                    password=secret.password, totp_secret=secret.totp_secret,
                ),
            )  # fmt: skip
    reading.ask(
        me,
        reading.SeedPrincipal(
            kind="staff", email="staff@platform.example", name="Platform staff", handle="staff",
            password=secret.password, totp_secret=secret.totp_secret,
        ),
    )  # fmt: skip
    return sites


def _goods() -> None:
    from lockstitch.cli.demo_range import new_products, stock
    from lockstitch.inventory.intake import take_in
    from lockstitch.kernel.clock import now

    take_in(new_products("north", now()), stock("north"))


def _members(site_id: UUID, place: SitePlan, advance: Advance) -> None:
    """The guard's half, then the shop's. Goes on after those that are there."""
    from lockstitch.members.models import Member
    from lockstitch.sealed import reading
    from lockstitch.tenancy.scope import scope

    with scope(site_id):
        start = Member.objects.count() // BATCH * BATCH
        for first in range(start, place.members, BATCH):
            numbers = range(first, min(first + BATCH, place.members))
            people = [person(place.slug, number) for number in numbers]
            rows = [reading.MemberRow(email=each["email"], fields=each) for each in people]
            moved = reading.ask(
                reading.Caller(), reading.ImportMembers(site_id=site_id, members=rows)
            ).rows
            Member.objects.bulk_create(
                [
                    Member.here(
                        id=each.member_id, hint=hint(fields), profile_id=each.profile_id,
                        prefecture=fields["prefecture"],
                    )
                    for each, fields in zip(moved, people, strict=True)
                ],
                ignore_conflicts=True,
            )  # fmt: skip
            advance(numbers[-1] + 1, place.members)

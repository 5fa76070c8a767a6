"""The drill's shop, its people and its operators: the shop is kept from one run to the next, the
people and the operators are each run's own."""

import secrets
from datetime import timedelta
from uuid import UUID

import psycopg
import pyotp

from guard.client import GuardClient
from lockstitch.catalogue.queries import all_sku_ids
from lockstitch.cli.demo_load import ACCOUNT, COD_FEES
from lockstitch.cli.demo_range import new_products, stock
from lockstitch.cli.drill.ground import NAME, PASSWORD_BYTES, SLUG, Ground, Operator, Placed
from lockstitch.cli.instance import Instance
from lockstitch.cli.shops import make_known, on_sale
from lockstitch.cli.world.orders import Past, write
from lockstitch.inventory.actions import move
from lockstitch.inventory.intake import take_in
from lockstitch.kernel.clock import now
from lockstitch.pricing.actions import set_terms
from lockstitch.sealed import reading
from lockstitch.tenancy.actions import open_company, open_site
from lockstitch.tenancy.queries import Site, all_companies, find_site
from lockstitch.tenancy.scope import scope

LONG_AGO = timedelta(days=200)
PIECES = 10  # that a run may buy, of each SKU
OPERATORS: dict[str, reading.Role] = {
    "rider": "orders",  # whose session is ridden (S10)
    "victim": "owner",  # whose passkey is touched (S9, S11)
    "second": "owner",  # who approves (S11)
    "reader": "orders",  # an honest one, who opens what shoppers wrote (S15)
    "curious": "support",  # who opens what nobody has a reason to open (S10)
}
_PEOPLE = "SELECT record_id, person_id FROM guard.record WHERE record_id = ANY(%s)"


def prepare(
    instance: Instance, db: psycopg.Connection[object], people: int, turn: int = 0
) -> Ground:
    """Django is set up, the instance runs. Some of the people have two orders."""
    token = (instance.data / "guard" / "cli.token").read_text().strip()
    site = _shop()
    client = GuardClient(instance.guard_socket, token)
    ground = Ground(instance, site, client, db, turn=turn)
    at = now() - LONG_AGO
    past = [
        Past(place, f"D{ground.run[2:]}-{place:04}", at + timedelta(minutes=place),
             ground.person(place % people))
        for place in range(people + people // 4)
    ]  # fmt: skip
    records = write(instance, site, past)
    ground.orders = [
        Placed(each.number, record, each.place % people)
        for each, record in zip(past, records, strict=True)
    ]
    ground.operators = {name: _operator(ground, name, role) for name, role in OPERATORS.items()}
    return ground


def know_people(ground: Ground) -> None:
    """Who each record's person is, once the guard has taken them in. Raises LookupError."""
    wanted = [each.record_id for each in ground.orders]
    for _try in range(600):
        rows = ground.db.execute(_PEOPLE, [wanted]).fetchall()
        if len(rows) == len(wanted):
            ground.people = dict(rows)
            return
        ground.db.execute("SELECT pg_sleep(0.1)")
    raise LookupError("the guard does not take its deposits in")


def _shop() -> Site:
    site = find_site(SLUG)
    if site is None:
        known = {each.name: each.id for each in all_companies()}
        company: UUID = known.get(NAME) or open_company(name=NAME).id
        site = open_site(
            company_id=company, slug=SLUG, name=NAME, hosts=[f"{SLUG}.localhost"],
            mail_from="shop@drill.example",
        )  # fmt: skip
    make_known(site, NAME)
    with scope(site.id):
        if not on_sale():
            set_terms(cod_fees=COD_FEES, bank_account=ACCOUNT)
            take_in(new_products("north", now()), stock("north"))
        move(dict.fromkeys(all_sku_ids(), PIECES), reason="receipt", note="drill")
    return site


def _operator(ground: Ground, name: str, role: reading.Role) -> Operator:
    password, secret = secrets.token_urlsafe(PASSWORD_BYTES), pyotp.random_base32()
    email = f"{name}.{ground.run.lower()}@operators.example"
    made = reading.ask(
        reading.Caller(),
        reading.SeedPrincipal(
            kind="operator", email=email, name=name, handle=f"drill-{name}", password=password,
            company_id=ground.site.company_id, site_ids=[ground.site.id], role=role,
            totp_secret=secret,
        ),
    )  # fmt: skip
    return Operator(made.principal_id, email, password, secret)


def clear_up(ground: Ground) -> None:
    """The run's operators may not come in again; what was frozen for their sake is thawed."""
    for operator in ground.operators.values():
        ground.db.execute(
            "UPDATE guard.principal SET state = 'disabled' WHERE principal_id = %s", [operator.id]
        )
        ground.db.execute(
            "DELETE FROM guard.frozen_operator WHERE principal_id = %s", [operator.id]
        )
    ground.db.execute(
        "DELETE FROM guard.blocked_source WHERE source <<= %s", [f"{ground.network}.0.0/16"]
    )

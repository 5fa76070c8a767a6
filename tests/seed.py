"""Fills a running instance with a small world: `python -m tests.seed DATA`; prints it as JSON."""

import json
import sys
from pathlib import Path

import pyotp

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance

PASSWORD = "correct horse 77 staple"
STOCK = 5_000


def main(data: Path) -> None:
    setup(Instance(data))
    from lockstitch.kernel.clock import now
    from lockstitch.sealed.reading import (
        Caller,
        RegisterCompany,
        RegisterSite,
        SeedPrincipal,
        ask,
    )
    from lockstitch.tenancy.scope import scope
    from tests import world

    totp = pyotp.random_base32()
    found = {"password": PASSWORD, "totp": totp, "sites": {}, "at": str(now())}
    for slug in ("north", "south"):
        site = world.new_site(slug)
        ask(Caller(), RegisterCompany(company_id=site.company_id, name=slug))
        registered = RegisterSite(
            site_id=site.id, company_id=site.company_id, name=site.name, host=site.hosts[0],
            mail_from=site.mail_from,
        )  # fmt: skip
        ask(Caller(), registered)
        for role in ("owner", "orders", "readonly"):
            operator = SeedPrincipal(
                kind="operator", email=f"{role}@{slug}.example", password=PASSWORD, name=role,
                handle=f"{slug}-{role}", totp_secret=totp, company_id=site.company_id,
                site_ids=[site.id], role=role,
            )  # fmt: skip
            ask(Caller(), operator)
        ask(
            Caller(),
            SeedPrincipal(
                kind="member", email="hanako@example.jp", password=PASSWORD, site_id=site.id,
                fields={"family_name": "山田", "given_name": "花子", "email": "hanako@example.jp"},
            ),
        )  # fmt: skip
        with scope(site.id):
            skus = world.new_product(stock=STOCK)
            few = world.new_product(stock=5, slug="few")
        found["sites"][slug] = {
            "id": str(site.id), "skus": [str(sku) for sku in skus], "few": str(few[0]),
        }  # fmt: skip
    ask(
        Caller(),
        SeedPrincipal(
            kind="staff", email="staff@example.jp", password=PASSWORD, name="staff",
            handle="staff", totp_secret=totp,
        ),
    )  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

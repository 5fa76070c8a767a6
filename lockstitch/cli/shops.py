"""What several commands ask of a shop."""

from typing import TYPE_CHECKING
from uuid import UUID

import click

if TYPE_CHECKING:
    from lockstitch.checkout.models import Checkout
    from lockstitch.tenancy.queries import Site


def site_of(slug: str) -> "Site":
    """ClickException when there is no such shop. Django is set up already."""
    from lockstitch.tenancy.queries import find_site

    site = find_site(slug)
    if site is None:
        raise click.ClickException(f"no shop {slug!r}: see `lockstitch sites`")
    return site


def on_sale() -> list[UUID]:
    """The SKUs of the shop in scope that somebody could order now."""
    from lockstitch.catalogue.queries import all_sku_ids, offers
    from lockstitch.inventory.queries import available

    ids = all_sku_ids()
    left, sold = available(ids), offers(ids)
    return [sku for sku in ids if left.get(sku) and sku in sold]


def visit(sku: UUID) -> "tuple[Checkout, str]":
    """A checkout of a new visitor with one piece, and their cart's token. ClickException."""
    from lockstitch.checkout.actions import begin_checkout
    from lockstitch.checkout.filling import add_to_cart
    from lockstitch.checkout.queries import find_cart
    from lockstitch.kernel.ids import new_token

    token = new_token()
    add_to_cart(token, sku)
    cart = find_cart(token)
    if cart is None:
        raise click.ClickException("the cart is gone")
    return begin_checkout(cart, member_id=None, language="ja"), token


def make_known(site: "Site", company: str) -> None:
    """The guard's half of a new shop: its company and its keys. Again: its names."""
    from lockstitch.sealed.reading import Caller, RegisterCompany, RegisterSite, ask

    me = Caller()
    ask(me, RegisterCompany(company_id=site.company_id, name=company))
    ask(
        me,
        RegisterSite(
            site_id=site.id, company_id=site.company_id, name=site.name, host=site.hosts[0],
            mail_from=site.mail_from,
        ),
    )  # fmt: skip

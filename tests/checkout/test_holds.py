"""Hot goods are kept at the payment step, for one buyer at a time, and free themselves."""

import datetime as dt

import pytest

from lockstitch.checkout import actions as checkout
from lockstitch.checkout.queries import find_checkout, show_cart, show_checkout
from lockstitch.inventory.actions import NotEnough
from lockstitch.inventory.models import Hold
from lockstitch.inventory.queries import disagreements
from lockstitch.kernel.clock import now
from lockstitch.pricing.actions import set_terms
from lockstitch.tenancy.queries import Site
from tests import world


def keep(checkout_id) -> dt.datetime | None:
    found = find_checkout(checkout_id)
    assert found is not None
    return checkout.keep_for(found, show_checkout(found))


def test_nothing_is_kept_unless_the_site_wants_it(site: Site) -> None:
    first, _total = world.ready_checkout({world.new_product(stock=1)[0]: 1})
    assert keep(first) is None


def test_the_last_piece_is_kept_for_who_pays_first(site: Site) -> None:
    set_terms(hold_minutes=10)
    sku = world.new_product(stock=1)[0]
    mine, total = world.ready_checkout({sku: 1})
    other, other_total = world.ready_checkout({sku: 1})
    until = keep(mine)
    assert until is not None
    assert keep(mine) == until
    with pytest.raises(NotEnough):
        keep(other)
    with pytest.raises(NotEnough):
        checkout.place(other, shown_total_yen=other_total)
    found = find_checkout(mine)
    assert found is not None
    assert show_cart(found.cart).can_proceed  # the cart page counts one's own hold as there
    checkout.place(mine, shown_total_yen=total)
    assert not Hold.objects.exists()
    assert disagreements() == []


def test_who_leaves_keeps_nothing_for_long(site: Site) -> None:
    set_terms(hold_minutes=10)
    sku = world.new_product(stock=1)[0]
    left, _total = world.ready_checkout({sku: 1})
    keep(left)
    Hold.objects.update(expires_at=now() - dt.timedelta(seconds=1))
    other, total = world.ready_checkout({sku: 1})
    assert checkout.place(other, shown_total_yen=total).total_yen == total
    assert disagreements() == []

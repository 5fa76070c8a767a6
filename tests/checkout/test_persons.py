"""So many pieces of a product to one person, over all orders: by the account or the guard's mark,
exact however many orders are pressed at once."""

import datetime as dt
from uuid import UUID, uuid4

import pytest

from lockstitch.catalogue.models import Product
from lockstitch.checkout import actions as checkout
from lockstitch.checkout.queries import Checkout, find_checkout, show_checkout
from lockstitch.fulfilment.actions import cancel
from lockstitch.inventory.grid import stock
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.orders.models import Order
from lockstitch.tenancy.queries import Site
from tests import world
from tests.checkout.test_offers import open_checkout, place
from tests.members.world import new_member
from tests.sets.world import new_set, product, ready

BUYERS = 8


def limited(pieces: int, *, days: int | None = None, slug: str = "shirt") -> list[UUID]:
    skus = world.new_product(stock=30, slug=slug)
    Product.objects.filter(slug=slug).update(limit_per_person=pieces, limit_days=days)
    return skus


def marked(made: Checkout, mark: UUID) -> Checkout:
    found = find_checkout(made.id)
    assert found
    assert found.record_id
    checkout.keep_mark(found.id, found.record_id, mark)
    return found


def test_a_guest_has_no_more_than_one_person_can(site: Site) -> None:
    white, _m, navy, _n = limited(2)
    me, other = uuid4(), uuid4()
    first = place(marked(open_checkout({white: 1}), me))
    made = marked(open_checkout({white: 1, navy: 1}), me)
    found = find_checkout(made.id)
    assert found
    shown = show_checkout(found)
    assert [(row.most, row.over) for row in shown.rows] == [(1, True), (1, True)]
    with pytest.raises(Refused, match="than you can buy"):
        place(made)
    assert stock([white, navy]) == {white: (30, 1), navy: (30, 0)}
    assert place(marked(open_checkout({white: 1, navy: 1}), other)).status == "placed"
    cancel(first.id, world.OPERATOR)  # what was given up is free again
    assert len(place(made).current_lines) == 2


def test_a_member_is_one_person_with_any_mark_and_before_one(site: Site) -> None:
    sku = limited(1)[0]
    member = new_member(0)
    place(marked(open_checkout({sku: 1}, member=member), uuid4()))
    again = open_checkout({sku: 1}, member=member)
    found = find_checkout(again.id)
    assert found
    assert show_checkout(found).rows[0].most == 0
    with pytest.raises(Refused):
        place(marked(again, uuid4()))


def test_without_a_mark_such_goods_wait_and_others_do_not(site: Site) -> None:
    sku, plain = limited(1)[0], world.new_product(slug="coat")[0]
    made = open_checkout({sku: 1})
    with pytest.raises(Refused, match="confirm your address"):
        place(made)
    assert stock([sku]) == {sku: (30, 0)}
    assert place(open_checkout({plain: 1})).buyer_mark is None
    assert place(marked(made, uuid4())).buyer_mark is not None


def test_a_mark_is_of_the_address_that_was_sealed_last(site: Site) -> None:
    sku = limited(1)[0]
    made = marked(open_checkout({sku: 1}), uuid4())
    old = made.record_id
    assert old
    checkout.keep_contact(
        made.id, record_id=uuid4(), buyer_hint="x", prefecture="京都府", postal_zone="600"
    )
    checkout.keep_mark(made.id, old, uuid4())  # an answer that came late
    with pytest.raises(Refused, match="confirm your address"):
        place(made)


def test_the_days_of_a_limit_pass(site: Site) -> None:
    sku, me = limited(1, days=30)[0], uuid4()
    order = place(marked(open_checkout({sku: 1}), me))
    with pytest.raises(Refused):
        place(marked(open_checkout({sku: 1}), me))
    Order.objects.filter(id=order.id).update(placed_at=now() - dt.timedelta(days=31))
    assert place(marked(open_checkout({sku: 1}), me)).status == "placed"


def test_pieces_of_a_set_count_too(site: Site) -> None:
    sku, other, me = limited(2)[0], product()[0], uuid4()
    of_two = new_set([(sku, 1), (other, 1)], 8_000)
    made, _total = ready([(of_two, [sku, other], 1)], {sku: 1})
    found = find_checkout(made)
    assert found
    assert place(marked(found, me)).status == "placed"
    made, _total = ready([(of_two, [sku, other], 1)])
    found = find_checkout(made)
    assert found
    with pytest.raises(Refused, match="than you can buy"):
        place(marked(found, me))


def test_the_limit_is_exact_when_one_person_presses_in_many_windows(site: Site) -> None:
    skus, me = limited(3), uuid4()
    ready = [marked(open_checkout({skus[n % 4]: 1}), me) for n in range(BUYERS)]  # sizes, colours
    total = show_checkout(ready[0]).quote.total_yen
    placed, refused = world.place_at_once(site, [(each.id, total) for each in ready])
    assert (len(placed), len(refused)) == (3, BUYERS - 3)
    assert sum(promised for _count, promised in stock(skus).values()) == 3

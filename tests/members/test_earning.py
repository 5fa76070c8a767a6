"""Points of an order, from placing to the last parcel."""

from uuid import uuid4

from lockstitch.crm.earning import settle_points
from lockstitch.members import points
from lockstitch.members.queries import disagreements, points_of
from lockstitch.orders.models import Order
from lockstitch.tenancy.queries import Site
from tests import world
from tests.members.world import new_member


def test_pending_until_the_last_parcel_has_left(site: Site) -> None:
    member, parcel = new_member(), uuid4()
    order = world.placed_order({world.new_product()[0]: 2})
    points.promise(order.id, member, 88)
    settle_points(order.id, parcel)
    assert (points_of(member).pending, points_of(member).balance) == (88, 0)
    Order.objects.filter(id=order.id).update(
        fulfilment="shipped", payment="captured", status="completed"
    )
    for _ in range(2):
        settle_points(order.id, parcel)
    assert (points_of(member).pending, points_of(member).balance) == (0, 88)
    points.promise(order.id, member, 100, reference="exchange")
    settle_points(order.id, uuid4())
    assert points_of(member).balance == 100
    assert disagreements() == []

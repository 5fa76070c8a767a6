"""When the card of a pre-order is charged: with the order, or with the parcel but before the
provider lets go of it. And the watch knows that such goods leave later."""

import datetime as dt

import psycopg
import pytest

from lockstitch.catalogue.models import Product
from lockstitch.cli.cluster import Cluster
from lockstitch.fulfilment.actions import cancel
from lockstitch.kernel.clock import now, today_jst
from lockstitch.orders.models import Order, OrderLine
from lockstitch.payments.actions import capture_before_it_ends
from lockstitch.payments.models import Payment, ProviderCall
from lockstitch.pricing.actions import set_terms
from lockstitch.tenancy.queries import Site
from tests import world
from tests.checkout.test_offers import open_checkout, place
from tests.fakes.running import Running
from tests.payments.conftest import fresh, look, page, paid, payment, run_jobs
from tests.payments.test_flow import ship
from tests.payments.test_watched import found_by_the_watch, known_to_the_guard

pytestmark = pytest.mark.usefixtures("connected")


def ahead(stripe: Running, month: str = "2099-03", *, method: str = "card") -> Order:
    """A pre-order that its buyer has just paid for."""
    sku = world.new_product(slug="coat")[0]
    Product.objects.filter(slug="coat").update(preorder_month=month)
    order = place(open_checkout({sku: 1}, method=method, is_preorder=True))
    run_jobs()
    stripe.press(page(order), "card", "authenticated")
    look(order)
    return fresh(order)


def captures(stripe: Running, order: Order) -> list[int]:
    return [row["yen"] for row in stripe.journal(kind="captured", order=order.number)]


def ends_in(order: Order, **time: int) -> None:
    Payment.objects.filter(order=order).update(expires_at=now() + dt.timedelta(**time))


def test_it_is_charged_with_the_order_and_not_again_with_the_parcel(stripe: Running) -> None:
    order = ahead(stripe)
    assert (order.status, order.payment) == ("placed", "captured")
    assert captures(stripe, order) == [order.total_yen]
    ship(order)
    assert captures(stripe, order) == [order.total_yen]
    assert (fresh(order).status, fresh(order).payment) == ("completed", "captured")


def test_it_is_refunded_when_it_is_cancelled(stripe: Running) -> None:
    order = ahead(stripe)
    cancel(order.id, world.OPERATOR)
    run_jobs()
    assert fresh(order).payment == "refunded"
    assert payment(order).refunded_yen == order.total_yen


def test_what_is_in_stock_is_charged_when_it_is_sent(stripe: Running) -> None:
    order = paid("card", stripe)
    assert (order.charge, order.payment) == ("ship", "authorised")
    ends_in(order, hours=1)
    assert capture_before_it_ends() == 0


def test_with_the_parcel_and_before_the_hold_ends(stripe: Running) -> None:
    set_terms(preorder_charge="hold")
    soon, later = ahead(stripe), ahead(stripe)
    assert (soon.charge, soon.payment) == ("hold", "authorised")
    ends_in(soon, hours=23)
    assert capture_before_it_ends() == 1
    assert capture_before_it_ends() == 0  # it is under way
    run_jobs()
    assert captures(stripe, soon) == [soon.total_yen]
    assert fresh(soon).payment == "captured"
    assert captures(stripe, later) == []
    ship(later)
    assert captures(stripe, later) == [later.total_yen]


def test_one_that_the_provider_refused_is_not_asked_for_each_hour(stripe: Running) -> None:
    set_terms(preorder_charge="hold")
    order = ahead(stripe)
    ends_in(order, hours=2)
    capture_before_it_ends()
    ProviderCall.objects.filter(verb="capture").update(state="failed")
    Order.objects.filter(id=order.id).update(payment="authorised")
    assert capture_before_it_ends() == 0


def test_a_shop_that_changes_its_mind_changes_no_order(stripe: Running) -> None:
    set_terms(preorder_charge="hold")
    order = ahead(stripe)
    set_terms(preorder_charge="order")
    look(order)
    assert fresh(order).payment == "authorised"


@pytest.mark.parametrize(("promised", "late"), [("2099-03", False), ("2026-01", True)])
def test_the_watch_waits_for_the_month(
    stripe: Running, database: Cluster, site: Site, promised: str, late: bool
) -> None:
    order = ahead(stripe)
    OrderLine.objects.filter(order=order).update(preorder_month=promised)
    as_of(database, site, "8 days", order)
    assert (("payment.unshipped", order.number) in found_by_the_watch(database, site)) is late


@pytest.mark.parametrize("late", [False, True])
def test_the_watch_waits_for_what_is_made_to_order(
    database: Cluster, site: Site, late: bool
) -> None:
    order = world.placed_order({world.new_product()[0]: 1}, method="bank")
    day = today_jst() + dt.timedelta(days=-8 if late else 8)
    OrderLine.objects.filter(order=order).update(ships_on=day)
    with psycopg.connect(database.url("postgres"), autocommit=True) as db:
        db.execute(
            "INSERT INTO payments_capture (site_id, payment_id, amount_yen, reference)"
            " SELECT site_id, id, 1, 'x' FROM payments_payment WHERE order_id = %s",
            [order.id],
        )
        db.execute("UPDATE orders_order SET payment = 'captured' WHERE id = %s", [order.id])
    as_of(database, site, "20 days", order)
    assert (("payment.unshipped", order.number) in found_by_the_watch(database, site)) is late


def as_of(database: Cluster, site: Site, age: str, order: Order) -> None:
    """The guard knows the site, and the money came so long ago."""
    with psycopg.connect(database.url("postgres"), autocommit=True) as db:
        known_to_the_guard(db, site)
        db.execute("SET session_replication_role = replica")  # else nobody changes a capture
        db.execute(
            "UPDATE payments_capture SET at = now() - %s::interval WHERE payment_id ="
            " (SELECT id FROM payments_payment WHERE order_id = %s)",
            [age, order.id],
        )

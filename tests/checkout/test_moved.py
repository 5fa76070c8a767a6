"""Goods sold ahead are sent at another time: who waits for them is told, once for each change."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils.translation import gettext, override

from lockstitch.catalogue.editing import PROMISED, remember
from lockstitch.catalogue.models import Product
from lockstitch.checkout import promises
from lockstitch.fulfilment.actions import cancel
from lockstitch.looks.templatetags.looks import event_word, month
from lockstitch.orders.models import Order, OrderEvent
from lockstitch.tenancy.queries import Site
from tests import world
from tests.checkout.test_offers import open_checkout, place

pytestmark = pytest.mark.usefixtures("database")


LONGER = " ".join(
    (
        "We are sorry that you have to wait longer.",
        "Until it is sent you may cancel the order on its page.",
    )
)


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    monkeypatch.setattr("lockstitch.orders.letters.post", lambda **row: found.append(row))
    return found


def coat(when: str = "2027-03-E") -> tuple[Product, UUID]:
    [sku, *_rest] = world.new_product(slug="coat")
    Product.objects.filter(slug="coat").update(preorder_month=when)
    return Product.objects.get(slug="coat"), sku


def move(product: Product, when: str) -> None:
    Product.objects.filter(id=product.pk).update(preorder_month=when)
    promises.tell_moved(product.pk)


def months(order: Order) -> list[str]:
    return [line.preorder_month for line in Order.objects.get(id=order.pk).current_lines]


def test_who_waits_is_told_once_for_each_change(site: Site, posted: list[dict[str, Any]]) -> None:
    product, sku = coat()
    order = place(open_checkout({sku: 2}, is_preorder=True))
    given_up = place(open_checkout({sku: 1}, is_preorder=True))
    cancel(given_up.id, world.OPERATOR)
    del posted[:]
    for _twice in range(2):
        move(product, "2027-03-L")
    [letter] = posted
    assert letter["record_id"] == order.record_id
    assert letter["purpose"] == "order.moved"
    with override("ja"):
        said = (month("2027-03-L"), month("2027-03-E"), gettext(LONGER))
    for words in said:
        assert words in letter["text"]
        assert words in letter["html"]
    assert (months(order), months(given_up)) == (["2027-03-L"], ["2027-03-E"])
    [event] = OrderEvent.objects.filter(order=order, kind="promise_moved")
    assert (event.facts["was"], event.facts["now"]) == ("2027-03-E", "2027-03-L")
    assert event_word(event).endswith(f"{month('2027-03-E')} → {month('2027-03-L')}")
    move(product, "2027-03-E")  # sooner again: nobody has to wait longer
    assert said[2] not in posted[1]["text"]
    move(product, "2027-03-L")
    assert len({row["dedupe_key"] for row in posted}) == 3


def test_what_was_sent_or_is_another_product_stays(site: Site, posted: list[Any]) -> None:
    product, sku = coat()
    sent = place(open_checkout({sku: 1}, is_preorder=True))
    sent.lines.update(shipped=1)
    [other, *_rest] = world.new_product(slug="hat")
    Product.objects.filter(slug="hat").update(preorder_month="2027-05")
    hat = place(open_checkout({other: 1}, is_preorder=True))
    del posted[:]
    move(product, "2027-04")
    move(product, "")  # it is no pre-order any more: what was promised holds
    assert posted == []
    assert (months(sent), months(hat)) == (["2027-03-E"], ["2027-05"])


def test_saving_a_pre_order_looks_for_them_later(site: Site) -> None:
    product, _sku = coat()
    plain = world.new_product(slug="plain")
    assert plain
    remember(["coat", "plain"], by=None, verb="edit")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->'ids'->>'product_id', scheduled_at > now() FROM procrastinate_jobs"
            " WHERE args->>'fact' = %s AND args->>'site_id' = %s", [PROMISED, str(site.id)],
        )  # fmt: skip
        assert cursor.fetchall() == [(str(product.pk), True)]


def test_saving_it_as_it_was_looks_for_nobody(site: Site) -> None:
    coat()
    for _twice in range(2):
        remember(["coat"], by=None, verb="edit")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE args->>'fact' = %s"
            " AND args->>'site_id' = %s", [PROMISED, str(site.id)],
        )  # fmt: skip
        assert cursor.fetchone() == (1,)

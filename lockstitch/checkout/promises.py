"""発送時期の変更: goods sold ahead are sent at another time, and who ordered them is told."""

from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, QuerySet

from lockstitch.catalogue.models import Product, Sku
from lockstitch.catalogue.promise import last_day
from lockstitch.orders.actions import SYSTEM, lock, note
from lockstitch.orders.letters import whole, write_to_buyer
from lockstitch.orders.models import Order, OrderLine


def tell_moved(product_id: UUID) -> None:
    """Follows `product.promised`. Each order in a transaction of its own, once for each new time;
    the order's history keeps both."""
    product = Product.objects.filter(id=product_id).first()
    if product is None or not product.preorder_month:
        return
    for order_id in _orders(product):
        _tell(order_id, product)


def _lines(product: Product) -> QuerySet[OrderLine]:
    skus = list(Sku.objects.filter(product=product).values_list("id", flat=True))
    return OrderLine.objects.filter(
        sku_id__in=skus, revision=F("order__revision"), order__status__in=["pending", "placed"],
        quantity__gt=F("cancelled") + F("shipped"),
    ).exclude(preorder_month__in=["", product.preorder_month])  # fmt: skip


def _orders(product: Product) -> list[UUID]:
    rows = _lines(product).order_by("order_id").values_list("order_id", flat=True)
    return list(rows.distinct())


def _tell(order_id: UUID, product: Product) -> None:
    with transaction.atomic():
        order: Order = lock(order_id)
        lines = list(_lines(product).filter(order_id=order_id))
        if not lines:
            return
        month = product.preorder_month
        was = max((line.preorder_month for line in lines), key=last_day)
        OrderLine.objects.filter(id__in=[line.pk for line in lines]).update(preorder_month=month)
        facts: dict[str, object] = {"was": was, "now": month, "product": str(product.pk)}
        note(order, "promise_moved", by=SYSTEM, facts=facts)
        if order.status == "placed":  # who has not paid yet reads it on the order
            write_to_buyer(
                whole(order_id), "moved", once=str(uuid4()),
                product=product, was=was, month=month, later=last_day(month) > last_day(was),
            )  # fmt: skip

"""A letter to the buyer of an order, posted once: the guard knows to whom."""

from uuid import UUID

from django.conf import settings

from lockstitch.mailing.queries import render
from lockstitch.orders.models import Order
from lockstitch.sealed.post import post
from lockstitch.tenancy.models import Site


def whole(order_id: UUID) -> Order:
    order: Order = Order.objects.prefetch_related("lines", "destinations").get(id=order_id)
    return order


def write_to_buyer(order: Order, template: str, *, once: str = "", **facts: object) -> None:
    """`once` tells letters of the same template and order apart; a repeat is no second letter."""
    site = Site.objects.get(id=order.site_id)
    scheme, port = ("https", "") if settings.SECURE else ("http", f":{settings.PORT}")
    message = render(
        template, language=order.language, order=order, site=site, lines=order.told_lines,
        goods=order.goods,
        address_of_order=f"{scheme}://{site.hosts[0]}{port}/orders/{order.checkout_id}/", **facts,
    )  # fmt: skip
    post(
        record_id=order.record_id, purpose=f"order.{template}", subject=message.subject,
        text=message.text, html=message.html, dedupe_key=f"{template}:{once or order.id}",
    )  # fmt: skip

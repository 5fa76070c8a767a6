"""The letters that an order brings with it. Each is rendered from what the shop knows, and posted
once: the guard knows to whom."""

from uuid import UUID

from django.conf import settings

from lockstitch.fulfilment.rules import SLOTS
from lockstitch.mailing.queries import render
from lockstitch.orders.models import Order
from lockstitch.payments.queries import payment_of
from lockstitch.pricing.queries import terms
from lockstitch.sealed.post import post
from lockstitch.tenancy.models import Site


def confirm_order(order_id: UUID) -> None:
    order = Order.objects.prefetch_related("lines", "destinations").get(id=order_id)
    _post(order, "placed", payment=payment_of(order), terms=terms())


def confirm_cancellation(order_id: UUID) -> None:
    order = Order.objects.prefetch_related("lines", "destinations").get(id=order_id)
    _post(order, "cancelled")


def _post(order: Order, template: str, **facts: object) -> None:
    site = Site.objects.get(id=order.site_id)
    scheme, port = ("https", "") if settings.SECURE else ("http", f":{settings.PORT}")
    origin = f"{scheme}://{site.hosts[0]}{port}"
    message = render(
        template, language=order.language, order=order, site=site,
        slot=SLOTS[order.first.delivery_slot], lines=order.current_lines,
        address_of_order=f"{origin}/orders/{order.checkout_id}/",
        **facts,
    )  # fmt: skip
    post(
        record_id=order.record_id, purpose=f"order.{template}", subject=message.subject,
        text=message.text, html=message.html, dedupe_key=f"{template}:{order.id}",
    )  # fmt: skip

"""先に引き当てる: an order that is served before its turn, and why."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.inventory import arrivals
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import By, lock, note


def put_first(order_id: UUID, sku_id: UUID, *, why: str, by: By) -> None:
    """Its history says who did it and why. Raises Refused without a reason, or when the order does
    not wait for this SKU."""
    if not why.strip():
        raise Refused(_("Please say why."))
    with transaction.atomic():
        order = lock(order_id)
        if not arrivals.put_first(order.pk, sku_id):
            raise Refused(_("This order does not wait for it."))
        note(order, "put_first", by=by, facts={"reason": why.strip()[:120], "sku": str(sku_id)})

"""お直し指示書: a slip for each line that is to be hemmed, for whoever sews. Nobody's name."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from lockstitch.catalogue import promise
from lockstitch.catalogue.hems import POINT
from lockstitch.catalogue.models import Sku
from lockstitch.catalogue.sizing import cm_of
from lockstitch.fulfilment.papers.render import pdf
from lockstitch.kernel.clock import JST, now
from lockstitch.kernel.text import localised
from lockstitch.orders.models import Order, OrderLine


def to_hem(order: Order) -> list[OrderLine]:
    """Its lines with pieces to hem that are still here."""
    return [line for line in order.current_lines if line.hem_mm and line.open]


def slips_of(orders: Sequence[Order]) -> list[dict[str, Any]]:
    """What stands on each slip; the day is the one promised to the buyer."""
    wanted = [(order, line) for order in orders for line in to_hem(order)]
    skus = Sku.objects.filter(id__in=[line.sku_id for _order, line in wanted])
    measured: dict[UUID, dict[str, int]] = dict(skus.values_list("id", "size__measures"))
    slips = []
    for order, line in wanted:
        whole = measured.get(line.sku_id, {}).get(POINT)
        slips.append(
            {
                "number": order.number, "line": line.position, "sku": line.sku_code,
                "name": localised(line.name, "ja"), "colour": localised(line.colour, "ja"),
                "size": line.size, "length": cm_of(line.hem_mm), "quantity": line.open,
                "whole": cm_of(whole) if whole else "",
                "off": cm_of(whole - line.hem_mm) if whole and whole >= line.hem_mm else "",
                "due": str(line.ships_on or promise.typed(line.preorder_month)),
            }
        )  # fmt: skip
    return slips


def work_slips(orders: Sequence[Order]) -> bytes:
    """PDF, two slips a page."""
    data = {"at": f"{now().astimezone(JST):%Y-%m-%d %H:%M}", "slips": slips_of(orders)}
    return pdf("hemming", data)

"""Writing an order down, and moving its states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.ids import readable
from lockstitch.orders.models import Destination, Order, OrderEvent, OrderLine
from lockstitch.orders.rules import FIRST_PAYMENT, FIRST_STATUS, may_move


@dataclass(frozen=True)
class By:
    """Who does it: a shopper, an operator or the system."""

    kind: str
    id: UUID | None = None


SHOPPER, SYSTEM = By("shopper"), By("system")


def write(
    order: Order, lines: Sequence[OrderLine], destinations: Sequence[Destination], *,
    by: By = SHOPPER,
) -> Order:  # fmt: skip
    """Stores a new order with its lines and first event, inside the caller's transaction."""
    with transaction.atomic():
        order.number = f"{today_jst():%y%m%d}-{readable(6)}"
        order.status = FIRST_STATUS.get(order.method, "placed")
        order.payment = FIRST_PAYMENT.get(order.method, "awaiting")
        order.save(force_insert=True)
        for destination in destinations:
            destination.site_id, destination.order_id = order.site_id, order.pk
        Destination.objects.bulk_create(destinations)
        write_lines(order, lines)
        note(order, "placed", by=by, facts={"total_yen": order.total_yen})
        return order


def write_lines(order: Order, lines: Sequence[OrderLine]) -> None:
    """The lines of the order's present revision."""
    for position, line in enumerate(lines, start=1):
        line.site_id, line.order_id, line.position = order.site_id, order.pk, position
        line.revision = order.revision
    OrderLine.objects.bulk_create(lines)


def rewrite(order: Order, lines: Sequence[OrderLine], sums: Mapping[str, Any], by: By) -> None:
    """受注変更: a new revision of a locked order, with lines and sums of its own.

    What was given up of the earlier one is settled: the new sums are all there is to pay.
    """
    was = order.net_yen
    with transaction.atomic():
        order.revision += 1
        order.reduced_yen = order.money_back_yen = order.points_back_yen = 0
        for name, value in sums.items():
            setattr(order, name, value)
        order.save()
        write_lines(order, lines)
        note(
            order, "amended", by=by,
            facts={"revision": order.revision, "was_yen": was, "total_yen": order.total_yen},
        )  # fmt: skip


def redirect_parcel(order: Order, no: int, by: By, **wishes: Any) -> None:
    """Another day, slot or sealed address for a parcel of a locked order that has not left."""
    with transaction.atomic():
        if not Destination.objects.filter(order=order, no=no).update(**wishes):
            raise NotFound(_("There is no such recipient."))
        shown = {k: str(v) for k, v in wishes.items() if k in {"delivery_date", "delivery_slot"}}
        note(order, "redirected", by=by, facts={"no": no, **shown})


def lock(order_id: UUID) -> Order:
    """The order, held until the end of the caller's transaction. Raises NotFound."""
    order: Order | None = Order.objects.select_for_update().filter(id=order_id).first()
    if order is None:
        raise NotFound(_("There is no such order."))
    return order


def move(order: Order, kind: str, by: By, **to: str) -> None:
    """Changes states (`payment="captured"`) of a locked order, one event for each that changes.

    Raises Refused when a machine does not allow it.
    """
    events = []
    for machine, state in to.items():
        was = getattr(order, machine)
        if was == state:
            continue
        if not may_move(machine, was, state):
            raise Refused(_("The order has changed meanwhile. Please look at it again."))
        setattr(order, machine, state)
        events.append(
            OrderEvent.here(
                order=order,
                kind=kind,
                machine=machine,
                was=was,
                became=state,
                by_kind=by.kind,
                by_id=by.id,
            )  # fmt: skip
        )
    order.save(update_fields=list(to))
    OrderEvent.objects.bulk_create(events)


def note(order: Order, kind: str, *, by: By, facts: dict[str, object] | None = None) -> None:
    """An event that moves no state."""
    OrderEvent.objects.create(
        order=order, kind=kind, facts=facts or {}, by_kind=by.kind, by_id=by.id
    )


def put_on_hold(order_id: UUID, on_hold: bool, *, flag: str, by: By) -> None:
    """保留: an order on hold is not shipped until somebody lets it go."""
    with transaction.atomic():
        order = lock(order_id)
        order.on_hold, order.flag = on_hold, flag
        order.save(update_fields=["on_hold", "flag"])
        note(order, "held" if on_hold else "let_go", by=by, facts={"flag": flag})


def adopt(record_ids: Sequence[UUID], member_id: UUID) -> int:
    """Gives a guest's orders to the member who proved to be that person. How many there were."""
    with transaction.atomic():
        found = list(
            Order.objects.select_for_update().filter(record_id__in=record_ids, member_id=None)
        )
        Order.objects.filter(id__in=[order.pk for order in found]).update(member_id=member_id)
        for order in found:
            note(order, "adopted", by=By("shopper", member_id))
        return len(found)

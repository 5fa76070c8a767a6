"""The letters that an order brings with it. Each is rendered from what the shop knows, and posted
once: the guard knows to whom."""

from uuid import UUID

from lockstitch.fulfilment.queries import shipment_of
from lockstitch.fulfilment.rules import CARRIERS, SLOTS
from lockstitch.orders.letters import whole, write_to_buyer
from lockstitch.payments.queries import payment_of
from lockstitch.pricing.queries import terms


def confirm_order(order_id: UUID) -> None:
    order = whole(order_id)
    write_to_buyer(
        order, "placed", payment=payment_of(order), terms=terms(),
        slot=SLOTS[order.first.delivery_slot],
    )  # fmt: skip


def confirm_amendment(order_id: UUID) -> None:
    order = whole(order_id)
    write_to_buyer(order, "amended", once=f"{order.id}:{order.revision}")


def confirm_shipment(order_id: UUID) -> None:
    order = whole(order_id)
    shipment = shipment_of(order)
    if shipment is None:
        raise LookupError(f"order {order.number} has no shipment")
    carrier = CARRIERS[shipment.carrier]
    write_to_buyer(
        order, "shipped", shipment=shipment, carrier=carrier,
        track=carrier.track.format(shipment.tracking_number),
    )  # fmt: skip


def confirm_cancellation(order_id: UUID) -> None:
    write_to_buyer(whole(order_id), "cancelled")

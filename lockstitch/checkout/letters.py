"""The letters that an order brings with it. Each is rendered from what the shop knows, and posted
once: the guard knows to whom."""

from uuid import UUID

from lockstitch.fulfilment.rules import SLOTS
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


def confirm_cancellation(order_id: UUID) -> None:
    write_to_buyer(whole(order_id), "cancelled")

"""What the buyer is told of a return."""

from uuid import UUID

from lockstitch.orders.letters import whole, write_to_buyer
from lockstitch.returns.models import Return


def _tell(return_id: UUID, state: str) -> None:
    found: Return = Return.objects.get(id=return_id)
    template = f"return_{state}"
    write_to_buyer(whole(found.order_id), template, once=str(found.id), ret=found)


def confirm_request(return_id: UUID) -> None:
    _tell(return_id, "asked")


def approve(return_id: UUID) -> None:
    _tell(return_id, "approved")


def refuse(return_id: UUID) -> None:
    _tell(return_id, "refused")


def close(return_id: UUID) -> None:
    _tell(return_id, "closed")

"""Who operates what."""

from uuid import UUID

from lockstitch.access.models import Operator


def find_operator(operator_id: UUID) -> Operator | None:
    """The operator, when still active."""
    return Operator.objects.filter(id=operator_id, active=True).first()


def handles(operator_ids: list[UUID]) -> dict[UUID, str]:
    return dict(Operator.objects.filter(id__in=operator_ids).values_list("id", "handle"))

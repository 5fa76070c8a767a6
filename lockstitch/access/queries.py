"""Who operates what."""

from uuid import UUID

from lockstitch.access.models import Operator
from lockstitch.access.rules import VERBS, may


def find_operator(operator_id: UUID) -> Operator | None:
    """The operator, when still active."""
    return Operator.objects.filter(id=operator_id, active=True).first()


def handles(operator_ids: list[UUID]) -> dict[UUID, str]:
    return dict(Operator.objects.filter(id__in=operator_ids).values_list("id", "handle"))


def has_colleague(site_id: UUID, operator_id: UUID) -> bool:
    """Whether somebody else there may move money."""
    roles = [role for role in VERBS if may(role, "orders.pay")]
    return (
        Operator.objects.filter(active=True, site_ids__contains=[site_id], role__in=roles)
        .exclude(id=operator_id)
        .exists()
    )

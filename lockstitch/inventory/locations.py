"""Setting up where goods are."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.inventory.models import Location, Stock
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.tenancy.scope import current_site_id

FIELDS = (
    "name", "kind", "position", "sells_online", "buffer", "pickup", "pickup_days", "prefecture",
    "address", "hours",
)  # fmt: skip


def keep_location(code: str, **values: object) -> Location:
    """Adds a location, or changes the one of this code; `values` are of FIELDS.

    Raises Refused when goods would be due, or in the house, that were not.
    """
    if unknown := set(values) - set(FIELDS):
        raise ValueError(f"not a field of a location: {unknown}")
    with transaction.atomic():
        was = Location.objects.filter(code=code).first()
        if (
            was is not None
            and values.get("kind", was.kind) != was.kind
            and "due" in (values["kind"], was.kind)
            and Stock.objects.filter(location=was, on_hand__gt=0).exists()
        ):
            raise Refused(_("There are goods at this location: its kind stays."))
        location: Location = Location.objects.update_or_create(
            site_id=current_site_id(), code=code, defaults=values
        )[0]
    return location


def close_location(location_id: UUID) -> None:
    """No longer sold from. Raises Refused while goods are there."""
    with transaction.atomic():
        location = Location.objects.select_for_update().filter(id=location_id).first()
        if location is None:
            raise NotFound(_("There is no such location."))
        if Stock.objects.filter(location=location, on_hand__gt=0).exists():
            raise Refused(_("There are still goods at this location."))
        location.active = False
        location.save(update_fields=["active"])

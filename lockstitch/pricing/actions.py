"""Setting a site's terms."""

from typing import Any

from django.db import transaction

from lockstitch.pricing.models import Terms
from lockstitch.tenancy.scope import current_site_id


def set_terms(**values: Any) -> None:
    with transaction.atomic():
        Terms.objects.update_or_create(site_id=current_site_id(), defaults=values)

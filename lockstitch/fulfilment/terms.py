"""Setting how the site sends."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.fulfilment.calendar import REGION_OF
from lockstitch.fulfilment.models import DispatchTerms
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.scope import current_site_id


def set_dispatch_terms(**values: Any) -> None:
    """`values` are columns of DispatchTerms. Raises Refused for a prefecture that is none."""
    named = {values.get("origin", "東京都"), *values.get("transit", {})}
    if unknown := named - set(REGION_OF):
        raise Refused(_("Not a prefecture: %(name)s") % {"name": min(unknown)})
    with transaction.atomic():
        DispatchTerms.objects.update_or_create(site_id=current_site_id(), defaults=values)

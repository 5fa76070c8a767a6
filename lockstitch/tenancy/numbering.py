"""Rows that are known by a number, each site's from 1 on."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.models import TenantModel

TRIES = 5


def add_numbered[M: TenantModel](model: type[M], **values: Any) -> M:
    """A new row with its site's next number. Raises Refused when others are always quicker."""
    for _attempt in range(TRIES):
        last = model.objects.aggregate(most=Max("number"))["most"] or 0
        try:
            with transaction.atomic():
                row: M = model.here(number=last + 1, **values)
                row.save(force_insert=True)
                return row
        except IntegrityError:
            continue  # somebody else took that number
    raise Refused(_("Please try again."))

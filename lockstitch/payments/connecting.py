"""Which ways to pay a site offers through which provider."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.payments.models import Connection
from lockstitch.payments.rules import METHODS_OF

KONBINI_DAYS_MAX = 60


def connect(
    provider: str, *, by: UUID, methods: Sequence[str] | None = None, last4: str | None = None,
    konbini_days: int | None = None,
) -> None:  # fmt: skip
    """Keeps what is not None; the key itself is the guard's.

    Raises Refused for a method that the provider does not have, or that another one offers.
    """
    with transaction.atomic():
        row, _made = Connection.objects.get_or_create(provider=provider)
        if methods is not None:
            if not set(methods) <= set(METHODS_OF[provider]):
                raise Refused(_("This provider does not offer that way to pay."))
            row.methods = [method for method in METHODS_OF[provider] if method in methods]
        if konbini_days is not None:
            row.konbini_days = min(max(1, konbini_days), KONBINI_DAYS_MAX)
        row.last4 = row.last4 if last4 is None else last4
        row.changed_at, row.changed_by = now(), by
        row.save()

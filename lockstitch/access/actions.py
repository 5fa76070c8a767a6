"""Handing a sign-in from the desk to the shop, and the console's list of operators."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from lockstitch.access.models import Handover, Operator
from lockstitch.kernel.clock import now
from lockstitch.kernel.ids import digest, new_token

HANDOVER_LIVES = dt.timedelta(seconds=60)


def begin_handover(*, host: str, kind: str, principal_id: UUID, session_id: UUID) -> str:
    """A code for the browser to carry to the shop, good once and for a minute."""
    code = new_token()
    with transaction.atomic():
        Handover.objects.create(
            code_digest=digest(code), host=host, kind=kind, principal_id=principal_id,
            session_id=session_id, expires_at=now() + HANDOVER_LIVES,
        )  # fmt: skip
    return code


def finish_handover(code: str, *, host: str) -> Handover | None:
    """Once; None when the code is used, old, or for another host."""
    with transaction.atomic():
        Handover.objects.filter(expires_at__lt=now()).delete()
        found = (
            Handover.objects.select_for_update().filter(code_digest=digest(code), host=host).first()
        )
        if found is None:
            return None
        found.delete()
        return found


def end_sessions(
    *, operator_id: UUID | None = None, site_id: UUID | None = None, company_id: UUID | None = None,
    but: UUID | None = None,
) -> None:  # fmt: skip
    """Those that operators have at the console so far: of one, a site's, a company's, or of all,
    except those of `but`. The guard ends the desk's."""
    found = Operator.objects.exclude(id=but) if but else Operator.objects.all()
    if operator_id:
        found = found.filter(id=operator_id)
    if site_id:
        found = found.filter(site_ids__contains=[site_id])
    if company_id:
        found = found.filter(company_id=company_id)
    found.update(sessions_from=now())


def list_operator(
    *, operator_id: UUID, company_id: UUID | None, handle: str, role: str, site_ids: list[UUID],
    active: bool = True,
) -> None:  # fmt: skip
    """Copies what the console needs of the guard's registry."""
    with transaction.atomic():
        Operator.objects.update_or_create(
            id=operator_id,
            defaults={
                "company_id": company_id, "handle": handle, "role": role, "site_ids": site_ids,
                "active": active,
            },
        )  # fmt: skip

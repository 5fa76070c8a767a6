"""返金ファイル: drafted by one, approved by two, made at the desk, and marked as sent."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lockstitch.console.views.payments import done
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.errors import Refused
from lockstitch.payments import remitting

SENDER = ("code", "name", "bank", "branch", "kind", "number")


@require_POST
@at_site("orders.pay")
def draft(request: WorkRequest) -> HttpResponse:
    sender = {name: request.POST.get(name, "").strip()[:60] for name in SENDER}

    def deed() -> None:
        try:
            day = parse_date(request.POST.get("day", ""))
        except ValueError:
            day = None
        if day is None:
            raise Refused(_("Choose the day of the transfer."))
        remitting.draft(day, sender, request.worker.id)

    return done(request, deed)


@require_POST
@at_site("orders.pay")
def approve(request: WorkRequest, batch_id: UUID) -> HttpResponse:
    return done(request, lambda: remitting.approve(batch_id, request.worker.id))


@require_POST
@at_site("orders.pay")
def drop(request: WorkRequest, batch_id: UUID) -> HttpResponse:
    return done(request, lambda: remitting.drop(batch_id))


@require_POST
@at_site("orders.pay")
def sent(request: WorkRequest, batch_id: UUID) -> HttpResponse:
    return done(request, lambda: remitting.sent(batch_id, request.worker.by))

"""Signing in by the desk's code, and the day's first page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lockstitch.access import actions as access
from lockstitch.console.worker import WorkRequest, begin_work, signed_in
from lockstitch.orders.queries import counts
from lockstitch.payments.queries import attention_count
from lockstitch.tenancy.scope import scope


@never_cache
@require_safe
def begin(request: WorkRequest) -> HttpResponse:
    host = request.get_host().partition(":")[0]
    found = access.finish_handover(request.GET.get("code", "")[:64], host=host)
    if found is None or found.kind not in {"operator", "staff"}:
        return redirect(f"{request.desk_origin}/sign-in/")
    request.session.cycle_key()
    begin_work(request, found.principal_id, found.session_id)
    if found.kind == "staff":
        return redirect(f"{request.desk_origin}/staff/")
    return redirect("today")


@require_POST
def end(request: WorkRequest) -> HttpResponse:
    request.session.flush()
    return redirect(f"{request.desk_origin}/signed-out/")


@require_safe
@signed_in
def today(request: WorkRequest) -> HttpResponse:
    """What needs hands now, at each shop; every figure opens its list."""
    if request.worker.role == "staff":
        return redirect(f"{request.desk_origin}/staff/")
    rows = []
    for site in request.work_sites:
        with scope(site.id):
            rows.append((site, {**counts(), "alarms": attention_count()}))
    return render(request, "console/today.html", {"rows": rows})

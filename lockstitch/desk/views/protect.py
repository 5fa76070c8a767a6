"""緊急対応: an owner stops what may be a break-in at their shop, at once."""

from typing import cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lockstitch.desk.views.frames import site_of_operator
from lockstitch.desk.views.labels import at_the_desk
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

ACTIONS = ("freeze", "sessions")  # the platform lifts what was stopped


@never_cache
@require_http_methods(METHODS)
@at_the_desk
def show(request: SiteRequest, slug: str) -> HttpResponse:
    with site_of_operator(request, slug) as site:
        who, action = caller(request), request.POST.get("action", "")
        if request.method == "POST" and action in ACTIONS:
            wanted = cast(reading.Action, action)
            reading.ask(who, reading.Contain(action=wanted, site_id=site.id))
            return redirect(request.path)
        rehearsal = reading.Contain(action="sessions", site_id=site.id, dry_run=True)
        state = reading.ask(who, rehearsal)
        context = {"work_site": site, "state": state}
        return render(request, "desk/protect.html", context)

"""緊急対応: what may be a break-in is stopped at once; an owner's shop, by staff any or all."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lockstitch.access import actions as access
from lockstitch.desk.views.frames import site_of_operator
from lockstitch.desk.views.labels import at_the_desk
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller
from lockstitch.sealed import reading
from lockstitch.tenancy.queries import Site, all_sites
from lockstitch.tenancy.requests import SiteRequest

ACTIONS = ("freeze", "sessions", "credentials", "providers")  # the platform lifts what was stopped
OF_STAFF = (*ACTIONS, "thaw")
MINUTES_MAX = 60 * 24 * 365


@never_cache
@require_http_methods(METHODS)
@at_the_desk
def show(request: SiteRequest, slug: str) -> HttpResponse:
    with site_of_operator(request, slug) as site:
        who, action = caller(request), request.POST.get("action", "")
        invited: list[tuple[str, str]] = []
        if request.method == "POST" and action in ACTIONS:
            done = _contain(who, _asked(action, site.id))
            if not done.invited:
                return redirect(request.path)
            invited = _links(request, done)
        context = {
            "work_site": site, "invited": invited,
            "state": reading.ask(who, _asked("sessions", site.id, rehearse=True)),
            "keys": reading.ask(who, _asked("providers", site.id, rehearse=True)).keys,
            "armed": len(reading.ask(who, _asked("credentials", site.id, rehearse=True)).invited),
            "spent": _spent(request, site),
        }  # fmt: skip
        return render(request, "desk/protect.html", context)


def _asked(action: str, site_id: UUID | None, *, rehearse: bool = False) -> reading.Contain:
    return reading.Contain(action=cast(reading.Action, action), site_id=site_id, dry_run=rehearse)


def _contain(who: reading.Caller, ask: reading.Contain) -> reading.Contained:
    done = reading.ask(who, ask)
    if ask.action in ("sessions", "credentials"):
        own = reading.ask(who, reading.WhoAmI()).principal_id
        access.end_sessions(site_id=ask.site_id, but=own)
    return done


def _links(request: SiteRequest, done: reading.Contained) -> list[tuple[str, str]]:
    """Where each enrols anew; shown this once."""
    origin = request.desk_origin
    return [(one.handle, f"{origin}/enrol/{one.token}/") for one in done.invited]


def _spent(request: SiteRequest, site: Site) -> bool:
    rows = reading.ask(caller(request), reading.ListProviders(site_id=site.id)).rows
    return any(row.spent for row in rows)


@never_cache
@require_http_methods(METHODS)
@at_the_desk
def platform(request: SiteRequest) -> HttpResponse:
    """For staff: every shop, all of them, and who is let in at all."""
    who = caller(request)
    if reading.ask(who, reading.WhoAmI()).kind != "staff":
        raise Http404
    sites = all_sites()
    invited: list[tuple[str, str]] = []
    if request.method == "POST":
        done = _contain(who, _of_form(request, sites))
        if not done.invited:
            return redirect(request.path)
        invited = _links(request, done)
    holds = reading.ask(who, reading.ListHolds())
    context: dict[str, Any] = {
        "sites": sites, "holds": holds, "staff": True, "invited": invited, "actions": OF_STAFF,
        "frozen": [site for site in sites if site.id in holds.sites],
    }  # fmt: skip
    return render(request, "desk/staff_protect.html", context)


def _of_form(request: SiteRequest, sites: list[Site]) -> reading.Contain:
    """Raises reading.Denied for what makes no sense."""
    action, reach = request.POST.get("action", ""), request.POST.get("site", "")
    if action in ("block", "unblock"):
        minutes = request.POST.get("minutes", "")
        return reading.Contain(
            action=cast(reading.Action, action), source=request.POST.get("source", "")[:60],
            minutes=min(int(minutes), MINUTES_MAX) if minutes.isdecimal() else None,
        )  # fmt: skip
    if action == "thaw" and "operator" in request.POST:
        return reading.Contain(action="thaw", principal_id=_uuid(request.POST["operator"]))
    site = next((site for site in sites if site.slug == reach), None)
    if action not in OF_STAFF or (site is None and reach != "*"):
        raise reading.Denied("invalid")
    return _asked(action, site.id if site else None)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise reading.Denied("invalid") from None

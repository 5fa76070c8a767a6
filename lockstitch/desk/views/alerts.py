"""アラート: what the watch found, with its evidence, and that somebody has seen to it."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.desk.views.frames import framed
from lockstitch.desk.views.labels import at_the_desk
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller
from lockstitch.looks.words_watch import RULE_WORDS, SEVERITY_WORDS
from lockstitch.sealed import reading
from lockstitch.tenancy.queries import Site, all_sites, sites_of
from lockstitch.tenancy.requests import SiteRequest

PAGE = 50


def _mine(request: SiteRequest) -> tuple[reading.Identity, dict[UUID, Site]]:
    """Who asks, and the sites whose alerts are theirs."""
    me = reading.ask(caller(request), reading.WhoAmI())
    sites = all_sites() if me.kind == "staff" else sites_of(me.site_ids)
    return me, {site.id: site for site in sites}


@never_cache
@require_safe
@at_the_desk
def listing(request: SiteRequest) -> HttpResponse:
    me, sites = _mine(request)
    asked = {name: request.GET.get(name, "")[:60] for name in ("site", "severity", "rule", "all")}
    wanted = next((site for site in sites.values() if site.slug == asked["site"]), None)
    severity = asked["severity"] if asked["severity"] in SEVERITY_WORDS else None
    before = request.GET.get("before", "")
    page = reading.ask(
        caller(request),
        reading.ListAlerts(
            site_id=wanted.id if wanted else None,
            severity=cast(reading.Severity | None, severity),
            rule=asked["rule"] if asked["rule"] in RULE_WORDS else "", handled=bool(asked["all"]),
            before=int(before) if before.isdecimal() and len(before) < 18 else None, limit=PAGE,
        ),
    )  # fmt: skip
    kept = {name: value for name, value in asked.items() if value}
    older = str(page.alerts[-1].alert_id) if page.alerts else ""
    more = urlencode({**kept, "before": older}) if page.more else ""
    context = {
        "rows": [_row(alert, sites) for alert in page.alerts], "open": page.open, "more": more,
        "here": urlencode(kept), "asked": asked, "sites": list(sites.values()),
        "severities": SEVERITY_WORDS, "rules": RULE_WORDS, "staff": me.kind == "staff",
        "newest": not before,
    }  # fmt: skip
    return render(request, "desk/alerts.html", context)


@never_cache
@require_http_methods(METHODS)
@at_the_desk
def show(request: SiteRequest, alert_id: int) -> HttpResponse:
    if alert_id >= 1 << 63:  # more than a number of the database can be
        raise Http404
    me, sites = _mine(request)
    if request.method == "POST":
        note = request.POST.get("note", "").strip()[:500]
        reading.ask(caller(request), reading.HandleAlert(alert_id=alert_id, note=note))
        return redirect("alerts")
    found = reading.ask(caller(request), reading.ListAlerts(alert_id=alert_id)).alerts
    if not found:
        raise Http404
    names = {"staff": "Lockstitch", "cli": "lockstitch"}
    if found[0].handled_by:
        known = reading.ask(caller(request), reading.ListOperators()).operators
        names |= {str(row.operator_id): row.handle for row in known}
    context = {
        **_row(found[0], sites), "staff": me.kind == "staff",
        "evidence": [(name, _said(value)) for name, value in found[0].evidence.items() if value],
        "handled_by": names.get(found[0].handled_by or "", found[0].handled_by),
    }  # fmt: skip
    return render(request, "desk/alert.html", context)


@never_cache
@require_safe
@framed
def count(request: SiteRequest, slug: str) -> HttpResponse:
    """For the console's first page, in a frame: the shop's process knows of no alert."""
    _me, sites = _mine(request)
    site = next((site for site in sites.values() if site.slug == slug), None)
    if site is None:
        raise Http404
    ask = reading.ListAlerts(site_id=site.id, limit=1)
    context = {"work_site": site, "open": reading.ask(caller(request), ask).open}
    return render(request, "desk/frame_alerts.html", context)


def _row(alert: reading.Alert, sites: dict[UUID, Site]) -> dict[str, Any]:
    site = sites.get(alert.site_id) if alert.site_id else None
    return {"alert": alert, "site_of": site, "deeds": alert.action.split()}


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

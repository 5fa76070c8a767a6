"""Cases of break-ins, for the platform's staff: whose data, the drafts, the letters."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.content.actions import publish_notice, publish_platform_notice
from lockstitch.content.queries import Notice, latest_notice, platform_notice_history
from lockstitch.desk.incident_forms import FactsForm, IndicatorForm, OpenForm
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.views.staff import need_staff
from lockstitch.desk.visitor import caller
from lockstitch.disclosure.documents import BY_ID, KINDS, LANGUAGES, html, page, pdf
from lockstitch.disclosure.drafts import draft as make_draft
from lockstitch.disclosure.figures import field_words, figures, touched_of
from lockstitch.disclosure.letters import letter
from lockstitch.kernel.clock import JST, now
from lockstitch.kernel.errors import Refused
from lockstitch.sealed import reading
from lockstitch.sealed.assessments import SiteSets
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.tenancy.scope import scope

PER_PAGE = 50
NOTICE = {"ja": "個人情報に関する重要なお知らせ", "en": "Important notice about personal data"}
SHAPES = ("html", "pdf", "md")
WRITTEN_TO: tuple[Literal["disclosed", "in_flight", "cannot_be_excluded"], ...] = (
    "disclosed", "in_flight", "cannot_be_excluded",
)  # fmt: skip


def for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Others learn only that there is no such page; who is signed out signs in."""

    @wraps(view)
    def checked(request: SiteRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            need_staff(request)
            return view(request, *args, **kwargs)
        except reading.Denied as denied:
            if denied.code == "session":
                return redirect("operator_sign_in")
            raise Http404 from None

    return checked


@never_cache
@require_http_methods(METHODS)
@for_staff
def cases(request: SiteRequest) -> HttpResponse:
    alert = request.GET.get("alert", "")[:18]
    form = OpenForm(request.POST or None, initial={"title": f"#{alert}" if alert else ""})
    if form.is_valid():
        [case] = reading.ask(caller(request), reading.OpenIncident(**form.cleaned_data)).incidents
        return redirect("incident", case.incident_id)
    before = request.GET.get("before", "")
    ask = reading.GetIncidents(before=UUID(before) if before else None, limit=PER_PAGE)
    found = reading.ask(caller(request), ask)
    context = {"form": form, "cases": found.incidents, "more": found.more}
    return render(request, "desk/incidents.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(METHODS)
@for_staff
def case(request: SiteRequest, incident_id: UUID) -> HttpResponse:
    """A POST assesses anew: earlier answers stay with the case's ledger entries."""
    shown = _case(request, incident_id)
    form = IndicatorForm(request.POST or None, initial=_initial())
    if form.is_valid():
        ask = reading.Assess(indicators=form.indicators(), incident_id=incident_id)
        begun = reading.ask(caller(request), ask)
        return redirect(f"{request.path}?assessment={begun.assessment_id}")
    return _page(request, shown, form)


@require_POST
@for_staff
def state_facts(request: SiteRequest, incident_id: UUID) -> HttpResponse:
    form = FactsForm(request.POST)
    if form.is_valid():
        ask = reading.StateFacts(incident_id=incident_id, facts=form.cleaned_data)
        reading.ask(caller(request), ask)
    return redirect("incident", incident_id)


@never_cache
@require_safe
@for_staff
def draft(request: SiteRequest, incident_id: UUID, kind: str, lang: str) -> HttpResponse:
    """As a page of the desk, or as a file: `?as=html`, `pdf` or `md`; `?site=` one shop's."""
    shown, found = _assessed(request, incident_id)
    if kind not in BY_ID or lang not in LANGUAGES:
        raise Http404
    site = _site_of(found, request.GET.get("site"))
    if BY_ID[kind].of_site and site is None:
        raise Http404
    text = make_draft(BY_ID[kind], lang, shown, found, site.site_id if site else None)
    shape = request.GET.get("as", "")
    if shape in SHAPES:
        made: str | bytes = text
        if shape != "md":
            made = pdf(text, lang) if shape == "pdf" else page(text, lang, shown.title)
        types = {"html": "text/html", "pdf": "application/pdf", "md": "text/markdown"}
        answer = HttpResponse(made, content_type=f"{types[shape]}; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{kind}-{lang}.{shape}"'
        return answer
    context = {"case": shown, "body": html(text), "kind": BY_ID[kind], "lang": lang, "site": site}
    return render(request, "desk/draft.html", context)


@require_POST
@for_staff
def send(request: SiteRequest, incident_id: UUID) -> HttpResponse:
    """Once to each person, however often it is pressed."""
    shown, found, site = _of_shop(request, incident_id)
    subject, body = letter({lang: figures(shown, found, lang) for lang in LANGUAGES})
    ask = reading.SendNotices(
        incident_id=incident_id, site_id=site.site_id, subject=subject, body=body,
        kinds=[each for each in WRITTEN_TO if getattr(site, each).people],
        words=field_words("ja"),
    )  # fmt: skip
    reading.ask(caller(request), ask)
    return redirect("incident", incident_id)


@require_POST
@for_staff
def publish(request: SiteRequest, incident_id: UUID) -> HttpResponse:
    """The public notice, with this shop's figures, on the shop; pressed again, a new text of it."""
    shown, found, site = _of_shop(request, incident_id)
    kind = BY_ID["public-notice"]
    texts = {lang: make_draft(kind, lang, shown, found, site.site_id) for lang in LANGUAGES}
    with scope(site.site_id):
        publish_notice(
            case_id=incident_id, title=NOTICE,
            body={lang: html(text) for lang, text in texts.items()},
        )  # fmt: skip
    return redirect("incident", incident_id)


@require_POST
@for_staff
def publish_on_platform(request: SiteRequest, incident_id: UUID) -> HttpResponse:
    """The same of all shops together, on the platform's own page."""
    shown, found = _assessed(request, incident_id)
    kind = BY_ID["public-notice"]
    publish_platform_notice(
        case_id=incident_id, title=NOTICE,
        body={lang: html(make_draft(kind, lang, shown, found, None)) for lang in LANGUAGES},
    )  # fmt: skip
    return redirect("incident", incident_id)


def _published(incident_id: UUID, sites: Sequence[SiteSets]) -> dict[UUID, Notice | None]:
    """The latest text on each shop."""
    found = {}
    for site in sites:
        with scope(site.site_id):
            found[site.site_id] = latest_notice(incident_id)
    return found


def _page(request: SiteRequest, shown: reading.Incident, form: IndicatorForm) -> HttpResponse:
    who, found, running, refusal = caller(request), None, None, ""
    wanted = request.GET.get("assessment")
    try:
        if wanted:
            latest = reading.ask(who, reading.GetAssessment(assessment_id=UUID(wanted)))
            running = latest if latest.state != "done" else None
        if shown.assessment_id:
            ask = reading.GetAssessment(assessment_id=shown.assessment_id)
            found = reading.ask(who, ask)
        run = reading.ask(who, reading.GetNotices(incident_id=shown.incident_id)).sites
    except ValueError:
        raise Http404 from None
    except Refused as refused:
        refusal, run = str(refused), []
    lang = "ja" if request.LANGUAGE_CODE.startswith("ja") else "en"
    touched = touched_of(found.sites) if found else []
    context = {
        "case": shown, "form": form, "running": running, "found": found, "refusal": refusal,
        "figures": figures(shown, found, lang) if found else None,
        "platform_notice": next(iter(platform_notice_history(shown.incident_id)), None),
        "touched": touched, "published": _published(shown.incident_id, touched),
        "facts_form": FactsForm(initial=shown.facts), "notices": {n.site_id: n for n in run},
        "kinds": [kind for kind in KINDS if not kind.of_site],
        "languages": LANGUAGES, "shapes": SHAPES,
    }  # fmt: skip
    return render(request, "desk/incident.html", context, status=422 if form.errors else 200)


def _case(request: SiteRequest, incident_id: UUID) -> reading.Incident:
    """Raises Denied."""
    [found] = reading.ask(caller(request), reading.GetIncidents(incident_id=incident_id)).incidents
    return found


def _assessed(
    request: SiteRequest, incident_id: UUID
) -> tuple[reading.Incident, reading.Assessment]:
    shown = _case(request, incident_id)
    if shown.assessment_id is None:
        raise Http404
    ask = reading.GetAssessment(assessment_id=shown.assessment_id)
    return shown, reading.ask(caller(request), ask)


def _of_shop(
    request: SiteRequest, incident_id: UUID
) -> tuple[reading.Incident, reading.Assessment, SiteSets]:
    """A case, its answer, and of it the shop that a button stands for."""
    shown, found = _assessed(request, incident_id)
    site = _site_of(found, request.POST.get("site"))
    if site is None:
        raise Http404
    return shown, found, site


def _site_of(found: reading.Assessment, site_id: str | None) -> SiteSets | None:
    return next((site for site in found.sites if str(site.site_id) == site_id), None)


def _initial() -> dict[str, str]:
    """The last day, up to the next full hour."""
    moment = now().astimezone(JST).replace(minute=0) + timedelta(hours=1)
    return {
        "since": f"{moment - timedelta(days=1):%Y-%m-%dT%H:%M}", "until": f"{moment:%Y-%m-%dT%H:%M}"
    }  # fmt: skip

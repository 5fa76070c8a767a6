"""メール: the shop's own letters with a preview, and campaigns."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.console.offer_forms import CampaignForm, LetterForm, in_japan
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.crm import actions as crm
from lockstitch.crm import queries
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.text import LANGUAGES
from lockstitch.mailing import actions as mailing
from lockstitch.mailing.queries import Message, preview, templates, written
from lockstitch.mailing.rules import LETTERS, PERSONAL, SAMPLES, Unfit, Written, check


@require_safe
@at_site("letters.see")
def listing(request: WorkRequest) -> HttpResponse:
    own = templates()
    rows = [
        (name, [(language, (name, language) in own) for language in LANGUAGES])
        for name in LETTERS
        if name != "campaign"  # each campaign brings its own
    ]
    return render(request, "console/letters.html", {"rows": rows, "reminded": queries.reminded()})


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("letters.see")
def letter(request: WorkRequest, name: str, language: str) -> HttpResponse:
    if name not in LETTERS or language not in LANGUAGES:
        raise Http404
    own, may_edit = written(name, language), request.worker.may("letters.edit")
    initial = {"subject": own.subject, "text": own.text, "html": own.html} if own else None
    form = LetterForm(request.POST or None, initial=initial)
    shown = _shown(own, name, language, request) if own else None
    if request.method == "POST" and may_edit and "drop" in request.POST:
        mailing.drop_template(name, language)
        return redirect("console_letters", request.work_site.slug)
    if request.method == "POST" and form.is_valid():
        typed = Written(**form.cleaned_data)
        try:
            check(typed, name)
            shown = _shown(typed, name, language, request)
            if may_edit and "keep" in request.POST:
                mailing.keep_template(name, language, typed, by=request.worker.id)
                return redirect(request.path)
        except (Refused, Unfit) as unfit:
            form.add_error(None, str(unfit))
    context = {
        "form": form, "name": name, "language": language, "own": own, "shown": shown,
        "may_edit": may_edit, "placeholders": _names(SAMPLES[name]), "personal": PERSONAL,
    }  # fmt: skip
    return render(request, "console/letter.html", context, status=422 if form.errors else 200)


def _shown(typed: Written, name: str, language: str, request: WorkRequest) -> Message | None:
    try:
        return preview(typed, name, language=language, shop=request.work_site.name)
    except Unfit:
        return None


def _names(sample: dict[str, Any], before: str = "") -> list[str]:
    """`order.number`, and for what is looped through `lines: name, size …`."""
    found = []
    for name, value in sample.items():
        if isinstance(value, dict):
            found += _names(value, f"{before}{name}.")
        elif isinstance(value, list):
            found.append(f"{before}{name}: {', '.join(value[0])}")
        else:
            found.append(before + name)
    return found


@require_safe
@at_site("letters.see")
def campaigns(request: WorkRequest) -> HttpResponse:
    return render(request, "console/campaigns.html", {"campaigns": queries.campaigns()})


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("letters.see")
def campaign(request: WorkRequest, campaign_id: UUID | None = None) -> HttpResponse:
    found = queries.find_campaign(campaign_id) if campaign_id else None
    if campaign_id and found is None:
        raise Http404
    form = CampaignForm(request.POST or None, initial=_typed(found) if found else None)
    segments: Any = form.fields["segment"]
    segments.choices = [(str(one.id), one.name) for one in queries.segments()]
    if request.method == "POST" and request.worker.may("letters.edit") and form.is_valid():
        data = form.cleaned_data
        try:
            kept = crm.save_campaign(
                campaign_id, segment_id=UUID(data["segment"]), name=data["name"],
                purpose=data["purpose"], per_minute=data["per_minute"], texts=_texts(data),
                by=request.worker.id,
            )  # fmt: skip
            return redirect("console_campaign", request.work_site.slug, kept.id)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, found, form)


@require_POST
@at_site("letters.edit")
def move(request: WorkRequest, campaign_id: UUID) -> HttpResponse:
    found = queries.find_campaign(campaign_id)
    if found is None:
        raise Http404
    to, at = request.POST.get("to", ""), request.POST.get("starts_at", "")
    try:
        crm.move_campaign(campaign_id, to, starts_at=in_japan(_moment(at)))
    except Refused as refused:
        form = CampaignForm(initial=_typed(found))
        return _page(request, found, form, refusal=str(refused))
    return redirect("console_campaign", request.work_site.slug, campaign_id)


def _moment(text: str) -> Any:
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Refused(_("This is no day and time."))
    return found


def _page(
    request: WorkRequest, found: queries.Campaign | None, form: CampaignForm, *, refusal: str = ""
) -> HttpResponse:
    size = None
    if found is not None and found.state in ("draft", "scheduled"):
        size = queries.size(queries.criteria_of(found.segment), found.purpose)
    context = {
        "campaign": found, "form": form, "size": size, "refusal": refusal,
        "left_out": queries.left_out(found) if found else {},
        "may_edit": request.worker.may("letters.edit"),
    }  # fmt: skip
    status = 422 if refusal or form.errors else 200
    return render(request, "console/campaign.html", context, status=status)


def _texts(data: dict[str, Any]) -> dict[str, Written]:
    """Those languages in which something was written."""
    found = {}
    for language in LANGUAGES:
        parts = [data[f"{part}_{language}"] for part in ("subject", "text", "html")]
        if any(parts):
            found[language] = Written(*parts)
    return found


def _typed(found: queries.Campaign) -> dict[str, Any]:
    texts = {
        f"{part}_{language}": text
        for language, parts in found.texts.items()
        for part, text in parts.items()
    }
    return {
        "name": found.name, "segment": str(found.segment_id), "purpose": found.purpose,
        "per_minute": found.per_minute, **texts,
    }  # fmt: skip

"""決済設定: an owner hands a provider's keys to the guard. They are never shown again."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lockstitch.desk.views.frames import site_of_operator
from lockstitch.desk.views.security import proof_in, said
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.looks.words import METHOD_WORDS
from lockstitch.payments.connecting import connect
from lockstitch.payments.queries import connections
from lockstitch.payments.rules import METHODS_OF
from lockstitch.sealed import reading
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.requests import SiteRequest

NAMES = {"stripe": "Stripe", "link": _("Link-type provider")}
SECRETS = {"api": _("Secret key"), "webhook": _("Signing secret of notifications")}


class SecretForm(forms.Form):
    """The value is never written back into the page, also when it was refused."""

    provider = forms.ChoiceField(choices=list(NAMES.items()))
    name = forms.ChoiceField(choices=list(SECRETS.items()))
    value = forms.CharField(max_length=400, widget=forms.PasswordInput(render_value=False))


class OfferForm(forms.Form):
    provider = forms.ChoiceField(choices=list(NAMES.items()))
    methods = forms.MultipleChoiceField(
        required=False, choices=[(m, m) for methods in METHODS_OF.values() for m in methods]
    )
    konbini_days = forms.IntegerField(required=False, min_value=1, max_value=60)


@never_cache
@sensitive_post_parameters()
@require_http_methods(METHODS)
def show(request: SiteRequest, slug: str) -> HttpResponse:
    refusal = token = ""
    try:
        with site_of_operator(request, slug) as site:
            if request.method == "POST":
                refusal, token = _keep(request, site)
                if not refusal and not token:
                    return redirect(request.path)
            ask = reading.ListProviders(site_id=site.id)
            rows = reading.ask(caller(request), ask).rows
            seconds = reading.ask(caller(request), reading.GetSeconds(site_id=site.id))
            context = {
                "seconds": seconds, "waiting": [_named(row) for row in seconds.waiting],
                "work_site": site, "refusal": refusal, "token": token, "secrets": SECRETS,
                "providers": [_shown(site, name, rows) for name in NAMES],
            }  # fmt: skip
            return render(request, "desk/providers.html", context, status=422 if refusal else 200)
    except Refused as refused:
        if reading.is_signed_out(refused):
            return redirect("operator_sign_in")
        context = {"refusal": str(refused)}
        return render(request, "desk/providers.html", context, status=403)


def _keep(request: SiteRequest, site: Site) -> tuple[str, str]:
    """(what is wrong, empty when it is kept; a program's key that is shown once)."""
    me = reading.ask(caller(request), reading.WhoAmI())
    if me.role != "owner":
        raise reading.Denied("forbidden")
    secret, offer = SecretForm(request.POST), OfferForm(request.POST)
    try:
        if "second" in request.POST:
            return "", _second(request, site, me.principal_id)
        if "value" in request.POST and secret.is_valid():
            asked = secret.cleaned_data
            ask = reading.SetProviderSecret(site_id=site.id, **asked)
            kept = reading.ask(caller(request), ask)
            if asked["name"] == "api" and not kept.waits:
                connect(asked["provider"], by=me.principal_id, last4=asked["value"].strip()[-4:])
        elif "value" not in request.POST and offer.is_valid():
            asked = offer.cleaned_data
            ways = f"{','.join(asked['methods'])}:{asked['konbini_days'] or ''}"
            offers = reading.SetWaysToPay(site_id=site.id, provider=asked["provider"], ways=ways)
            if not reading.ask(caller(request), offers).waits:
                _offer(asked["provider"], ways, me.principal_id)
        else:
            return str(reading.SENTENCES["invalid"]), ""
    except Refused as refused:
        if reading.is_signed_out(refused):
            raise
        return _said(refused), ""
    return "", ""


def _second(request: SiteRequest, site: Site, me: UUID) -> str:
    """What concerns the second person: the rule itself, and what waits for them. A program's key
    that was made by it. Raises Refused."""
    what, who = request.POST["second"], caller(request)
    if what in ("on", "off"):
        reading.ask(who, reading.SetSecond(site_id=site.id, wanted=what == "on"))
        return ""
    waiting = reading.ask(who, reading.GetSeconds(site_id=site.id)).waiting
    row = next((row for row in waiting if str(row.second_id) == what), None)
    if row is None:
        raise reading.Denied("conflict")
    if "cancel" in request.POST:
        reading.ask(who, reading.CancelSecond(second_id=row.second_id))
        return ""
    approval = reading.ApproveSecond(second_id=row.second_id, proof=proof_in(request))
    done = reading.ask(who, approval)
    if done.deed == "provider.ways":
        _offer(done.provider, done.name, me)
    elif done.deed == "provider.secret" and done.name == "api":
        connect(done.provider, by=me, last4=done.last4)
    return done.token


def _ways(text: str) -> tuple[list[str], int | None]:
    """`card,konbini:3` -> the ways to pay, and the days to pay at a convenience store."""
    methods, _, days = text.partition(":")
    return [way for way in methods.split(",") if way], int(days) if days else None


def _offer(provider: str, ways: str, me: UUID) -> None:
    methods, days = _ways(ways)
    connect(provider, by=me, methods=methods, konbini_days=days)


def _said(refused: Refused) -> str:
    code = refused.code if isinstance(refused, reading.Denied) else ""
    sentences = {
        "conflict": _("There is nobody else to approve it, or it waits no longer."),
        "forbidden": _("Somebody else has to approve this, on another device."),
    }
    return str(sentences[code]) if code in sentences else said(refused)


def _named(row: reading.SecondRow) -> tuple[reading.SecondRow, object, object]:
    """What waits, with the provider, and the key or the ways to pay, in this page's words."""
    what: object = SECRETS.get(row.name, "")
    if row.deed == "provider.ways":
        what = "、".join(str(METHOD_WORDS.get(way, way)) for way in _ways(row.name)[0]) or "—"
    return row, NAMES.get(row.provider, ""), what


def _shown(site: Site, provider: str, rows: list[reading.ProviderRow]) -> dict[str, object]:
    scheme, port = ("https", "") if settings.SECURE else ("http", f":{settings.DESK_PORT}")
    connection = connections().get(provider)
    kept: dict[str, reading.ProviderRow] = {
        row.name: row for row in rows if row.provider == provider
    }
    offered = connection.methods if connection else []
    return {
        "code": provider, "name": NAMES[provider], "connection": connection,
        "secrets": [(name, label, kept.get(name)) for name, label in SECRETS.items()],
        "methods": [(m, METHOD_WORDS.get(m, m), m in offered) for m in METHODS_OF[provider]],
        "hook": f"{scheme}://desk.{site.hosts[0]}{port}/hooks/{provider}/",
        "ready": "api" in kept,
    }  # fmt: skip

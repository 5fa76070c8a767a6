"""Where payment providers ring. At the desk, because what they send may tell of persons; of all of
it only which object to look at is kept."""

from typing import cast

from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.payments.bells import bell_of
from lockstitch.payments.bells import ring as note_ring
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

SIGNATURES = {"stripe": "Stripe-Signature", "link": "Link-Signature"}


@csrf_exempt
@require_POST
def ring(request: SiteRequest, provider: str) -> HttpResponse:
    """400 for a wrong signature, 503 while the guard is away: then the provider rings again."""
    if provider not in SIGNATURES:
        raise Http404
    payload = request.body
    ask = reading.CheckWebhook(
        site_id=request.site.id, provider=cast(reading.Provider, provider), payload=payload,
        signature=request.headers.get(SIGNATURES[provider], ""),
    )  # fmt: skip
    try:
        reading.ask(caller(request), ask)
        note_ring(provider, bell_of(provider, payload))
    except reading.Unavailable:
        return HttpResponse("Later\n", status=503, content_type="text/plain")
    except (Refused, ValueError):
        return HttpResponse("No\n", status=400, content_type="text/plain")
    return HttpResponse("Thank you\n", content_type="text/plain")

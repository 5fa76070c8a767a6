"""Where browsers report what a page's policy forbade: a script that is not ours, on our page."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lockstitch.looks.doors import source_of
from lockstitch.sealed import signals

BYTES_MAX = 16_384
REPORTS_MAX = 10
WORD_MAX = 80
TYPES = ("application/csp-report", "application/reports+json", "application/json")


@csrf_exempt
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Both forms there are (`report-uri`, Reporting API). Kept is the rule that was broken, by
    which origin and on which page's first word: never an address with somebody's order in it."""
    length, kind = request.META.get("CONTENT_LENGTH") or "0", request.content_type
    if kind not in TYPES or int(length) > BYTES_MAX:
        return HttpResponse(status=400)
    try:
        said = json.loads(request.body)
    except ValueError:
        return HttpResponse(status=400)
    site = getattr(request, "site", None)
    reports = said if isinstance(said, list) else [said]
    for report in [each for each in reports if isinstance(each, dict)][:REPORTS_MAX]:
        body = report.get("csp-report") or report.get("body") or {}
        if isinstance(body, dict):
            signals.send(
                "report", source_of(request), site_id=site.id if site else None, **_short(body)
            )
    return HttpResponse(status=204)


def _short(body: dict[str, Any]) -> dict[str, str]:
    def word(*names: str) -> str:
        return next((str(body[name])[:WORD_MAX] for name in names if body.get(name)), "")

    rule = word("effective-directive", "effectiveDirective", "violated-directive")
    blocked = word("blocked-uri", "blockedURL")
    parts = urlsplit(blocked)
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else parts.scheme or blocked
    page = urlsplit(word("document-uri", "documentURL")).path.strip("/").partition("/")[0]
    return {"what": f"{rule} {origin}"[:120], "page": page[:40]}

"""口コミ・質問: read before they are shown, and answered."""

from contextlib import suppress
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.feedback import actions as feedback
from lockstitch.feedback.queries import list_questions, list_reviews
from lockstitch.feedback.rules import STATES
from lockstitch.kernel.errors import Refused

KINDS = {"reviews": list_reviews, "questions": list_questions}


@require_safe
@at_site("goods.see")
def listing(request: WorkRequest) -> HttpResponse:
    return _page(request)


@require_POST
@at_site("goods.edit")
def decide(request: WorkRequest, key: UUID) -> HttpResponse:
    posted, by = request.POST, request.worker.id
    kind = "questions" if posted.get("kind") == "questions" else "reviews"
    state, words = posted.get("state", ""), posted.get("words", "")
    try:
        if kind == "questions":
            feedback.decide_question(key, state, by=by, answer=words)
        else:
            reason = posted.get("reason", "")
            feedback.decide_review(
                key, state, by=by, reason=reason, reply=words, seen=_ids(posted.getlist("seen")),
                shown=_ids(posted.getlist("shown")),
            )  # fmt: skip
    except Refused as refused:
        return _page(request, refusal=str(refused), at=key)
    response = redirect("console_voices", request.work_site.slug)
    response["Location"] += f"?kind={kind}&kept=1"
    return response


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def _page(request: WorkRequest, *, refusal: str = "", at: UUID | None = None) -> HttpResponse:
    """`at`: what was not taken is still in its form."""
    asked = request.POST or request.GET
    kind = "questions" if asked.get("kind") == "questions" else "reviews"
    wanted = request.GET.get("state", "waiting")
    state = wanted if wanted in STATES or wanted == "all" else "waiting"
    page = KINDS[kind](state, after=request.GET.get("after", "")[:40])
    context = {
        "kind": kind, "state": state, "states": STATES, "page": page, "refusal": refusal, "at": at,
        "typed": request.POST, "kept": "kept" in request.GET,
        "may_edit": request.worker.may("goods.edit"),
        "more": urlencode({"kind": kind, "state": state, "after": page.next}) if page.next else "",
    }  # fmt: skip
    return render(request, "console/voices.html", context, status=422 if refusal else 200)

"""検索: a shop's own synonyms, what was looked for in vain, and what its ranking goes by."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.crm import popularity
from lockstitch.kernel.errors import Refused
from lockstitch.search import actions, queries

TEXT_MAX = 200_000


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def show(request: WorkRequest) -> HttpResponse:
    typed, refusal = None, ""
    if request.method == "POST":
        if not request.worker.may("goods.edit"):
            raise PermissionDenied
        if request.POST.get("do") == "rank":
            return _ranked(request)
        typed = request.POST.get("words", "")[:TEXT_MAX]
        try:
            actions.set_synonyms(
                [line.replace("、", ",").split(",") for line in typed.splitlines()]
            )
            return redirect(f"{request.path}?kept=1")
        except Refused as refused:
            refusal = str(refused)
    return _page(request, typed, refusal)


def _ranked(request: WorkRequest) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in ("days", "piece", "like", "view")}
    numbers = {n: int(text) if text.isdecimal() and len(text) < 4 else -1
               for n, text in given.items()}  # fmt: skip
    try:
        popularity.set_rule(**numbers)
    except Refused as refused:
        return _page(request, None, str(refused), given)
    return redirect(f"{request.path}?kept=1")


def _page(
    request: WorkRequest, typed: str | None, refusal: str, given: dict[str, str] | None = None
) -> HttpResponse:
    kept = "\n".join(", ".join(group.words) for group in queries.synonyms())
    context = {
        "words": kept if typed is None else typed, "refusal": refusal,
        "kept": "kept" in request.GET, "misses": queries.misses(),
        "rank": given or popularity.rule(), "rank_days": popularity.DAYS,
        "may_edit": request.worker.may("goods.edit"),
    }  # fmt: skip
    return render(request, "console/words.html", context, status=422 if refusal else 200)

"""検索: a shop's own synonyms, and what its visitors looked for in vain."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lockstitch.console.worker import WorkRequest, at_site
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
        typed = request.POST.get("words", "")[:TEXT_MAX]
        try:
            actions.set_synonyms(
                [line.replace("、", ",").split(",") for line in typed.splitlines()]
            )
            return redirect(f"{request.path}?kept=1")
        except Refused as refused:
            refusal = str(refused)
    kept = "\n".join(", ".join(group.words) for group in queries.synonyms())
    context = {
        "words": kept if typed is None else typed, "refusal": refusal,
        "kept": "kept" in request.GET, "misses": queries.misses(),
        "may_edit": request.worker.may("goods.edit"),
    }  # fmt: skip
    return render(request, "console/words.html", context, status=422 if refusal else 200)

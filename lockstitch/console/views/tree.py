"""カテゴリ: the shop's tree, and which kind of garment hangs on each branch."""

import re

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lockstitch.catalogue.editing import keep_category
from lockstitch.catalogue.garments import GARMENTS
from lockstitch.catalogue.reading import tree
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def edit(request: WorkRequest) -> HttpResponse:
    refusal = ""
    may_edit = request.worker.may("goods.edit")
    if request.method == "POST" and may_edit:
        try:
            _keep(request)
            return redirect(request.path)
        except Refused as refused:
            refusal = str(refused)
    context = {
        "categories": [(depth, one, "　" * depth) for depth, one in tree()], "refusal": refusal,
        "may_edit": may_edit, "garments": GARMENTS, "blank": request.POST if refusal else {},
    }  # fmt: skip
    return render(request, "console/categories.html", context, status=422 if refusal else 200)


def _keep(request: WorkRequest) -> None:
    given = request.POST
    slug, ja = given.get("slug", "").strip(), given.get("ja", "").strip()[:60]
    if not re.fullmatch(r"[a-z0-9_-]{1,60}", slug) or not ja:
        raise Refused(_("A category has a short name of a-z, 0-9, - and _, and a name."))
    position, garment = given.get("position", "0"), given.get("garment", "")
    name = {"ja": ja, "en": given.get("en", "").strip()[:60]}
    keep_category(
        slug, name={code: text for code, text in name.items() if text},
        garment=garment if garment in GARMENTS else "", parent=given.get("parent", ""),
        position=int(position) if position.isascii() and position.isdigit() else 0,
    )  # fmt: skip

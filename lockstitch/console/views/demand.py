"""入荷待ち: which sizes people wait for."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.wishes.queries import demand


@require_safe
@at_site("goods.see")
def listing(request: WorkRequest) -> HttpResponse:
    return render(request, "console/demand.html", {"rows": demand()})

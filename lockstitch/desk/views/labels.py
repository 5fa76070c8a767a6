"""送り状CSV: the only place where a parcel and a name come together, by the guard's leave and on
its record. The file goes to the operator and is kept nowhere."""

from functools import wraps
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lockstitch.desk.disclosing import ask_for_code, people
from lockstitch.desk.views.frames import View, site_of_operator
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller
from lockstitch.fulfilment.labels import LAYOUTS, Made, make
from lockstitch.fulfilment.labels.filling import FIELDS, destination_of, label_of, sender_of
from lockstitch.fulfilment.queries import LabelBatch, Parcel, dispatch_terms, find_batch
from lockstitch.fulfilment.rules import CARRIERS
from lockstitch.kernel.errors import Refused
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

MAY = ("owner", "orders")


def at_the_desk(view: View) -> View:
    """Refusals of the guard on a page of the console's look; signed out: to the sign-in."""

    @wraps(view)
    def guarded(request: SiteRequest, **names: str) -> HttpResponseBase:
        try:
            return view(request, **names)
        except Refused as refused:
            if reading.is_signed_out(refused):
                return redirect("operator_sign_in")
            if page := ask_for_code(request, refused, base="desk/console_base.html"):
                return page
            context = {"refusal": str(refused)}
            return render(request, "desk/refused.html", context, status=403)

    return guarded


def need_role(request: SiteRequest) -> UUID:
    """The operator, when their role may send parcels. Raises reading.Denied."""
    me = reading.ask(caller(request), reading.WhoAmI())
    if me.role not in MAY:
        raise reading.Denied("forbidden")
    return me.principal_id


@never_cache
@require_http_methods(METHODS)
@at_the_desk
def labels(request: SiteRequest, slug: str, batch_id: UUID) -> HttpResponse:
    """Checks every column first: what does not fit is shown before the file is given out."""
    with site_of_operator(request, slug) as site:
        need_role(request)
        batch = find_batch(batch_id)
        if batch is None:
            raise Http404
        parcels = [p for p in batch.parcels.all() if p.state == "planned"]
        context = {"work_site": site, "batch": batch, "count": len(parcels)}
        context["carrier"] = CARRIERS[batch.carrier]
        if request.method == "POST" and parcels:
            made = _make(request, batch, parcels)
            if not made.problems or "all_the_same" in request.POST:
                return _file(batch, made)
            context["problems"] = made.problems
            context["written"] = len(made.written)
        return render(request, "desk/labels.html", context)


def _make(request: SiteRequest, batch: LabelBatch, parcels: list[Parcel]) -> Made:
    whom = {parcel.pk: destination_of(parcel).record_id for parcel in parcels}
    shown = people(request, whom.values(), fields=FIELDS, purpose="order.label")
    terms = dispatch_terms()
    rows = [label_of(parcel, batch, shown[whom[parcel.pk]], terms) for parcel in parcels]
    return make(LAYOUTS[batch.carrier], rows, sender_of(terms))


def _file(batch: LabelBatch, made: Made) -> HttpResponse:
    response = HttpResponse(made.data, content_type="text/csv; charset=Shift_JIS")
    name = f"{batch.carrier}-{batch.ships_on:%Y%m%d}-{str(batch.pk)[-4:]}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

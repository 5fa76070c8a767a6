"""A member's address book: sealed records of kind `address`, seen and changed by themselves."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lockstitch.desk.forms import ADDRESS_FIELDS, AddressForm
from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

BOOK_FIELDS = [name for name in ADDRESS_FIELDS if name not in ("note", "email")]


class BookForm(AddressForm):
    """An address without an e-mail: letters go to the member's own."""

    email = note = None  # type: ignore[assignment]


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Sends whoever is not signed in to sign in; shows any other refusal on a page."""

    @wraps(view)
    def guarded(request: SiteRequest, **names: object) -> HttpResponse:
        try:
            return view(request, **names)
        except Refused as refused:
            if reading.is_signed_out(refused):
                return redirect("sign_in")
            return render(request, "desk/refused.html", {"refusal": str(refused)}, status=403)

    return guarded


@never_cache
@require_safe
@signed_in
def listing(request: SiteRequest) -> HttpResponse:
    who, shown = caller(request), []
    ids = reading.ask(who, reading.MyRecords(kinds=["address"])).record_ids
    if ids:
        ask = reading.Reveal(record_ids=ids, fields=BOOK_FIELDS, purpose="self.addresses")
        shown = [(one.record_id, one.fields) for one in reading.ask(who, ask).records]
    return render(request, "desk/addresses.html", {"addresses": shown})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: SiteRequest, record_id: UUID | None = None) -> HttpResponse:
    who = caller(request)
    form = BookForm(request.POST or None)
    if request.method != "POST" and record_id is not None:
        ask = reading.Reveal(record_ids=[record_id], fields=BOOK_FIELDS, purpose="self.addresses")
        found = reading.ask(who, ask).records[0]
        if found.kind != "address":
            raise Http404
        form.initial = found.fields
    if "lookup" in request.POST:
        form = form.completed()
    elif form.is_valid():
        fields = {name: form.sealed_fields()[name] for name in BOOK_FIELDS}
        reading.ask(who, reading.Keep(kind="address", fields=fields, record_id=record_id))
        return redirect("desk_addresses")
    context = {"form": form, "is_new": record_id is None}
    return render(request, "desk/address.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def forget(request: SiteRequest, record_id: UUID) -> HttpResponse:
    """Only an address: the guard would forget the profile too, and letters need that."""
    who = caller(request)
    if record_id not in reading.ask(who, reading.MyRecords(kinds=["address"])).record_ids:
        raise Http404
    reading.ask(who, reading.Forget(record_id=record_id))
    return redirect("desk_addresses")

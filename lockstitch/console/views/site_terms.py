"""取引条件: what the shop asks beside the price; and from when on whom a product is sold to."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lockstitch.catalogue.queries import ids_of_products
from lockstitch.console.offer_forms import GateForm, TermsForm, in_japan
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.japan import PREFECTURES
from lockstitch.pricing import actions, queries
from lockstitch.pricing import terms as forms_of

READERS: dict[str, Callable[[str], Any]] = {
    "weight_fees": forms_of.rising_table,
    "cod_fees": forms_of.rising_table,
    "islands": forms_of.island_table,
    "wrappings": forms_of.wrapping_table,
    "closed_days": forms_of.days,
    "registration_number": forms_of.registration_number,
    "shipping_by_prefecture": lambda text: forms_of.prefecture_table(text, PREFECTURES),
}


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.see")
def terms(request: WorkRequest) -> HttpResponse:
    may_edit = request.worker.may("terms.edit")
    form = TermsForm(request.POST or None, initial=_typed())
    if request.method == "POST" and may_edit and form.is_valid():
        values = _read(form)
        if values is not None:
            actions.set_terms(**values)
            return redirect(f"{request.path}?kept=1")
    context = {
        "form": form, "title": _("Terms of sale"), "may_edit": may_edit,
        "kept": "kept" in request.GET,
    }  # fmt: skip
    return render(request, "console/form.html", context, status=422 if form.errors else 200)


def _read(form: TermsForm) -> dict[str, Any] | None:
    """Columns of the terms; None when a field has an error now."""
    data, values = dict(form.cleaned_data), {}
    for name, value in data.items():
        if name.startswith("issuer_"):
            continue
        try:
            values[name] = READERS[name](value) if name in READERS else value
        except ValueError as error:
            form.add_error(name, str(error))
    values["issuer"] = {part: data[f"issuer_{part}"] for part in ("name", "address", "phone")}
    return None if form.errors else values


def _typed() -> dict[str, Any]:
    found = queries.terms()
    plain = [name for name in TermsForm.base_fields if hasattr(found, name)]
    return {
        **{name: getattr(found, name) for name in plain},
        "shipping_by_prefecture": _rows(found.shipping_by_prefecture.items()),
        "islands": _rows(found.islands.items()),
        "weight_fees": _rows(found.weight_fees),
        "cod_fees": _rows(found.cod_fees),
        "wrappings": _rows(
            (row["key"], row["yen"], row["name"].get("ja", ""), row["name"].get("en", ""))
            for row in found.wrappings
        ),
        "closed_days": "\n".join(found.closed_days),
        **{f"issuer_{part}": found.issuer.get(part, "") for part in ("name", "address", "phone")},
    }


def _rows(rows: Any) -> str:
    return "\n".join(", ".join(str(cell) for cell in row) for row in rows)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("offers.see")
def gates(request: WorkRequest) -> HttpResponse:
    """Early sales. The link's token is shown once, when it is made."""
    form, token = GateForm(request.POST or None), ""
    may_edit = request.worker.may("offers.edit")
    if request.method == "POST" and may_edit and "remove" in request.POST:
        for gated in ids_of_products([request.POST["remove"]]).values():
            actions.remove_gate(gated)
        return redirect(request.path)
    if request.method == "POST" and may_edit and form.is_valid():
        data = form.cleaned_data
        product = ids_of_products([data["product"]]).get(data["product"])
        by_rank = _moments(form, data["by_rank"])
        if product is None:
            form.add_error("product", _("There is no such product."))
        elif by_rank is not None:
            token = actions.set_gate(
                product, opens_at=in_japan(data["opens_at"]), by_rank=by_rank,
                link_opens_at=in_japan(data["link_opens_at"]),
            )  # fmt: skip
            if not token:
                return redirect(request.path)
    context = {
        "form": form, "gates": queries.all_gates(), "may_edit": may_edit,
        "link": f"{_shop(request)}/items/{form.data.get('product', '')}/?early={token}"
        if token else "",
    }  # fmt: skip
    return render(request, "console/gates.html", context, status=422 if form.errors else 200)


def _shop(request: WorkRequest) -> str:
    scheme, _colon, rest = request.shop_origin.partition("://")
    port = rest.partition(":")[2]
    return f"{scheme}://{request.work_site.hosts[0]}{':' + port if port else ''}"


def _moments(form: Form, text: str) -> dict[str, dt.datetime] | None:
    found = {}
    for line in filter(str.strip, text.splitlines()):
        code, _comma, moment = line.partition(",")
        try:
            read = in_japan(dt.datetime.fromisoformat(moment.strip()).replace(tzinfo=None))
        except ValueError:
            form.add_error("by_rank", _("This line cannot be read: %(line)s") % {"line": line})
            return None
        if read is not None:
            found[code.strip()] = read
    return found

"""All that is held of a member, shown and to take along. Each look goes on the record."""

import csv
import io
import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lockstitch.desk.forms import ADDRESS_FIELDS
from lockstitch.desk.views.addresses import signed_in
from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import NotFound
from lockstitch.kernel.text import localised
from lockstitch.members.file import held
from lockstitch.orders.queries import orders_of_member
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
ORDERS_MAX, SEEN_MAX = 10_000, 1_000


@never_cache
@require_safe
@signed_in
def show(request: SiteRequest) -> HttpResponse:
    me = reading.ask(caller(request), reading.WhoAmI())
    if me.kind != "member":
        raise NotFound("")
    return render(request, "desk/own_data.html", {})


@never_cache
@require_safe
@signed_in
def download(request: SiteRequest, form: str) -> HttpResponse:
    if form not in TYPES:
        raise Http404
    data = _all(request)
    text = json.dumps(data, ensure_ascii=False, indent=1) if form == "json" else _table(data)
    response = HttpResponse(text, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="my-data.{form}"'
    return response


def _all(request: SiteRequest) -> dict[str, Any]:
    who = caller(request)
    me = reading.ask(who, reading.WhoAmI())
    kinds: list[Any] = ["profile", "address", "order", "note"]
    ids = reading.ask(who, reading.MyRecords(kinds=kinds)).record_ids
    records = []
    if ids:
        ask = reading.Reveal(record_ids=ids, fields=list(ADDRESS_FIELDS), purpose="self.export")
        records = [
            {"id": str(one.record_id), "kind": one.kind, **one.fields}
            for one in reading.ask(who, ask).records
        ]
    seen = reading.ask(who, reading.WhoSaw(limit=SEEN_MAX)).disclosures
    return {
        "records": records,
        "orders": _orders(me.principal_id),
        **held(me.principal_id),
        "disclosures": [
            {
                "at": one.at.isoformat(), "by": one.handle, "purpose": one.purpose,
                "fields": ", ".join(one.fields),
            }
            for one in seen
        ],
    }  # fmt: skip


def _orders(member_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "number": order.number, "placed": order.placed_at.isoformat(),
            "total_yen": order.total_yen, "status": order.status,
            "goods": "; ".join(
                f"{localised(line.name)} {line.sku_code} × {line.quantity}"
                for line in order.told_lines
            ),
        }
        for order in orders_of_member(member_id, limit=ORDERS_MAX)
    ]  # fmt: skip


def _table(data: dict[str, Any]) -> str:
    """One row a value, for a spreadsheet: part, number, name, value. With a byte-order mark."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(["part", "number", "name", "value"])
    for part, rows in data.items():
        for number, row in enumerate(rows if isinstance(rows, list) else [rows], start=1):
            for name, value in row.items():
                writer.writerow([part, number, name, _harmless(str(value))])
    return out.getvalue()


def _harmless(text: str) -> str:
    """A spreadsheet takes no cell for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text

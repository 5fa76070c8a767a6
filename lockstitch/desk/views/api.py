"""The personal-data API: programs with a key of the shop's, on the desk's origin. See docs/api.md.

Nothing is decided here: what a key may see, of which orders and how much, is the guard's affair.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from lockstitch.desk.visitor import TOKEN_MAX, caller
from lockstitch.kernel.errors import Refused
from lockstitch.orders.queries import Order, find_by_numbers
from lockstitch.sealed import reading
from lockstitch.sealed.reading import Caller, KeyState
from lockstitch.tenancy.requests import SiteRequest

ORDERS_MAX = 100
STATUS = {
    "session": 401, "forbidden": 403, "address": 403, "frozen": 403, "not_found": 404,
    "invalid": 422, "budget": 429, "throttled": 429,
}  # fmt: skip
TEXTS = {
    "session": "No key, or one that has ended.",
    "forbidden": "Not what this key is for.",
    "address": "The key is not good from this network address, and has been ended.",
    "frozen": "Nobody may look at personal data of this shop for now.",
    "invalid": 'The body is to be {"orders": [1 to 100 order numbers]}.',
    "budget": "The key's budget of people is used up for now.",
    "unavailable": "Personal data cannot be reached for a moment.",
}
LATER = {429: "600", 503: "5"}  # Retry-After, seconds

View = Callable[..., HttpResponse]


def problem(code: str) -> HttpResponse:
    """RFC 9457."""
    status = STATUS.get(code, 503)
    body = {"type": "about:blank", "status": status, "code": code, "title": TEXTS.get(code, code)}
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    if status in LATER:
        response["Retry-After"] = LATER[status]
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def with_key(view: View) -> View:
    """Asks the guard what the key is good for. A key of another shop is none here."""

    @wraps(view)
    @sensitive_variables()
    def keyed(request: SiteRequest) -> HttpResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return problem("session")
        program = replace(caller(request), session=token.strip()[:TOKEN_MAX], device="")
        try:
            key = reading.ask(program, reading.MyKey())
            if key.site_id != request.site.id:
                return problem("session")
            return view(request, program, key)
        except reading.Unavailable:
            return problem("unavailable")
        except reading.Denied as denied:
            return problem(denied.code)

    return keyed


@never_cache
@require_safe
@with_key
def key(_: HttpRequest, __: Caller, good: KeyState) -> HttpResponse:
    return JsonResponse({
        "name": good.name, "purpose": good.purpose, "fields": good.fields,
        "expires_at": good.expires_at.isoformat(timespec="seconds"),
        "budgets": [
            {"seconds": each.seconds, "most": each.most, "used": each.used} for each in good.budgets
        ],
    })  # fmt: skip


@csrf_exempt  # a key is no cookie
@never_cache
@require_POST
@with_key
def people(request: SiteRequest, program: Caller, good: KeyState) -> HttpResponse:
    """Of each order whom it goes to (or, for support, who bought), as far as the key may see it;
    `refused` are those that there are not, or that are not open to this key."""
    numbers = _numbers(request.body)
    if not numbers:
        return problem("invalid")
    orders = find_by_numbers(numbers)
    wanted = {order.number: _records(order, good.purpose) for order in orders}
    shown, ledger = _seen(program, good, wanted)
    return JsonResponse({
        "purpose": good.purpose, "ledger": ledger,
        "orders": [
            {"number": number, "people": [
                {"no": no, "fields": shown[record]} for no, record in wanted[number].items()
            ]}
            for number in numbers if number in wanted and _all(wanted[number].values(), shown)
        ],
        "refused": [n for n in numbers if n not in wanted or not _all(wanted[n].values(), shown)],
    })  # fmt: skip


def _numbers(body: bytes) -> list[str]:
    """Each once; none when the body is not what it is to be."""
    try:
        asked = json.loads(body)["orders"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    if not isinstance(asked, list) or not 0 < len(asked) <= ORDERS_MAX:
        return []
    fits = all(isinstance(each, str) and 0 < len(each) <= 24 for each in asked)
    return list(dict.fromkeys(asked)) if fits else []


def _records(order: Order, purpose: str) -> dict[int, UUID]:
    """Number of the recipient -> sealed record. Who fetches at a shop is sent nothing."""
    if purpose != "api.ship":
        return {1: order.record_id}
    to = order.destinations.all()
    return {each.no: each.record_id for each in to if each.pickup_location_id is None}


def _seen(
    program: Caller, good: KeyState, wanted: dict[str, dict[int, UUID]]
) -> tuple[dict[UUID, dict[str, str]], list[int]]:
    """All at once; when that is refused for one of them, order by order."""
    shown: dict[UUID, dict[str, str]] = {}
    ledger: list[int] = []

    def look(records: Iterable[UUID]) -> None:
        ids = list(dict.fromkeys(records))
        if not ids:
            return
        question = reading.Reveal(record_ids=ids, fields=good.fields, purpose=good.purpose)
        answer = reading.ask(program, question)
        shown.update((each.record_id, each.fields) for each in answer.records)
        ledger.append(answer.seq)

    every = [record for records in wanted.values() for record in records.values()]
    try:
        if len(every) <= reading.RECORDS_MAX:
            look(every)
            return shown, ledger
    except reading.Denied as denied:
        _need_missing(denied)
    for records in wanted.values():
        try:
            look(records.values())
        except reading.Denied as denied:
            _need_missing(denied)
    return shown, ledger


def _need_missing(denied: Refused) -> None:
    """Any other refusal is that of the whole question."""
    if not isinstance(denied, reading.Denied) or denied.code != "not_found":
        raise denied


def _all(records: Iterable[UUID], shown: dict[UUID, Any]) -> bool:
    return all(record in shown for record in records)

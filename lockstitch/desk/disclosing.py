"""What the guard shows an operator of people; beyond their budget, after a fresh one-time code."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

AT_ONCE = 200  # records in one answer of the guard
CODE = "proof"  # the field of the one-time code, beside whatever the form had


def people(
    request: SiteRequest, record_ids: Iterable[UUID], *, fields: Iterable[str], purpose: str
) -> dict[UUID, Mapping[str, str]]:
    """What the guard discloses of these records; each question is an entry of its ledger.

    Raises reading.Denied; `ask_for_code` knows whether a code helps.
    """
    wanted, names = list(dict.fromkeys(record_ids)), list(fields)
    if code := request.POST.get(CODE, "").strip():
        proof = reading.Prove(record_ids=wanted, fields=names, purpose=purpose, totp=code)
        reading.ask(caller(request), proof)
    found: dict[UUID, Mapping[str, str]] = {}
    for first in range(0, len(wanted), AT_ONCE):
        question = reading.Reveal(
            record_ids=wanted[first : first + AT_ONCE], fields=names, purpose=purpose
        )
        for record in reading.ask(caller(request), question).records:
            found[record.record_id] = record.fields
    return found


def ask_for_code(request: SiteRequest, refused: Refused, *, base: str) -> HttpResponse | None:
    """The form that was sent, with a field for the code; `base` is the page it stands in. None
    when no code helps."""
    if not isinstance(refused, reading.Denied):
        return None
    is_wrong = refused.code == "credentials" and CODE in request.POST
    if not is_wrong and refused.code != "budget":
        return None
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in (CODE, "csrfmiddlewaretoken")
        for value in values
    ]
    refusal = str(reading.Denied("code") if is_wrong else refused)
    context = {"refusal": refusal, "sent": sent, "base": base, "code": CODE}
    return render(request, "desk/prove.html", context, status=403)

"""What the guard shows an operator of people; beyond their budget, after a fresh proof."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lockstitch.desk.visitor import caller
from lockstitch.kernel.errors import Refused
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest

AT_ONCE = 200  # records in one answer of the guard
# The fields of the proof, beside whatever the form had.
CODE, ASSERTION = "proof", "assertion"


class Unproven(reading.Denied):
    """A fresh proof would help (or the one given was wrong): of this, and of nothing else."""

    def __init__(self, code: str, wanted: reading.AskProof) -> None:
        super().__init__(code)
        self.wanted = wanted


def people(
    request: SiteRequest, record_ids: Iterable[UUID], *, fields: Iterable[str], purpose: str
) -> dict[UUID, Mapping[str, str]]:
    """What the guard discloses of these records; each question is an entry of its ledger.

    Raises reading.Denied; `ask_for_code` knows whether a proof helps.
    """
    wanted, names = list(dict.fromkeys(record_ids)), list(fields)
    try:
        return _shown(request, wanted, names, purpose)
    except reading.Denied as denied:
        if denied.code not in ("budget", "credentials"):
            raise
        ask = reading.AskProof(record_ids=wanted, fields=names, purpose=purpose)
        raise Unproven(denied.code, ask) from None


def _shown(
    request: SiteRequest, wanted: list[UUID], names: list[str], purpose: str
) -> dict[UUID, Mapping[str, str]]:
    code, assertion = request.POST.get(CODE, "").strip(), request.POST.get(ASSERTION, "")
    if code or assertion:
        proof = reading.Prove(
            record_ids=wanted, fields=names, purpose=purpose, totp=code, assertion=assertion
        )
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
    """The form that was sent, with a field for the code or the passkey's button; `base` is the page
    it stands in. None when no proof helps."""
    if not isinstance(refused, Unproven):
        return None
    try:
        options = reading.ask(caller(request), refused.wanted).options
    except Refused:
        return None
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in (CODE, ASSERTION, "csrfmiddlewaretoken")
        for value in values
    ]
    refusal = str(refused)
    if refused.code == "credentials":
        wrong = _("That did not prove that it is you. Please try again.")
        refusal = wrong if options else str(reading.Denied("code"))
    context = {
        "refusal": refusal, "sent": sent, "base": base, "code": CODE, "options": options,
        "number": len(refused.wanted.record_ids),
    }  # fmt: skip
    return render(request, "desk/prove.html", context, status=403)

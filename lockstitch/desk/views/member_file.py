"""What the console shows of members: found, revealed for a purpose, noted; and test letters."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lockstitch.access.queries import handles
from lockstitch.desk.disclosing import people
from lockstitch.desk.forms import ADDRESS_FIELDS
from lockstitch.desk.views.frames import SEARCHES, framed, site_of_operator
from lockstitch.desk.views.signing import METHODS
from lockstitch.desk.visitor import caller
from lockstitch.mailing.queries import preview, written
from lockstitch.mailing.rules import LETTERS, PERSONAL
from lockstitch.members import actions as members
from lockstitch.members.queries import Member, find_member, members_of_ids, notes_of
from lockstitch.sealed import reading
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.requests import SiteRequest

PURPOSES = {
    "member.support": _("An inquiry of the member"),
    "member.check": _("Checking a membership"),
}
PROFILE_FIELDS = [name for name in ADDRESS_FIELDS if name != "note"]
NOTE_MAX = 2_000
SAMPLE = dict(
    zip(PERSONAL, ("山田 花子", "山田", "東京都渋谷区神宮前1-2-3", "150-0001"), strict=True)
)


@contextmanager
def member_of_operator(
    request: SiteRequest, slug: str, member_id: UUID
) -> Iterator[tuple[Site, Member]]:
    with site_of_operator(request, slug) as site:
        member = find_member(member_id)
        if member is None:
            raise Http404
        yield site, member


@never_cache
@require_http_methods(METHODS)
@framed
def search(request: SiteRequest, slug: str) -> HttpResponse:
    """Members by exact e-mail, phone, name or kana; the answer is masks and ranks."""
    with site_of_operator(request, slug) as site:
        value = request.POST.get("value", "").strip()[:200]
        by = request.POST.get("by", "email")
        found = None
        if request.method == "POST" and value and by in SEARCHES:
            ask = reading.FindMembers(site_id=site.id, by=cast(reading.SearchBy, by), value=value)
            found = members_of_ids(reading.ask(caller(request), ask).member_ids)
        context = {
            "members": found, "searches": SEARCHES, "by": by, "value": value, "work_site": site,
        }  # fmt: skip
        return render(request, "desk/frame_member_search.html", context)


@never_cache
@require_http_methods(METHODS)
@framed
def reveal(request: SiteRequest, slug: str, member_id: UUID) -> HttpResponse:
    with member_of_operator(request, slug, member_id) as (_site, member):
        fields, purpose = None, request.POST.get("purpose", "")
        if request.method == "POST" and purpose in PURPOSES and member.profile_id:
            shown = people(request, [member.profile_id], fields=PROFILE_FIELDS, purpose=purpose)
            fields = shown[member.profile_id]
        context = {"member": member, "fields": fields, "purposes": PURPOSES, "purpose": purpose}
        return render(request, "desk/frame_member.html", context)


@never_cache
@require_http_methods(METHODS)
@framed
def notes(request: SiteRequest, slug: str, member_id: UUID) -> HttpResponse:
    """Written under the member's own key; reading them goes on the record as well."""
    with member_of_operator(request, slug, member_id) as (site, member):
        who, text = caller(request), request.POST.get("text", "").strip()[:NOTE_MAX]
        if request.method == "POST" and text:
            me = reading.ask(who, reading.WhoAmI())
            ask = reading.KeepNote(site_id=site.id, member_id=member.id, text=text)
            kept = reading.ask(who, ask).record_id
            members.note(member.id, record_id=kept, by=me.principal_id)
            return redirect(request.path)
        rows, texts = notes_of(member.id), {}
        if request.method == "POST" and "read" in request.POST and rows:
            ids = [row.record_id for row in rows]
            shown = people(request, ids, fields=["note"], purpose="member.notes")
            texts = {record_id: fields["note"] for record_id, fields in shown.items()}
        names = handles([row.by for row in rows])
        context = {
            "member": member, "is_read": bool(texts), "count": len(rows),
            "notes": [
                (row.at, names.get(row.by, ""), texts.get(row.record_id, "")) for row in rows
            ],
        }  # fmt: skip
        return render(request, "desk/frame_member_notes.html", context)


@never_cache
@require_http_methods(METHODS)
@framed
def test_letter(request: SiteRequest, slug: str, name: str, language: str) -> HttpResponse:
    """Sends the kept letter with invented facts to the operator who asks."""
    with site_of_operator(request, slug) as site:
        own = written(name, language) if name in LETTERS else None
        if own is None:
            raise Http404
        is_sent = False
        if request.method == "POST":
            shown = preview(own, name, language=language, shop=site.name)
            parts = [shown.subject, shown.text, shown.html]
            for placeholder, sample in SAMPLE.items():
                parts = [part.replace(f"{{{{{placeholder}}}}}", sample) for part in parts]
            ask = reading.SendTest(site_id=site.id, subject=parts[0], text=parts[1], html=parts[2])
            reading.ask(caller(request), ask)
            is_sent = True
        return render(request, "desk/frame_test_letter.html", {"is_sent": is_sent})

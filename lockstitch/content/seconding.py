"""Two persons by setting: what one has drafted, another publishes (decision 046)."""

from uuid import UUID

from django.db.models import F, Q

from lockstitch.content.models import Document, Edition
from lockstitch.content.queries import live
from lockstitch.content.rules import APPROVAL, SECONDED

WAITING = 40


def two_persons() -> bool:
    return bool((live(APPROVAL) or {}).get("second"))


def needs_another(row: Document, by: UUID | None) -> bool:
    """Is `by` the one who changed the draft last, and was it never published as it is now? Going
    back to what was shown before is one person's to do: in an emergency there may be no second."""
    if by is None or row.by != by or row.kind not in SECONDED or not two_persons():
        return False
    shown = Edition.objects.filter(document=row, verb="published", state=row.draft)
    return not shown.exists()


def waiting() -> list[Document]:
    """Drafts that differ from what is and will be shown, the newest documents first."""
    fresh = (Q(live__isnull=True) | ~Q(draft=F("live"))) & (
        Q(coming__isnull=True) | ~Q(draft=F("coming"))
    )
    return list(Document.objects.filter(fresh, kind__in=SECONDED).order_by("-id")[:WAITING])

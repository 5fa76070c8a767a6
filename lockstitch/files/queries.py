"""What came in, for whoever looks."""

from collections.abc import Iterable
from uuid import UUID

from lockstitch.files.models import Upload as Upload  # doors name it in their annotations
from lockstitch.files.models import Waiting

PAGE = 60
LATELY = 24


def uploads(*, state: str = "", before: str = "") -> tuple[list[Upload], str]:
    """The newest first, and where the next page begins."""
    rows = Upload.objects.order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if before:
        try:
            rows = rows.filter(id__lt=UUID(before))
        except ValueError:
            return [], ""
    found = list(rows[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].id) if len(found) > PAGE else ""


def uploads_for(targets: Iterable[UUID]) -> list[Upload]:
    """The newest for these."""
    return list(Upload.objects.filter(target__in=list(targets)).order_by("-id")[:LATELY])


def find_upload(upload_id: UUID) -> Upload | None:
    return Upload.objects.filter(id=upload_id).first()


def parts_of(archive_id: UUID) -> list[Upload]:
    return list(Upload.objects.filter(archive=archive_id).order_by("name"))


def waiting_bytes(upload_id: UUID) -> tuple[bytes, str] | None:
    """The file and the address it came from, while nobody has looked at it."""
    row = Waiting.objects.filter(upload_id=upload_id).first()
    return (bytes(row.data), row.source) if row else None

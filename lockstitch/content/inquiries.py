"""Inquiries: the pseudonymous half. The words themselves are sealed by the desk."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.content.models import Inquiry as Inquiry
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused

TOPICS = ("order", "return", "goods", "member", "other")
HOURLY_MAX, PAGE = 300, 40


def may_come() -> None:
    """Raises Refused when so many came within an hour that no desk could read them."""
    lately = Inquiry.objects.filter(at__gte=now() - dt.timedelta(hours=1)).count()
    if lately >= HOURLY_MAX:
        raise Refused(_("Too many inquiries are waiting. Please try again in an hour."))


def note(*, record_id: UUID, topic: str, order_number: str, hint: str) -> None:
    with transaction.atomic():
        Inquiry.here(record_id=record_id, topic=topic, order_number=order_number, hint=hint).save(
            force_insert=True
        )


def inquiries(*, state: str = "open", after: str = "") -> tuple[list[Inquiry], str]:
    """The newest first, and where the next page begins."""
    rows = Inquiry.objects.filter(state=state).order_by("-id")
    if after:
        try:
            rows = rows.filter(id__lt=UUID(after))
        except ValueError:
            return [], ""
    found = list(rows[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].id) if len(found) > PAGE else ""


def find_inquiry(inquiry_id: UUID) -> Inquiry | None:
    return Inquiry.objects.filter(id=inquiry_id).first()


def close(inquiry_id: UUID, *, by: UUID, again: bool = False) -> None:
    """It was answered; or, `again`, it is open once more."""
    with transaction.atomic():
        done = Inquiry.objects.filter(id=inquiry_id).update(
            state="open" if again else "answered", closed_at=None if again else now(),
            closed_by=None if again else by,
        )  # fmt: skip
    if not done:
        raise NotFound(_("There is no such inquiry."))

"""雑誌: the numbers of the magazine in their order, each with its neighbours."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lockstitch.coordinates.models import Issue as Issue  # doors name it
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.text import Text

LISTED = 200
STORIES_MAX = 20
KINDS = ("feature", "news")


@dataclass(frozen=True)
class Written:
    """An issue as it was filled in. It is shown from `since` on."""

    name: str
    since: dt.date
    until: dt.date | None = None
    theme: Text = field(default_factory=dict)
    text: Text = field(default_factory=dict)
    stories: list[tuple[str, str]] = field(default_factory=list)  # (kind, slug)


@dataclass(frozen=True)
class Beside:
    """What a reader turns to next: the issue before it, and the one after."""

    before: Issue | None
    after: Issue | None


def issues(*, coming: bool = False) -> list[Issue]:
    """The newest first; `coming`: with those that are not out yet."""
    rows = Issue.objects.all() if coming else Issue.objects.filter(since__lte=today_jst())
    return list(rows.order_by("-since", "-id")[:LISTED])


def find_issue(name: str) -> Issue | None:
    """One that is out."""
    found: Issue | None = Issue.objects.filter(name=name, since__lte=today_jst()).first()
    return found


def beside(issue: Issue) -> Beside:
    """Two queries."""
    rows = Issue.objects.filter(since__lte=today_jst())
    same = Q(since=issue.since)
    before = rows.filter(Q(since__lt=issue.since) | same & Q(id__lt=issue.pk))
    after = rows.filter(Q(since__gt=issue.since) | same & Q(id__gt=issue.pk))
    return Beside(before.order_by("-since", "-id").first(), after.order_by("since", "id").first())


def issue_by_id(issue_id: UUID) -> Issue | None:
    found: Issue | None = Issue.objects.filter(id=issue_id).first()
    return found


def keep_issue(issue_id: UUID | None, written: Written) -> Issue:
    """Makes it, or changes it. Raises Refused."""
    name = written.name.strip()
    if not name or len(name) > 40:
        raise Refused(_("An issue has a number or name of at most 40 characters."))
    if written.until is not None and written.until < written.since:
        raise Refused(_("The end is not after the beginning."))
    if len(written.stories) > STORIES_MAX or any(k not in KINDS for k, _slug in written.stories):
        raise Refused(_("An issue has at most 20 stories: features and news."))
    with transaction.atomic():
        rows = Issue.objects.select_for_update()
        row = rows.filter(id=issue_id).first() if issue_id else Issue.here()
        if row is None:
            raise Refused(_("It is not there any more."))
        if rows.filter(name=name).exclude(id=row.pk).exists():
            raise Refused(_("There is an issue of this name already."))
        for key, value in {**vars(written), "name": name}.items():
            setattr(row, key, value)
        row.save()
        return row

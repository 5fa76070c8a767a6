"""Writing a site's own pages and notices."""

from uuid import UUID

import nh3
from django.db import transaction

from lockstitch.content.models import Notice, Page
from lockstitch.content.queries import latest_notice
from lockstitch.kernel.text import Text
from lockstitch.tenancy.scope import current_site_id


def keep_page(*, slug: str, title: Text, body: Text, position: int = 0) -> None:
    """Makes or replaces a page; its HTML is sanitised here and nowhere else."""
    clean = {language: nh3.clean(html) for language, html in body.items()}
    with transaction.atomic():
        Page.objects.update_or_create(
            site_id=current_site_id(), slug=slug,
            defaults={"title": title, "body": clean, "position": position},
        )  # fmt: skip


def publish_notice(*, case_id: UUID, title: Text, body: Text) -> Notice:
    """The text as the shop's visitors see it from now on. The same text again is no new revision;
    two at once are two, or the second fails on the revision's constraint."""
    clean = {language: nh3.clean(html) for language, html in body.items()}
    with transaction.atomic():
        latest = latest_notice(case_id)
        if latest is not None and (latest.title, latest.body) == (title, clean):
            return latest
        revision = latest.revision + 1 if latest else 1
        made: Notice = Notice.here(case_id=case_id, revision=revision, title=title, body=clean)
        made.save()
        return made

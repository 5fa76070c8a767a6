"""A site's own pages and notices."""

from uuid import UUID

from lockstitch.content.models import Notice as Notice
from lockstitch.content.models import Page


def pages() -> list[Page]:
    return list(Page.objects.only("site_id", "slug", "title", "position"))


def find_page(slug: str) -> Page | None:
    return Page.objects.filter(slug=slug).first()


def notices() -> list[Notice]:
    """The latest text of each case, without the text; newest first."""
    latest = Notice.objects.order_by("case_id", "-revision").distinct("case_id").defer("body")
    return sorted(latest, key=lambda each: each.published_at, reverse=True)


def latest_notice(case_id: UUID) -> Notice | None:
    return Notice.objects.filter(case_id=case_id).order_by("-revision").first()


def notice_history(case_id: UUID) -> list[Notice]:
    """Every text of a case, newest first."""
    return list(Notice.objects.filter(case_id=case_id).order_by("-revision"))

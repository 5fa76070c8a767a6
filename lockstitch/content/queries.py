"""A site's own pages."""

from lockstitch.content.models import Page


def pages() -> list[Page]:
    return list(Page.objects.only("site_id", "slug", "title", "position"))


def find_page(slug: str) -> Page | None:
    return Page.objects.filter(slug=slug).first()

"""Writing a site's own pages."""

import nh3
from django.db import transaction

from lockstitch.content.models import Page
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

"""Writing the feeds of a site: checked item by item, so that a service refuses nothing of them."""

import hashlib
from collections.abc import Iterator

from lockstitch.feeds.models import Feed
from lockstitch.feeds.queries import items
from lockstitch.feeds.rules import KINDS, Item, google, meta, why_refused
from lockstitch.kernel.clock import now
from lockstitch.tenancy.origins import shop_origin
from lockstitch.tenancy.queries import Site

REFUSED_SHOWN = 500
_WRITERS = {"google": google, "meta": meta}


def write_feeds(site: Site) -> None:
    """All feeds of the site in scope. The same goods give the same bytes, and the same ETag."""
    for kind in KINDS:
        _write(site, kind)


def _write(site: Site, kind: str) -> None:
    refused: list[tuple[str, str]] = []
    count = 0
    origin = shop_origin(site)

    def good() -> Iterator[Item]:
        nonlocal count
        for item in items(origin):
            if why := why_refused(item, kind):
                refused.append((item.code, why))
            else:
                count += 1
                yield item

    body = "".join(_WRITERS[kind](good(), title=site.name, link=f"{origin}/")).encode()
    Feed.objects.bulk_create(
        [
            Feed.here(
                kind=kind, body=body, etag=hashlib.sha256(body).hexdigest(), items=count,
                refused_count=len(refused), refused=refused[:REFUSED_SHOWN], written_at=now(),
            )
        ],
        update_conflicts=True, unique_fields=["site", "kind"],
        update_fields=["body", "etag", "items", "refused_count", "refused", "written_at"],
    )  # fmt: skip

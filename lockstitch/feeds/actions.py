"""Writing the feeds of a site: checked item by item, so that a service refuses nothing of them."""

import hashlib
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.feeds.models import Feed, FreeColumn
from lockstitch.feeds.queries import free_columns, items
from lockstitch.feeds.rules import (
    COLUMN,
    COLUMNS_MAX,
    FREE,
    KINDS,
    Free,
    Item,
    criteo,
    google,
    is_taken,
    meta,
    why_refused,
)
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.origins import shop_origin
from lockstitch.tenancy.queries import Site

REFUSED_SHOWN = 500
_WRITERS = {"google": google, "meta": meta, "criteo": criteo}


def write_feeds(site: Site) -> None:
    """All feeds of the site in scope. The same goods give the same bytes, and the same ETag."""
    columns = free_columns()
    for kind in KINDS:
        _write(site, kind, columns.get(kind, []))


def add_column(kind: str, column: Free) -> None:
    """Checked as the service would: a name that it can read and that says nothing yet. The same
    name again replaces it. Raises Refused."""
    if kind not in KINDS:
        raise Refused(_("Please choose a feed."))
    if COLUMN.fullmatch(column.name) is None:
        raise Refused(_("A column's name has small letters, digits and _, like custom_label_0."))
    if is_taken(kind, column.name):
        raise Refused(_("The feed has a column of this name already."))
    if bool(column.field) == bool(column.constant) or column.field not in ("", *FREE):
        raise Refused(_("Please give a field or a text, one of the two."))
    if len(column.constant) > 200 or not column.constant.isprintable():
        raise Refused(_("The text is one line of at most 200 characters."))
    with transaction.atomic():
        rows = FreeColumn.objects.select_for_update().filter(kind=kind)
        others = [row for row in rows if row.name != column.name]
        if len(others) >= COLUMNS_MAX:
            raise Refused(_("A feed has at most 20 columns of your own."))
        rows.filter(name=column.name).delete()
        FreeColumn.here(kind=kind, **vars(column)).save(force_insert=True)


def drop_column(kind: str, name: str) -> None:
    with transaction.atomic():
        FreeColumn.objects.filter(kind=kind, name=name).delete()


def _write(site: Site, kind: str, free: list[Free]) -> None:
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

    made = _WRITERS[kind](good(), title=site.name, link=f"{origin}/", free=free)
    body = "".join(made).encode()
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

"""What belongs to a whole site and changes seldom, kept in this process until it is told of."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lockstitch.search.news import news
from lockstitch.tenancy.scope import current_site_id

_kept: dict[tuple[UUID, str], tuple[tuple[int, int], Any]] = {}


def of_site[T](name: str, make: Callable[[], T]) -> T:
    """Its categories, pages, terms. The tables that it is read from must be watched (`page_watch`);
    whoever gets it may not change it."""
    if not news.is_live:
        return make()
    site_id = current_site_id()
    epoch = news.epoch(str(site_id))
    held = _kept.get((site_id, name))
    if held is not None and held[0] == epoch:
        return held[1]  # type: ignore[no-any-return]
    if len(_kept) > 10_000:
        _kept.clear()
    made = make()
    _kept[site_id, name] = (epoch, made)
    return made

"""Which site's rows this thread may see, in Python and in the database at once.

The database half is the session setting that every row policy reads. It is set on entry and
emptied on leaving; outside a scope nothing can be read, because an empty setting matches no row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection

_site: ContextVar[UUID | None] = ContextVar("lockstitch_site", default=None)


class NoScope(RuntimeError):
    """A tenant's rows were asked for outside `scope(site_id)`: a fault of the program."""


def current_site_id() -> UUID:
    site_id = _site.get()
    if site_id is None:
        raise NoScope("ask for a tenant's rows inside tenancy.scope(site_id)")
    return site_id


@contextmanager
def scope(site_id: UUID) -> Iterator[None]:
    """Rows of this site, and of no other, inside the block. May be nested."""
    token = _site.set(site_id)
    try:
        _tell_database(site_id)
        yield
    finally:
        _site.reset(token)
        _restore(_site.get())


def _tell_database(site_id: UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lockstitch.site_ids', %s, false)", [str(site_id or "")])


def _restore(outer: UUID | None) -> None:
    """A connection that cannot be brought back to the outer scope is not used again."""
    if connection.connection is None:
        return
    if connection.in_atomic_block:
        if connection.needs_rollback:
            return  # the rollback takes our setting back as well
        _tell_database(outer)
        return
    try:
        _tell_database(outer)
    except Exception:
        connection.close()
        raise

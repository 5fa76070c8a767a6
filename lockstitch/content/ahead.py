"""The shop as it will be: inside `looking_ahead` it is another moment, and drafts are in force."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from lockstitch.kernel.clock import moved_to

_drafts: ContextVar[frozenset[UUID]] = ContextVar("drafts_in_force", default=frozenset())


def drafts_in_force() -> frozenset[UUID]:
    """The documents of which the draft is shown here and now; `Document.shown` asks."""
    return _drafts.get()


@contextmanager
def looking_ahead(moment: dt.datetime, drafts: Iterable[UUID]) -> Iterator[None]:
    token = _drafts.set(frozenset(drafts))
    try:
        with moved_to(moment):
            yield
    finally:
        _drafts.reset(token)

"""Announcing facts. A fact is queued in the transaction that makes it true, and followed after
commit by what `lockstitch.wiring` names."""

import datetime as dt
from functools import cache
from uuid import UUID

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from lockstitch.kernel.clock import now
from lockstitch.tenancy.scope import current_site_id

FOLLOW = "lockstitch.follow"


@cache
def _queue() -> JobManager:
    """Writes through Django's own connection, also in the worker, where the queue's app has one of
    its own: a fact must become true and be queued in one transaction."""
    return JobManager(DjangoConnector())


def announce(fact: str, *, after: dt.timedelta | None = None, **ids: UUID) -> None:
    """Queues `fact` with opaque ids only: the queue is no place for anything else.

    It is followed at once, or when `after` has passed.
    """
    configure_task(
        name=FOLLOW, job_manager=_queue(), schedule_at=now() + after if after else None
    ).defer(
        fact=fact,
        site_id=str(current_site_id()),
        ids={name: str(value) for name, value in ids.items()},
    )

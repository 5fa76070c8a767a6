"""Announcing facts. A fact is queued in the transaction that makes it true, and followed after
commit by what `lockstitch.wiring` names."""

from uuid import UUID

from procrastinate.contrib.django import app

from lockstitch.tenancy.scope import current_site_id

FOLLOW = "lockstitch.follow"


def announce(fact: str, **ids: UUID) -> None:
    """Queues `fact` with opaque ids only: the queue is no place for anything else."""
    app.configure_task(FOLLOW, allow_unknown=True).defer(
        fact=fact,
        site_id=str(current_site_id()),
        ids={name: str(value) for name, value in ids.items()},
    )

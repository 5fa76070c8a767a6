"""A fact is queued in the transaction that makes it true, also inside the worker's own jobs."""

import datetime as dt
from typing import cast
from uuid import uuid4

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from lockstitch.jobs.actions import announce
from lockstitch.tenancy.queries import Site


class Boom(Exception):
    pass


def queued(fact: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE args->>'fact' = %s"
            " AND args->>'site_id' = current_setting('lockstitch.site_ids')",
            [fact],
        )
        return list(cursor.fetchall())


@pytest.mark.parametrize("in_worker", [False, True])
def test_what_is_rolled_back_is_not_announced(site: Site, *, in_worker: bool) -> None:
    """The worker gives the queue a connection of its own; announcing must not use it."""
    ours = cast(DjangoConnector, app.connector)
    connector = ours.get_worker_connector() if in_worker else ours
    with app.replace_connector(connector):
        with pytest.raises(Boom), transaction.atomic():
            announce("order.placed", order_id=uuid4())
            raise Boom
        assert queued("order.placed") == []
        with transaction.atomic():
            announce("order.placed", order_id=uuid4())
        assert len(queued("order.placed")) == 1


def test_a_fact_may_be_followed_later(site: Site) -> None:
    announce("order.placed", after=dt.timedelta(hours=1), order_id=uuid4())
    ((at,),) = queued("order.placed")
    assert at is not None

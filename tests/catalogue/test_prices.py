"""A sale's window decides the price, and every price ever offered is kept."""

import datetime as dt
from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction

from lockstitch.catalogue.models import PriceRecord, Sku
from lockstitch.catalogue.queries import offers
from lockstitch.catalogue.rules import price_at, was_price_at
from lockstitch.kernel.clock import now
from lockstitch.tenancy.scope import scope
from tests import world

HOUR = dt.timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("database")


def test_a_sale_holds_from_its_first_instant_to_before_its_last() -> None:
    start = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    sku = Sku(
        price_yen=1000, list_price_yen=None, sale_price_yen=700, sale_from=start,
        sale_until=start + HOUR,
    )  # fmt: skip
    moments = [start - dt.timedelta(seconds=1), start, start + HOUR - dt.timedelta(seconds=1)]
    assert [price_at(sku, m) for m in [*moments, start + HOUR]] == [1000, 700, 700, 1000]
    assert [was_price_at(sku, m) for m in [*moments, start + HOUR]] == [None, 1000, 1000, None]


def test_what_is_charged_follows_the_clock() -> None:
    with scope(world.new_site().id):
        sku = world.new_product()[0]
        full = offers([sku])[sku].price_yen
        Sku.objects.filter(id=sku).update(sale_price_yen=full - 1, sale_from=now() - HOUR)
        assert offers([sku])[sku].price_yen == full - 1
        assert offers([sku])[sku].list_price_yen == full
        Sku.objects.filter(id=sku).update(sale_until=now() - HOUR / 2)
        assert offers([sku])[sku].price_yen == full


def test_every_price_is_kept_whoever_writes_it() -> None:
    with scope(world.new_site().id):
        sku = world.new_product()[0]
        first = Sku.objects.get(id=sku).price_yen
        Sku.objects.filter(id=sku).update(price_yen=first + 10)
        Sku.objects.filter(id=sku).update(weight_g=5)
        kept = list(PriceRecord.objects.filter(sku_id=sku).order_by("since"))
        assert [row.price_yen for row in kept] == [first, first + 10]
        assert all(a.since <= b.since for a, b in pairwise(kept))
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            PriceRecord.objects.filter(sku_id=sku).update(price_yen=1)

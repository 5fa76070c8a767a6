"""Pieces kept for somebody at the payment step, for some minutes. They free themselves: past its
moment a hold counts as free everywhere, whether the job that clears it has run or not."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from lockstitch.inventory.arrivals import book
from lockstitch.inventory.ledger import Because, Entry, NotEnough, lock, offered, places
from lockstitch.inventory.models import Hold, Stock
from lockstitch.inventory.rules import Place, plan
from lockstitch.kernel.clock import now

BATCH = 500
HOT = 10


def hold(
    holder: UUID, quantities: Mapping[UUID, int], *, minutes: int, hot: int = HOT
) -> dt.datetime | None:
    """Keeps hot goods for this checkout and returns until when; None when nothing is kept.

    Hot is a SKU of which no more than `hot` pieces are left; `minutes` 0 keeps nothing.

    Asking again does not prolong a hold that still runs. Raises NotEnough, and keeps nothing,
    when a hot SKU has too little.
    """
    if not minutes:
        return None
    with transaction.atomic():
        order = places()
        rows = lock(quantities)
        own = list(Hold.objects.filter(holder=holder))
        running = [row.expires_at for row in own if row.expires_at > now()]
        until = min(running, default=now() + dt.timedelta(minutes=minutes))
        free(rows, quantities, holder)
        there = offered(rows, quantities, [place for place in order if place.sells_online])
        left = Counter[UUID]()
        for (sku, _place), pieces in there.items():
            left[sku] += pieces
        wanted = {sku: q for sku, q in quantities.items() if left[sku] <= hot}
        taken = plan(wanted, there, [place.id for place in order])
        if taken is None:
            raise NotEnough({sku: left[sku] for sku, q in wanted.items() if left[sku] < q})
        if not taken:
            return None
        Hold.objects.bulk_create(
            Hold.here(holder=holder, sku_id=sku, location_id=location, quantity=q, expires_at=until)
            for (sku, location), q in taken.items()
        )
        book(rows, [Entry("hold", place, q) for place, q in taken.items()], Because(holder))
        return until


def let_go(holder: UUID) -> None:
    """The checkout was left or changed: what was kept for it is free."""
    with transaction.atomic():
        skus = list(Hold.objects.filter(holder=holder).values_list("sku_id", flat=True))
        free(lock(skus), skus, holder)


def free(rows: Mapping[Place, Stock], skus: Iterable[UUID], holder: UUID | None) -> None:
    """Ends holds that have run out, and the holder's own, on locked rows of these SKUs."""
    which = Q(expires_at__lte=now())
    if holder is not None:
        which |= Q(holder=holder)
    ended = list(Hold.objects.filter(which, sku_id__in=list(skus)))
    by_holder: dict[UUID, Counter[Place]] = {}
    for row in ended:
        by_holder.setdefault(row.holder, Counter())[row.sku_id, row.location_id] += row.quantity
    Hold.objects.filter(id__in=[row.pk for row in ended]).delete()
    for one, pieces in by_holder.items():
        book(rows, [Entry("unhold", place, q) for place, q in pieces.items()], Because(one))


def free_expired() -> int:
    """Clears what has run out, a batch at a time. How many holds that were."""
    total = 0
    while True:
        with transaction.atomic():
            due = list(
                Hold.objects.filter(expires_at__lte=now()).values_list("sku_id", "id")[:BATCH]
            )
            if not due:
                return total
            skus = {sku for sku, _ in due}
            free(lock(skus), skus, None)
            total += len(due)


def held(sku_ids: Sequence[UUID]) -> list[Hold]:
    """Who holds what of these SKUs, the first to run out first; holders are opaque ids."""
    return list(
        Hold.objects.filter(sku_id__in=sku_ids, expires_at__gt=now()).order_by("expires_at", "id")
    )


def free_counts(
    rows: Iterable[Stock], sku_ids: Sequence[UUID], holder: UUID | None
) -> Counter[Place]:
    """How many held pieces of each place count as free: run out, or the asker's own."""
    if not any(row.held for row in rows):
        return Counter()
    which = Q(expires_at__lte=now())
    if holder is not None:
        which |= Q(holder=holder)
    found: Counter[Place] = Counter()
    for hold in Hold.objects.filter(which, sku_id__in=sku_ids):
        found[hold.sku_id, hold.location_id] += hold.quantity
    return found

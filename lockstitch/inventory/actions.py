"""Moving stock: what other modules ask of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from lockstitch.inventory.arrivals import book
from lockstitch.inventory.holds import free
from lockstitch.inventory.ledger import Because, Entry, lock, offered, places, promised_to
from lockstitch.inventory.ledger import NotEnough as NotEnough
from lockstitch.inventory.models import Location, Stock
from lockstitch.inventory.rules import PROMISED, Place, plan, take_back


def move(
    quantities: Mapping[UUID, int], *, reason: str, reference: UUID | None = None,
    by: UUID | None = None, of: UUID | None = None, at: UUID | None = None,
    held_by: UUID | None = None, note: str = "",
) -> None:  # fmt: skip
    """Applies `reason` to so many pieces of each SKU; all of them or none.

    `allocate`, `release` and `ship` move what is promised to the order `of` (without it, to
    `reference`): allocating chooses the locations, the others take from those chosen, `at` first.
    Other reasons happen `at` one location, the site's first unless named. `held_by` is the
    checkout whose holds the allocation uses up.

    Raises NotEnough when a promise would exceed what is there. Running twice with the same
    reference breaks a unique constraint, so that an order takes or gives back its pieces once.
    """
    pieces = {sku: quantity for sku, quantity in quantities.items() if quantity}
    if not pieces:
        return
    why = Because(reference, of or reference, by, note)
    with transaction.atomic():
        order = places()
        if reason == "allocate":
            rows = lock(pieces)
            _allocate(rows, pieces, order, why, at=at, held_by=held_by)
        elif reason in PROMISED:
            rows = lock(pieces)
            book(rows, _from_promises(pieces, order, why, reason, at), why)
        else:
            where = at or order[0].id
            rows = lock(pieces, at=where)
            book(rows, [Entry(reason, (sku, where), q) for sku, q in pieces.items()], why)


def amend(
    changes: Mapping[UUID, int], *, of: UUID, reference: UUID, by: UUID | None = None
) -> None:
    """More (or, negative, fewer) pieces for an order that was changed, in one step.

    Raises NotEnough, and changes nothing.
    """
    fewer = {sku: -q for sku, q in changes.items() if q < 0}
    more = {sku: q for sku, q in changes.items() if q > 0}
    why = Because(reference, of, by)
    with transaction.atomic():
        order = places()
        rows = lock(changes)
        if fewer:
            book(rows, _from_promises(fewer, order, why, "release", None), why)
        if more:
            _allocate(rows, more, order, why, at=None, held_by=None)


def _allocate(
    rows: Mapping[Place, Stock], pieces: Mapping[UUID, int], order: Sequence[Location],
    why: Because, *, at: UUID | None, held_by: UUID | None,
) -> None:  # fmt: skip
    """Without holds in the way: those that have run out are ended first, on the locked rows."""
    if any(row.held for row in rows.values()):
        free(rows, pieces, held_by)
    chosen = [place for place in order if (place.id == at if at else place.sells_online)]
    there = offered(rows, pieces, chosen)
    taken = plan(pieces, there, [place.id for place in chosen])
    if taken is None:
        left: Counter[UUID] = Counter()
        for (sku, _), quantity in there.items():
            left[sku] += quantity
        raise NotEnough({sku: left[sku] for sku, wanted in pieces.items() if left[sku] < wanted})
    book(rows, [Entry("allocate", place, q) for place, q in taken.items()], why)


def _from_promises(
    pieces: Mapping[UUID, int], order: Sequence[Location], why: Because, reason: str,
    at: UUID | None,
) -> list[Entry]:  # fmt: skip
    promised = promised_to(why.of, pieces) if why.of else {}
    away = {place.id for place in order if place.kind == "due"} if reason == "ship" else set()
    ids = sorted({place for _, place in promised} - away, key=_rank(order, at))
    taken = take_back(pieces, promised, ids)
    if taken is None:
        owed: Counter[UUID] = Counter()
        for (sku, _), quantity in promised.items():
            owed[sku] += quantity
        raise NotEnough({sku: owed[sku] for sku, wanted in pieces.items() if owed[sku] < wanted})
    return [Entry(reason, place, quantity) for place, quantity in taken.items()]


def _rank(order: Sequence[Location], at: UUID | None) -> Callable[[UUID], tuple[int, UUID]]:
    """`at` first, then the site's order, then locations that are no longer in it."""
    numbers = {place.id: number for number, place in enumerate(order, start=1)}
    if at is not None:
        numbers[at] = 0
    return lambda place: (numbers.get(place, len(order) + 1), place)

"""The one place that writes stock: rows are locked in the order of their keys, all of a step is
checked, and then written in a number of statements that does not grow with it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from lockstitch.catalogue.models import Sku
from lockstitch.inventory.models import Allocation, Location, Movement, Stock
from lockstitch.inventory.rules import PROMISED, Counts, Place, deltas, sellable
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.scope import current_site_id


class NotEnough(Refused):
    """`short` names each SKU that there is too little of, with what is left of it."""

    def __init__(self, short: dict[UUID, int]) -> None:
        super().__init__(_("Some of the items have just sold out."))
        self.short = short


@dataclass(frozen=True)
class Entry:
    """One movement to be written: `quantity` pieces of a SKU at a location, for a reason."""

    reason: str
    place: Place
    quantity: int


@dataclass(frozen=True)
class Because:
    """What a step is done for. `of` is the order whose promises it moves; `reference` names the
    step itself, so that it is written once."""

    reference: UUID | None = None
    of: UUID | None = None
    by: UUID | None = None
    note: str = ""


def places() -> list[Location]:
    """The site's locations in the order in which it sells from them, what is due after all that is
    in the house; the first is never due."""
    found = list(Location.objects.filter(active=True))
    if all(place.kind == "due" for place in found):
        Location.objects.bulk_create(
            [Location.here(code="main", name={"ja": "倉庫", "en": "Warehouse"})],
            ignore_conflicts=True,
        )
        found = list(Location.objects.filter(active=True))
    return sorted(found, key=lambda place: place.kind == "due")


def lock(skus: Iterable[UUID], *, at: UUID | None = None) -> dict[Place, Stock]:
    """All stock rows of these SKUs, with their locations, held until the transaction ends. With
    `at`, rows that are missing there are made."""
    wanted = sorted(set(skus))
    if at is not None:
        known = set(
            Stock.objects.filter(sku_id__in=wanted, location_id=at).values_list("sku_id", flat=True)
        )
        if missing := [sku for sku in wanted if sku not in known]:
            Stock.objects.bulk_create(
                [Stock.here(sku_id=sku, location_id=at) for sku in missing], ignore_conflicts=True
            )
    rows = Stock.objects.filter(sku_id__in=wanted)
    ordered = rows.order_by("sku_id", "location_id").select_related("location")
    while True:
        locked = list(ordered.select_for_update(no_key=True, of=("self",)))
        # Whoever was waited for may have taken in what was due, at a place that is new to it.
        if not any(row.location.kind == "due" for row in locked) or rows.count() == len(locked):
            return {(row.sku_id, row.location_id): row for row in locked}


def offered(
    rows: Mapping[Place, Stock], skus: Iterable[UUID], chosen: Sequence[Location]
) -> dict[Place, int]:
    """What each of these locations can sell, of locked rows; what is due only of goods that are
    sold ahead."""
    wanted = set(skus)
    ahead = set(wanted)
    if any(place.kind == "due" for place in chosen):
        found = Sku.objects.filter(id__in=wanted, product__preorder_month__gt="")
        ahead = set(found.values_list("id", flat=True))
    return {
        (sku, place.id): sellable(counts_of(rows.get((sku, place.id))), place.buffer)
        for place in chosen
        for sku in (ahead if place.kind == "due" else wanted)
    }


def counts_of(row: Stock | None) -> Counts:
    return Counts(row.on_hand, row.allocated, row.held) if row else Counts()


def promised_to(of: UUID, skus: Iterable[UUID]) -> dict[Place, int]:
    """What is owed to an order of these SKUs, held; asked after the stock rows are locked."""
    rows = (
        Allocation.objects.filter(reference=of, sku_id__in=list(skus), quantity__gt=0)
        .order_by("sku_id", "location_id")
        .select_for_update(no_key=True)
    )
    return {(row.sku_id, row.location_id): row.quantity for row in rows}


def write(rows: Mapping[Place, Stock], entries: Sequence[Entry], why: Because) -> None:
    """Applies the entries to locked rows, all or none. Raises NotEnough."""
    after = {entry.place: counts_of(rows.get(entry.place)) for entry in entries}
    for entry in entries:
        after[entry.place] = after[entry.place].plus(entry.reason, entry.quantity)
    short = {
        place[0]: max(0, counts_of(rows.get(place)).free)
        for place, counts in after.items()
        if not counts.possible or place not in rows
    }
    if short:
        raise NotEnough(short)
    _update(rows, after)
    for place, counts in after.items():  # the next step of this transaction starts from these
        row = rows[place]
        row.on_hand, row.allocated, row.held = counts.on_hand, counts.allocated, counts.held
    Movement.objects.bulk_create([_movement(entry, why) for entry in entries])
    if why.of is not None:
        _promise(entries, why.of)


def _update(rows: Mapping[Place, Stock], after: Mapping[Place, Counts]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_stock s SET on_hand = d.h, allocated = d.a, held = d.l"
            " FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::int[]) AS d(id, h, a, l)"
            " WHERE s.site_id = %s AND s.id = d.id",
            [
                [rows[place].pk for place in after],
                [counts.on_hand for counts in after.values()],
                [counts.allocated for counts in after.values()],
                [counts.held for counts in after.values()],
                current_site_id(),
            ],
        )


def _movement(entry: Entry, why: Because) -> Movement:
    on_hand, allocated, held = deltas(entry.reason, entry.quantity)
    sku, location = entry.place
    return Movement.here(
        sku_id=sku, location_id=location, reason=entry.reason, on_hand_delta=on_hand,
        allocated_delta=allocated, held_delta=held, reference=why.reference, note=why.note,
        by=why.by,
    )  # fmt: skip


def _promise(entries: Sequence[Entry], of: UUID) -> None:
    changes: Counter[tuple[UUID, Place]] = Counter()
    for entry in entries:
        if entry.reason in PROMISED:
            changes[of, entry.place] += deltas(entry.reason, entry.quantity)[1]
    owe(changes)


def owe(changes: Mapping[tuple[UUID, Place], int]) -> None:
    """(order, place) -> so many pieces more (or fewer) are owed; brings what is owed along with the
    stock rows."""
    more = {key: quantity for key, quantity in changes.items() if quantity > 0}
    fewer = {key: quantity for key, quantity in changes.items() if quantity < 0}
    with connection.cursor() as cursor:
        if more:
            cursor.execute(
                "INSERT INTO inventory_allocation"
                " (site_id, reference, sku_id, location_id, quantity)"
                " SELECT %s, d.* FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::int[]) d"
                " ON CONFLICT (site_id, reference, sku_id, location_id)"
                " DO UPDATE SET quantity = inventory_allocation.quantity + EXCLUDED.quantity",
                [current_site_id(), *_columns(more)],
            )
        if fewer:
            cursor.execute(
                "UPDATE inventory_allocation a SET quantity = a.quantity + d.q"
                " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::int[])"
                " AS d(reference, sku, location, q)"
                " WHERE a.site_id = %s AND a.reference = d.reference"
                " AND a.sku_id = d.sku AND a.location_id = d.location",
                [*_columns(fewer), current_site_id()],
            )


def _columns(
    changes: Mapping[tuple[UUID, Place], int],
) -> tuple[list[UUID], list[UUID], list[UUID], list[int]]:
    return (
        [of for of, _ in changes], [sku for _, (sku, _place) in changes],
        [place for _, (_sku, place) in changes], list(changes.values()),
    )  # fmt: skip

"""What is left, where, and whether the books agree."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from lockstitch.inventory.holds import free_counts
from lockstitch.inventory.ledger import counts_of
from lockstitch.inventory.models import Allocation, Hold, Movement, Stock
from lockstitch.inventory.models import Location as Location
from lockstitch.inventory.models import Sheet as Sheet
from lockstitch.inventory.models import SheetLine as SheetLine
from lockstitch.inventory.rules import Counts, Place, sellable, word
from lockstitch.kernel.clock import now

FRESH = dt.timedelta(days=1)


def available(sku_ids: Iterable[UUID], *, held_by: UUID | None = None) -> dict[UUID, int]:
    """Pieces that can be sold now from the site's selling locations, of goods sold ahead also what
    is due; a SKU that has no stock row has none. `held_by`: with what is held for this checkout."""
    ids = list(sku_ids)
    rows = list(
        Stock.objects.filter(sku_id__in=ids, location__sells_online=True, location__active=True)
        .exclude(location__kind="due", sku__product__preorder_month="")
        .select_related("location")
    )  # fmt: skip
    freed = free_counts(rows, ids, held_by)
    found: Counter[UUID] = Counter()
    for row in rows:
        again = freed[row.sku_id, row.location_id]
        found[row.sku_id] += sellable(counts_of(row), row.location.buffer, freed=again)
    return {row.sku_id: found[row.sku_id] for row in rows}


def at_locations(sku_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, Counts]]:
    """SKU -> location -> its counts."""
    found: defaultdict[UUID, dict[UUID, Counts]] = defaultdict(dict)
    for row in Stock.objects.filter(sku_id__in=list(sku_ids)):
        found[row.sku_id][row.location_id] = counts_of(row)
    return dict(found)


@dataclass(frozen=True)
class ShopStock:
    """What one shop has of some SKUs: a word for each, and how old the figures are at most."""

    location: Location
    words: dict[UUID, str]
    as_of: dt.datetime | None


def in_shops(sku_ids: Iterable[UUID]) -> list[ShopStock]:
    """Of the site's open shops that have said something lately; one query. Figures of a till are
    as old as it says; older than a day they are no help and left out."""
    ids, found = list(sku_ids), dict[UUID, ShopStock]()
    rows = Stock.objects.filter(
        sku_id__in=ids, location__kind="store", location__active=True
    ).select_related("location")
    for row in rows.order_by("location__position", "location_id"):
        if row.stated_at is not None and now() - row.stated_at > FRESH:
            continue
        shop = found.get(row.location_id)
        ages = [each for each in (shop and shop.as_of, row.stated_at) if each]
        words = shop.words if shop else {}
        words[row.sku_id] = word(sellable(counts_of(row), row.location.buffer))
        found[row.location_id] = ShopStock(row.location, words, min(ages, default=None))
    return list(found.values())


def locations(*, all_of_them: bool = False) -> list[Location]:
    rows = Location.objects.all()
    return list(rows if all_of_them else rows.filter(active=True))


def find_location(code: str) -> Location | None:
    return Location.objects.filter(code=code).first()


def pickup_places(pieces: dict[UUID, int]) -> list[Location]:
    """Where all of these could be fetched from, today."""
    rows = Stock.objects.filter(
        sku_id__in=list(pieces), location__pickup=True, location__active=True
    ).select_related("location")
    offered: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    places = {}
    for row in rows:
        places[row.location_id] = row.location
        offered[row.location_id][row.sku_id] = sellable(counts_of(row), row.location.buffer)
    ready = [
        places[place] for place, has in offered.items()
        if all(has.get(sku, 0) >= wanted for sku, wanted in pieces.items())
    ]  # fmt: skip
    return sorted(ready, key=lambda place: (place.position, place.id))


def promises(reference: UUID) -> dict[UUID, dict[UUID, int]]:
    """Location -> SKU -> pieces in the house still owed to an order."""
    found: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    rows = Allocation.objects.filter(reference=reference, quantity__gt=0)
    for row in rows.exclude(location__kind="due"):
        found[row.location_id][row.sku_id] = row.quantity
    return dict(found)


def disagreements() -> list[UUID]:
    """SKUs of this site whose books differ: always empty.

    At every location stock is the sum of its movements, what is allocated is the sum of what is
    owed to orders, and what is held is the sum of the holds.
    """
    moved = {
        (row["sku_id"], row["location_id"]): Counts(row["h"], row["a"], row["l"])
        for row in Movement.objects.values("sku_id", "location_id").annotate(
            h=Sum("on_hand_delta"), a=Sum("allocated_delta"), l=Sum("held_delta")
        )
    }
    owed, held = _sums(Allocation), _sums(Hold)
    wrong = set()
    for row in Stock.objects.all():
        place = (row.sku_id, row.location_id)
        kept = counts_of(row)
        promised, holding = owed.pop(place, 0), held.pop(place, 0)
        if moved.pop(place, Counts()) != kept or promised != kept.allocated or holding != kept.held:
            wrong.add(row.sku_id)
    wrong |= {sku for (sku, _), counts in moved.items() if counts != Counts()}
    wrong |= {sku for books in (owed, held) for (sku, _), pieces in books.items() if pieces}
    return sorted(wrong)


def _sums(model: type[Allocation] | type[Hold]) -> dict[Place, int]:
    rows = model.objects.values("sku_id", "location_id").annotate(q=Sum("quantity"))
    return {(row["sku_id"], row["location_id"]): row["q"] for row in rows}

"""予約の引当: goods sold ahead that come in go to those who bought them, first in, first out.

Whatever frees a piece (a receipt, a count, another's cancelled order) serves who waits before it
can be sold, so nobody who buys today passes those who wait.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import F

from lockstitch.inventory.ledger import Because, Entry, counts_of, owe, write
from lockstitch.inventory.models import Allocation, Allotment, Hold, Stock
from lockstitch.inventory.rules import Place, in_turn, sellable
from lockstitch.kernel.clock import now
from lockstitch.tenancy.scope import current_site_id

CAME_IN = frozenset({"receipt", "adjust"})

# Of each SKU as many rows as there are pieces: each row takes one at least. The stock rows are
# locked, so nobody else moves these promises.
WAITING = """
SELECT a.reference, a.sku_id, a.location_id, a.quantity
FROM unnest(%s::uuid[], %s::int[]) AS d(sku, pieces) CROSS JOIN LATERAL (
    SELECT * FROM inventory_allocation a WHERE a.site_id = %s AND a.sku_id = d.sku
    AND a.location_id = ANY (%s) AND a.quantity > 0
    ORDER BY a.first_at NULLS LAST, a.id LIMIT d.pieces
) a ORDER BY a.sku_id, a.first_at NULLS LAST, a.id
"""


@dataclass
class _Step:
    """What one step hands on. `free`: SKU -> location -> pieces that can be given."""

    free: dict[UUID, Counter[UUID]]
    entries: Counter[tuple[str, Place]] = field(default_factory=Counter)
    owed: Counter[tuple[UUID, Place]] = field(default_factory=Counter)

    def give(self, sku: UUID, pieces: int) -> list[tuple[UUID, int]]:
        """Up to so many pieces, by location."""
        taken = in_turn([(place, n) for place, n in self.free[sku].items() if n], pieces)
        self.free[sku].subtract(dict(taken))
        return taken


def book(rows: Mapping[Place, Stock], entries: Sequence[Entry], why: Because) -> None:
    """`ledger.write`, after which no piece that could be sold is in the house while somebody waits
    for one. Raises NotEnough."""
    write(rows, entries, why)
    touched = {entry.place[0] for entry in entries}
    due = {
        place: row for place, row in rows.items()
        if place[0] in touched and row.location.kind == "due"
    }  # fmt: skip
    if any(row.on_hand for row in due.values()):
        _pass_on(rows, due, entries, why)


def _pass_on(
    rows: Mapping[Place, Stock], due: Mapping[Place, Stock], entries: Sequence[Entry], why: Because
) -> None:
    free: dict[UUID, Counter[UUID]] = {sku: Counter() for sku, _ in due}
    for (sku, place), row in sorted(rows.items(), key=_turn):
        if sku in free and row.location.serves:
            free[sku][place] = sellable(counts_of(row), row.location.buffer)
    step = _Step(free)
    _serve_orders(step, due, why)
    _serve_holds(step, due)
    came: Counter[UUID] = Counter()
    for entry in entries:
        is_in = entry.reason in CAME_IN and entry.quantity > 0
        if is_in and rows[entry.place].location.serves:
            came[entry.place[0]] += entry.quantity
    for key, row in due.items():
        owed = row.allocated - step.entries["passed", key] + row.held - step.entries["unhold", key]
        landed = min(came[key[0]], row.on_hand - owed)
        came[key[0]] -= landed
        step.entries["landed", key] += landed
    done = [Entry(reason, place, n) for (reason, place), n in step.entries.items() if n]
    if done:
        write(rows, done, Because(uuid4(), None, why.by, why.note))
        owe(step.owed)


def _turn(one: tuple[Place, Stock]) -> tuple[int, UUID]:
    """The order in which the site sells from its locations."""
    return one[1].location.position, one[1].location_id


def _serve_orders(step: _Step, due: Mapping[Place, Stock], why: Because) -> None:
    pieces = {sku: sum(step.free[sku].values()) for (sku, _), row in due.items() if row.allocated}
    pieces = {sku: n for sku, n in pieces.items() if n}
    if not pieces:
        return
    made = []
    with connection.cursor() as cursor:
        cursor.execute(
            WAITING,
            [list(pieces), list(pieces.values()), current_site_id(), [place for _, place in due]],
        )
        waiting = cursor.fetchall()
    for of, sku, place, wanted in waiting:
        for to, n in step.give(sku, wanted):
            step.entries["passed", (sku, place)] += n
            step.entries["allot", (sku, to)] += n
            step.owed[of, (sku, place)] -= n
            step.owed[of, (sku, to)] += n
            made.append(Allotment.here(
                reference=of, sku_id=sku, location_id=to, quantity=n, step=why.reference or of
            ))  # fmt: skip
    Allotment.objects.bulk_create(made)


def _serve_holds(step: _Step, due: Mapping[Place, Stock]) -> None:
    """Who is paying at this moment keeps what is kept for them."""
    skus = [sku for (sku, _), row in due.items() if row.held and any(step.free[sku].values())]
    if not skus:
        return
    places = [place for _, place in due]
    for kept in Hold.objects.filter(sku_id__in=skus, location_id__in=places).order_by("id"):
        for to, n in step.give(kept.sku_id, kept.quantity):
            step.entries["unhold", (kept.sku_id, kept.location_id)] += n
            step.entries["hold", (kept.sku_id, to)] += n
            kept.quantity -= n
            there = Hold.objects.filter(holder=kept.holder, sku_id=kept.sku_id, location_id=to)
            if not there.update(quantity=F("quantity") + n):
                Hold.objects.create(
                    holder=kept.holder, sku_id=kept.sku_id, location_id=to, quantity=n,
                    expires_at=kept.expires_at,
                )  # fmt: skip
        if kept.quantity:
            kept.save(update_fields=["quantity"])
        else:
            kept.delete()


def put_first(reference: UUID, sku_id: UUID) -> bool:
    """This order is served next, before those that came earlier. False when it waits for none."""
    found = Allocation.objects.filter(
        reference=reference, sku_id=sku_id, quantity__gt=0, location__kind="due"
    )
    return bool(found.update(first_at=now()))

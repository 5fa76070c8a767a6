"""What each reason does to a stock row, where an order takes its pieces from, and the words for
what is left. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

# reason -> (sign on on_hand, sign on allocated, sign on held)
DELTAS: dict[str, tuple[int, int, int]] = {
    "receipt": (1, 0, 0),
    "adjust": (1, 0, 0),  # the quantity may be negative
    "allocate": (0, 1, 0),
    "release": (0, -1, 0),
    "ship": (-1, -1, 0),
    "return": (1, 0, 0),
    "transfer_out": (-1, 0, 0),
    "transfer_in": (1, 0, 0),
    "write_off": (-1, 0, 0),
    "hold": (0, 0, 1),
    "unhold": (0, 0, -1),
    # What was sold ahead came in: it is expected no more, and its promises go to where it is.
    "landed": (-1, 0, 0),
    "passed": (0, -1, 0),
    "allot": (0, 1, 0),
}
PROMISED = frozenset({"allocate", "release", "ship"})  # these move an order's allocations as well

FEW = 3

Place = tuple[UUID, UUID]  # (SKU, location)


@dataclass(frozen=True)
class Counts:
    """One stock row: pieces in the house, promised to orders, and held for a checkout."""

    on_hand: int = 0
    allocated: int = 0
    held: int = 0

    @property
    def free(self) -> int:
        return self.on_hand - self.allocated - self.held

    @property
    def possible(self) -> bool:
        """The same that the table's own constraints ask."""
        return min(self.on_hand, self.allocated, self.held, self.free) >= 0

    def plus(self, reason: str, quantity: int) -> "Counts":
        on_hand, allocated, held = deltas(reason, quantity)
        return Counts(self.on_hand + on_hand, self.allocated + allocated, self.held + held)


def deltas(reason: str, quantity: int) -> tuple[int, int, int]:
    """(change of on_hand, of allocated, of held)."""
    on_hand, allocated, held = DELTAS[reason]
    if quantity <= 0 and reason != "adjust":
        raise ValueError("a movement has at least one piece")
    return on_hand * quantity, allocated * quantity, held * quantity


def sellable(counts: Counts, buffer: int, *, freed: int = 0) -> int:
    """What a location offers: its free pieces without the safety stock. `freed` are held pieces
    that count as free: holds that have run out, or the asker's own."""
    return max(0, counts.free + freed - buffer)


def plan(
    wanted: Mapping[UUID, int], offered: Mapping[Place, int], order: Sequence[UUID]
) -> dict[Place, int] | None:
    """Which location gives how many of what: the fewest parcels first, then the site's order.

    Takes, again and again, all it can from the location that has most of what is still wanted;
    so one location that has everything is always found. None when there is too little.
    """
    left = {sku: quantity for sku, quantity in wanted.items() if quantity > 0}
    taken: dict[Place, int] = {}
    remaining = list(order)
    while left and remaining:
        parts = {
            place: {
                sku: min(quantity, offered.get((sku, place), 0)) for sku, quantity in left.items()
            }
            for place in remaining
        }
        best = max(remaining, key=lambda place: sum(parts[place].values()))  # the first of equals
        remaining.remove(best)
        for sku, quantity in parts[best].items():
            if quantity:
                taken[sku, best] = quantity
        left = {sku: q - parts[best][sku] for sku, q in left.items() if q > parts[best][sku]}
    return None if left else taken


def take_back(
    wanted: Mapping[UUID, int], promised: Mapping[Place, int], order: Sequence[UUID]
) -> dict[Place, int] | None:
    """From which of an order's promises so many pieces are taken, in the site's order of
    locations. None when it was not promised so many."""
    taken: dict[Place, int] = {}
    for sku, quantity in wanted.items():
        left = quantity
        for place in order:
            pieces = min(left, promised.get((sku, place), 0))
            if pieces > 0:
                taken[sku, place] = pieces
                left -= pieces
        if left > 0:
            return None
    return taken


def in_turn[K](waiting: Iterable[tuple[K, int]], pieces: int) -> list[tuple[K, int]]:
    """How many of so many pieces each of those who wait gets: first come, first served, nobody
    passed over for wanting more than is left."""
    served = []
    for who, wanted in waiting:
        got = min(wanted, pieces)
        if got <= 0:
            break
        served.append((who, got))
        pieces -= got
    return served


def word(available: int) -> str:
    """`in`, `few` or `out`: what a shopper is told of `available` pieces."""
    if available <= 0:
        return "out"
    return "few" if available <= FEW else "in"

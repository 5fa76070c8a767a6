"""The three small state machines of an order, and what giving back costs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from lockstitch.kernel.money import BasisPoints, Yen, included_tax

# machine -> state -> the states it may change to
MACHINES: dict[str, dict[str, frozenset[str]]] = {
    "status": {
        "pending": frozenset({"placed", "lapsed"}),  # at a payment provider; not an order yet
        "placed": frozenset({"completed", "cancelled"}),
        "completed": frozenset({"placed"}),  # an exchange opens it again
        "cancelled": frozenset(),
        "lapsed": frozenset(),
    },
    "payment": {
        "awaiting": frozenset({"authorised", "captured", "void", "failed"}),  # 入金待ち
        "failed": frozenset({"awaiting", "authorised", "void"}),
        "authorised": frozenset({"capturing", "captured", "void"}),  # 売上未確定
        "capturing": frozenset({"captured", "authorised"}),  # asked of the provider
        # Back to awaiting or authorised: an exchange or edit costs more than was taken.
        "captured": frozenset({"capturing", "refund_due", "awaiting", "authorised"}),
        "refund_due": frozenset({"captured", "refunded"}),
        "refunded": frozenset(),
        "void": frozenset(),
    },
    "fulfilment": {
        "unshipped": frozenset({"part", "shipped", "stopped"}),
        "part": frozenset({"shipped"}),
        "shipped": frozenset({"delivered", "part"}),
        "delivered": frozenset({"part"}),
        "stopped": frozenset(),
    },
}

FIRST_STATUS = {"card": "pending", "konbini": "pending", "link": "pending"}  # others: placed
FIRST_PAYMENT = {"cod": "authorised", "points": "captured"}  # others: awaiting
# When a card is charged: with the order; when the goods are sent; or then, but before the hold on
# the money ends (a card's is a week or so, and a pre-order may be sent in months).
CHARGES = ("order", "ship", "hold")
SENT = ("part", "shipped", "delivered")
GONE = ("shipped", "delivered")  # all of it: the money is taken, or being taken
TAKEN = ("capturing", "captured", "refund_due", "refunded")


def may_move(machine: str, state: str, to: str) -> bool:
    return to in MACHINES[machine][state]


def may_ship(status: str, payment: str, fulfilment: str) -> bool:
    """Goods leave when the money is here (though a part of it goes back for pieces cancelled), or
    will be taken at the door or at the provider."""
    return (
        status == "placed"
        and fulfilment in {"unshipped", "part"}
        and payment in {"authorised", "capturing", "captured", "refund_due"}
    )


def may_cancel(status: str, fulfilment: str) -> bool:
    """Whole or in part: what has not left can still be given up."""
    return status == "placed" and fulfilment in {"unshipped", "part"}


def may_amend(status: str, fulfilment: str) -> bool:
    return status == "placed" and fulfilment == "unshipped"


@dataclass(frozen=True)
class Back:
    """What is given back for an order, in yen: `money` first, then `points`."""

    money: Yen
    points: Yen

    @property
    def total_yen(self) -> Yen:
        return self.money + self.points


def split_back(yen: Yen, *, money_left: Yen) -> Back:
    """Money first, so that points never turn into money and nobody waits for money as points."""
    money = min(yen, money_left)
    return Back(money, yen - money)


def worth(net_yen: Yen, quantity: int, *, before: int, pieces: int) -> Yen:
    """What `pieces` of a line are worth when `before` were given back already.

    Cumulative rounding: whatever the sequence, the parts of a line sum to the whole of it.
    Raises ValueError when the line has not so many pieces.
    """
    if pieces < 1 or before < 0 or before + pieces > quantity:
        raise ValueError("more pieces than the line has")
    return net_yen * (before + pieces) // quantity - net_yen * before // quantity


def tax_of(bases: Mapping[BasisPoints, Yen]) -> dict[BasisPoints, Yen]:
    """The tax inside each rate's sum, once per rate (消費税法施行令 70条の10)."""
    return {rate: included_tax(base, rate) for rate, base in sorted(bases.items()) if base}


def tax_given_up(
    bases: Mapping[BasisPoints, Yen], back: Mapping[BasisPoints, Yen]
) -> dict[BasisPoints, Yen]:
    """The tax that leaves an order with `back`: before minus after, so that documents sum."""
    return {
        rate: included_tax(bases[rate], rate) - included_tax(bases[rate] - yen, rate)
        for rate, yen in sorted(back.items())
        if yen
    }

"""The three small state machines of an order, and nothing else. Pure."""

# machine -> state -> the states it may change to
MACHINES: dict[str, dict[str, frozenset[str]]] = {
    "status": {
        "placed": frozenset({"completed", "cancelled"}),
        "completed": frozenset(),
        "cancelled": frozenset(),
    },
    "payment": {
        "awaiting": frozenset({"captured", "void"}),  # bank transfer: 入金待ち
        "authorised": frozenset({"captured", "void"}),  # cash on delivery: 売上未確定
        "captured": frozenset({"refund_due"}),
        "refund_due": frozenset(),
        "void": frozenset(),
    },
    "fulfilment": {
        "unshipped": frozenset({"shipped", "stopped"}),
        "shipped": frozenset(),
        "stopped": frozenset(),
    },
}

FIRST_PAYMENT = {"cod": "authorised", "bank": "awaiting"}


def may_move(machine: str, state: str, to: str) -> bool:
    return to in MACHINES[machine][state]


def may_ship(status: str, payment: str, fulfilment: str) -> bool:
    """Goods leave when the money is here, or will be taken at the door."""
    return (
        status == "placed" and fulfilment == "unshipped" and payment in {"authorised", "captured"}
    )


def may_cancel(status: str, fulfilment: str) -> bool:
    return status == "placed" and fulfilment == "unshipped"

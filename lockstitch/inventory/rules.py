"""What each reason does to a stock row, and the words for what is left. Pure."""

# reason -> (sign on on_hand, sign on allocated)
DELTAS: dict[str, tuple[int, int]] = {
    "receipt": (1, 0),
    "adjust": (1, 0),  # the quantity may be negative
    "allocate": (0, 1),
    "release": (0, -1),
    "ship": (-1, -1),
    "return": (1, 0),
}

FEW = 3


def deltas(reason: str, quantity: int) -> tuple[int, int]:
    """(change of on_hand, change of allocated)."""
    on_hand, allocated = DELTAS[reason]
    if quantity <= 0 and reason != "adjust":
        raise ValueError("a movement has at least one piece")
    return on_hand * quantity, allocated * quantity


def word(available: int) -> str:
    """`in`, `few` or `out`: what a shopper is told of `available` pieces."""
    if available <= 0:
        return "out"
    return "few" if available <= FEW else "in"

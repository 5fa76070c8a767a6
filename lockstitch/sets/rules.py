"""What a set may be. Pure."""

from collections.abc import Sequence

PARTS_MIN, PARTS_MAX = 2, 12
PIECES_MAX = 20  # in one set, all parts together


def refused_parts(quantities: Sequence[int]) -> str:
    """Why parts of so many pieces make no set: "parts", "pieces", or "" when they do."""
    if not PARTS_MIN <= len(quantities) <= PARTS_MAX:
        return "parts"
    return "pieces" if min(quantities) < 1 or sum(quantities) > PIECES_MAX else ""

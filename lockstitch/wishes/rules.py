"""How many are told of a size that is back. Pure."""

import datetime as dt

LETTERS_A_PIECE = 3  # not all who waited buy, and whoever comes too late is angry
TOLD_COUNTS_FOR = dt.timedelta(days=1)  # so long a letter may still bring its buyer
DEMAND_DAYS = 90


def to_tell(pieces: int, told_lately: int) -> int:
    """Letters that may go now, of a SKU with so many pieces for sale."""
    return max(0, pieces * LETTERS_A_PIECE - told_lately)

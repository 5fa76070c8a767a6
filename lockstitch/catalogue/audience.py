"""For whom a product is shown: everybody, whoever has the link, members, or members from a rank on.
Pure. All but the first are in no list, search, feed or sitemap."""

import re
from collections.abc import Iterable

OPEN = ("public", "link")  # a visitor's who has not signed in
AUDIENCES = ("public", "members", "link")
CODE_MAX = 30
RANKED = re.compile(rf"rank:[-\w]{{1,{CODE_MAX}}}", re.ASCII)


def is_audience(text: str) -> bool:
    return text in AUDIENCES or RANKED.fullmatch(text) is not None


def of_rank(code: str) -> str:
    """Members of this rank, and of those above it."""
    return f"rank:{code}"


def of_member(ranks: Iterable[str]) -> tuple[str, ...]:
    """What a member is shown who has reached these."""
    return (*OPEN, "members", *map(of_rank, ranks))

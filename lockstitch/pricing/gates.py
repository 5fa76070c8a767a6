"""Whether a product is sold to somebody yet. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Gate:
    """`opens_at` None: never for everyone. `by_rank`: earlier moments for some ranks."""

    opens_at: dt.datetime | None
    by_rank: Mapping[str, dt.datetime] = field(default_factory=dict)
    link_opens_at: dt.datetime | None = None


def opening(gate: Gate, *, rank: str = "", has_link: bool = False) -> dt.datetime | None:
    """The first moment from which this visitor may buy; None when there is none."""
    moments = [gate.opens_at, gate.by_rank.get(rank), gate.link_opens_at if has_link else None]
    return min((moment for moment in moments if moment is not None), default=None)


def may_buy(gate: Gate | None, *, rank: str = "", has_link: bool = False, at: dt.datetime) -> bool:
    """A product without a gate is open to all."""
    if gate is None:
        return True
    moment = opening(gate, rank=rank, has_link=has_link)
    return moment is not None and moment <= at

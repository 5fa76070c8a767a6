"""お直し: the lengths to which a piece can be hemmed before it is sent. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lockstitch.catalogue.sizing import cm_of

POINT = "inseam"  # 股下: the measured one is the longest that a size can be hemmed to


def hem_cm(hem_mm: int) -> str:
    """Of a line; empty for what is not hemmed."""
    return cm_of(hem_mm) if hem_mm else ""


@dataclass(frozen=True)
class Hem:
    """Lengths in mm, from and to inclusive; the fee in yen with tax; working time in days."""

    from_mm: int
    to_mm: int
    step_mm: int
    fee_yen: int
    days: int

    @property
    def lengths(self) -> range:
        return range(self.from_mm, self.to_mm + 1, self.step_mm)

    def within(self, measures: Mapping[str, int]) -> "Hem | None":
        """As it is offered for a size of these measures; None for one shorter than all of it."""
        most = min(self.to_mm, measures.get(POINT, self.to_mm))
        return replace(self, to_mm=most) if most >= self.from_mm else None

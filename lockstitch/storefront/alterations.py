"""お直し on a product's page: the lengths of its sizes, in a form that works without a script."""

from collections.abc import Iterable
from dataclasses import dataclass

from lockstitch.catalogue.hems import Hem
from lockstitch.catalogue.queries import Cell
from lockstitch.catalogue.sizing import cm_of


@dataclass(frozen=True)
class Choice:
    """What can be chosen beside the size. `most`: size's label -> its longest length in cm, when
    not all sizes have the same."""

    hem: Hem
    lengths: list[tuple[int, str]]  # (mm, cm)
    most: list[tuple[str, str]]


def most_of(hem: Hem | None, cell: Cell) -> int:
    """The longest length of a size in mm; 0 for one that is not hemmed."""
    own = hem.within(cell.size.measures) if hem else None
    return own.lengths[-1] if own else 0


def choice(hem: Hem | None, cells: Iterable[Cell]) -> Choice | None:
    """None when no size is hemmed."""
    longest = [(cell.size.label, most_of(hem, cell)) for cell in cells]
    top = max((mm for _label, mm in longest), default=0)
    if hem is None or not top:
        return None
    differ = len({mm for _label, mm in longest}) > 1
    return Choice(
        hem, [(mm, cm_of(mm)) for mm in hem.lengths if mm <= top],
        [(label, cm_of(mm) if mm else "—") for label, mm in longest] if differ else [],
    )  # fmt: skip

"""Lines that were bought together as a set, as one thing to show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lockstitch.kernel.text import Text

if TYPE_CHECKING:
    from lockstitch.orders.models import OrderLine


@dataclass
class Bought:
    """So many of a set, as ordered."""

    set_name: Text
    count: int
    lines: list["OrderLine"] = field(default_factory=list)
    is_set: bool = True

    @property
    def total_yen(self) -> int:
        return sum(line.total_yen for line in self.lines)

    @property
    def hidden(self) -> bool:
        """福袋: what is in it is told once a piece has been sent."""
        return any(line.set_hidden for line in self.lines) and not any(
            line.shipped for line in self.lines
        )


def by_set(lines: Iterable["OrderLine"]) -> list["OrderLine | Bought"]:
    """The lines in their order; those of a set stand together where its first one is."""
    found: list[OrderLine | Bought] = []
    sets: dict[object, Bought] = {}
    for line in lines:
        if line.set_group is None:
            found.append(line)
            continue
        if line.set_group not in sets:
            sets[line.set_group] = Bought(line.set_name, line.set_count)
            found.append(sets[line.set_group])
        sets[line.set_group].lines.append(line)
    return found

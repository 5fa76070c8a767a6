"""A brand's own sizes: as they stand on its tags, in other systems' words, and what each means, so
that a "2" of one brand and an "M" of another are one size for filters and feeds. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from lockstitch.catalogue.garments import GARMENTS
from lockstitch.kernel.errors import Refused

SYSTEMS_MAX, ROWS_MAX, WORD_MAX = 12, 60, 20
CLOTHES, SHOES = "clothes", "shoes"
APART = frozenset({"bag", "hat", "accessories", "kids"})  # kinds that "clothes" does not speak of
KINDS = (CLOTHES, *GARMENTS)
MEANT = ("S-XL", "cm")  # the column that says what a size means


class Own(Protocol):
    """What of models.SizeTable is wanted here."""

    brand: str
    kind: str
    gender: str
    systems: list[str]
    rows: list[list[str]]
    meanings: dict[str, str]


@dataclass(frozen=True)
class Read:
    systems: list[str]
    rows: list[list[str]]

    @property
    def meanings(self) -> dict[str, str]:
        column = next(n for n, name in enumerate(self.systems) if name in MEANT)
        return {row[0]: row[column] for row in self.rows}


def read(text: str) -> Read:
    """From lines of cells, by tabs or commas; the first line names the systems. Raises Refused with
    what is wrong, and where."""
    mark = "\t" if "\t" in text else ","
    lines = [
        (n, [cell.strip() for cell in row])
        for n, row in enumerate(csv.reader(io.StringIO(text.strip("\n\r")), delimiter=mark), 1)
        if any(cell.strip() for cell in row)
    ]
    if len(lines) < 2:
        raise Refused(_("A table has a line of systems and at least one line of sizes."))
    systems, rows = lines[0][1], lines[1:]
    if len(systems) > SYSTEMS_MAX or len(rows) > ROWS_MAX:
        raise Refused(_("At most %(columns)s columns and %(rows)s lines of sizes.")
                      % {"columns": SYSTEMS_MAX, "rows": ROWS_MAX})  # fmt: skip
    if len(set(systems)) < len(systems) or not all(systems):
        raise Refused(_("Each column has a name of its own."))
    if not any(name in MEANT for name in systems):
        raise Refused(_("One column is called S-XL, or cm for shoes: it says what a size means."))
    seen: set[str] = set()
    for n, row in rows:
        if len(row) != len(systems):
            raise Refused(
                _("Line %(n)s has %(count)s cells, the first line has %(most)s.")
                % {"n": n, "count": len(row), "most": len(systems)}
            )
        if max(map(len, row)) > WORD_MAX:
            raise Refused(_("Line %(n)s: at most %(most)s letters in a cell.")
                          % {"n": n, "most": WORD_MAX})  # fmt: skip
        if row[0] in seen:
            raise Refused(_("Line %(n)s: %(size)s stands there twice.") % {"n": n, "size": row[0]})
        seen.add(row[0])
    made = Read(systems, [row for _n, row in rows])
    if not all(label and word for label, word in made.meanings.items()):
        raise Refused(_("Each line names the size on the tag and what it means."))
    return made


def written(table: Own) -> str:
    """The other way."""
    return "\n".join("\t".join(row) for row in (table.systems, *table.rows))


def fitting[T: Own](tables: Iterable[T], brand: str, gender: str, kind: str) -> T | None:
    """The most particular table for such goods; the index decides alike, in SQL (`size_words`)."""
    wide = kind if kind in APART or kind == SHOES else CLOTHES
    own = [
        one for one in tables
        if one.brand == brand and one.kind in (kind, wide) and one.gender in ("", gender)
    ]  # fmt: skip
    return max(own, key=lambda one: (one.kind == kind, one.gender != ""), default=None)


def meaning(table: Own | None, label: str) -> str:
    """One size has one meaning; a size that no table speaks of means what it says."""
    words: Mapping[str, str] = table.meanings if table else {}
    return words.get(label.strip(), label)


def rows_of(table: Own, labels: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The lines of these sizes, in their order."""
    by_label = {row[0]: tuple(row) for row in table.rows}
    return tuple(by_label[one.strip()] for one in labels if one.strip() in by_label)

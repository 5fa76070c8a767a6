"""What all label files have in common: columns of a width, CP932, and a list of what does not fit.

Nothing is cut off: a parcel whose address or name is too long for its columns is left out of the
file and named, with the column.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lockstitch.kernel.cp932 import clusters, fit, width
from lockstitch.kernel.money import Yen

BREAK_AFTER = frozenset("都道府県市区町村郡　 、")
DIGITS = frozenset("0123456789０１２３４５６７８９")
EARLIEST_BREAK = 4  # never leave fewer characters than these on a line


@dataclass(frozen=True)
class Sender:
    """The shop on the label, and its customer codes at the carriers."""

    name: str = ""
    phone: str = ""
    postal_code: str = ""
    address: str = ""
    building: str = ""
    yamato_customer: str = ""
    yamato_class: str = ""
    yamato_fare: str = ""
    sagawa_customer: str = ""
    yupack_kind: str = ""


@dataclass(frozen=True)
class Label:
    """One parcel. `slot` is ours; `cod_yen` is None unless money is taken at the door."""

    reference: str
    ships_on: dt.date
    name: str
    phone: str
    postal_code: str  # seven digits
    address: str  # prefecture to number
    building: str
    contents: str
    delivery_date: dt.date | None = None
    slot: str = ""
    cod_yen: Yen | None = None
    cod_tax_yen: Yen = 0


@dataclass(frozen=True)
class Problem:
    """`kind`: long, missing, slot, cod (the parcel is left out) or character (it is in the file,
    with `was` replaced by `became`)."""

    reference: str
    column: str
    kind: str
    was: str = ""
    became: str = ""

    @property
    def stops(self) -> bool:
        return self.kind != "character"


class Unfit(ValueError):
    """A value has no place in the file."""

    def __init__(self, column: str, kind: str, was: str = "") -> None:
        super().__init__(column)
        self.column, self.kind, self.was = column, kind, was


Row = dict[str, str]


@dataclass(frozen=True)
class Layout:
    """`widths` in CP932 bytes for each column that is filled; the others stay empty."""

    carrier: str
    columns: Sequence[str]
    widths: Mapping[str, int]
    required: frozenset[str]
    row: Callable[[Label, Sender], Row]
    cod_max_yen: Yen
    headed: bool = True


@dataclass
class Made:
    data: bytes = b""
    written: list[str] = field(default_factory=list)  # references of the parcels in the file
    problems: list[Problem] = field(default_factory=list)


def make(layout: Layout, labels: Sequence[Label], sender: Sender) -> Made:
    """The file, with what was replaced and which parcels are not in it."""
    made, rows = Made(), []
    for label in labels:
        try:
            row, replaced = _checked(layout, label, sender)
        except Unfit as unfit:
            made.problems.append(Problem(label.reference, unfit.column, unfit.kind, was=unfit.was))
            continue
        made.problems += replaced
        made.written.append(label.reference)
        rows.append([row.get(column, "") for column in layout.columns])
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    if layout.headed:
        writer.writerow(layout.columns)
    writer.writerows(rows)
    made.data = text.getvalue().encode("cp932")
    return made


def _checked(layout: Layout, label: Label, sender: Sender) -> tuple[Row, list[Problem]]:
    if label.cod_yen is not None and not 0 < label.cod_yen <= layout.cod_max_yen:
        raise Unfit("代金引換額", "cod", str(label.cod_yen))
    fitted = _fitted(label)
    row = layout.row(fitted.label, sender)
    for column, value in row.items():
        if width(value) > layout.widths[column]:
            raise Unfit(column, "long", value)
    for column in layout.required:
        if not row.get(column, "").strip():
            raise Unfit(column, "missing")
    return row, [
        Problem(label.reference, name, "character", was, became)
        for name, was, became in fitted.replaced
    ]


@dataclass(frozen=True)
class _Fitted:
    label: Label
    replaced: list[tuple[str, str, str]]


def _fitted(label: Label) -> _Fitted:
    """The label with only characters of CP932, on one line each."""
    done = {
        name: fit(" ".join(text.split()))
        for name, text in (
            ("name", label.name), ("address", label.address), ("building", label.building),
            ("contents", label.contents),
        )
    }  # fmt: skip
    fitted = replace(
        label, name=done["name"].text, address=done["address"].text,
        building=done["building"].text, contents=done["contents"].text,
    )  # fmt: skip
    replaced = [
        (name, was, became) for name, each in done.items() for was, became in each.replaced.items()
    ]
    return _Fitted(fitted, replaced)


def spread(text: str, columns: Sequence[str], each: int) -> Row:
    """A text over several columns of `each` bytes, broken where a reader would break it and never
    within a character. Raises Unfit when it does not fit."""
    left = clusters(text.strip())
    row: Row = {}
    for column in columns:
        taken = _line(left, each)
        row[column] = "".join(left[:taken]).strip()
        left = left[taken:]
    if "".join(left).strip():
        raise Unfit(columns[-1], "long", text)
    return row


def _line(left: Sequence[str], most: int) -> int:
    """How many characters the next line takes."""
    used = fits = 0
    for cluster in left:
        used += width(cluster)
        if used > most:
            break
        fits += 1
    if fits == len(left):
        return fits
    for cut in range(fits, EARLIEST_BREAK, -1):
        before, after = left[cut - 1], left[cut]
        if before in BREAK_AFTER or (after in DIGITS and before not in DIGITS | {"-", "－"}):
            return cut
    return fits


def slot_code(label: Label, slots: Mapping[str, str], column: str) -> str:
    """The carrier's own code of the wished slot. Raises Unfit when it has none."""
    if not label.slot:
        return ""
    if label.slot not in slots:
        raise Unfit(column, "slot", label.slot)
    return slots[label.slot]


def hyphened(postal_code: str) -> str:
    return f"{postal_code[:3]}-{postal_code[3:]}" if len(postal_code) == 7 else postal_code

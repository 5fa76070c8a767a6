"""Measured sizes (採寸): shown in cm or inch, doubted when they cannot be right; and the same size
in other countries' words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lockstitch.catalogue.garments import GARMENTS as GARMENTS
from lockstitch.catalogue.garments import Garment as Garment
from lockstitch.catalogue.garments import Point as Point

MM_MAX = 3_000
Measures = Mapping[str, Mapping[str, int]]  # size code -> {point: mm}


def garment_code(attributes: Mapping[str, Sequence[str]], of_category: str) -> str:
    """A product may be another kind of garment than its category: a skirt among trousers."""
    return next(iter(attributes.get("garment", [])), "") or of_category


def mm_of(text: str) -> int | None:
    """Centimetres with at most one decimal, as typed; None for nothing. Raises ValueError."""
    text = text.strip()
    if not text:
        return None
    try:
        mm = Decimal(text) * 10
    except InvalidOperation:
        raise ValueError(text) from None
    if not mm.is_finite() or mm != mm.to_integral_value() or not 0 <= mm <= MM_MAX:
        raise ValueError(text)
    return int(mm)


def cm_of(mm: int) -> str:
    """68.5, and 68 for a whole one."""
    return f"{mm // 10}" if mm % 10 == 0 else f"{mm / 10:.1f}"


def inches_of(mm: int) -> str:
    inches = (Decimal(mm) / Decimal("25.4")).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{inches.normalize():f}"


@dataclass(frozen=True)
class Doubt:
    """`why`: missing, range, smaller (than the size before it)."""

    size: str
    point: Point
    why: str


def doubts(garment: Garment, sizes: Sequence[tuple[str, str]], measures: Measures) -> list[Doubt]:
    """What somebody should look at again, in the order of the sizes: a product without any number
    was not measured yet, which is one doubt for each size and point too."""
    found = []
    last: dict[str, int] = {}
    for code, _label in sizes:
        own = measures.get(code, {})
        for point in garment.points:
            mm = own.get(point.code)
            if mm is None:
                found.append(Doubt(code, point, "missing"))
                continue
            if not point.least <= mm <= point.most:
                found.append(Doubt(code, point, "range"))
            elif mm < last.get(point.code, 0):
                found.append(Doubt(code, point, "smaller"))
            last[point.code] = max(mm, last.get(point.code, 0))
    return found


@dataclass(frozen=True)
class Row:
    label: str
    cm: list[str]
    inches: list[str]


@dataclass(frozen=True)
class Table:
    """As the product page shows it. `points` only those that any size has a number for."""

    garment: Garment
    points: list[Point]
    rows: list[Row] = field(default_factory=list)

    @property
    def marks(self) -> list[tuple[int, Point, int, int]]:
        """(number, point, x, y of its number) for the drawing: a quarter along what goes across,
        further down what goes down, so that no two numbers cover each other."""
        found = []
        for n, point in enumerate(self.points, start=1):
            x, y, to_x, to_y = point.line
            part = 0.25 if abs(to_x - x) > abs(to_y - y) else 0.7
            found.append((n, point, round(x + (to_x - x) * part), round(y + (to_y - y) * part)))
        return found


def table(kind: str, sizes: Sequence[tuple[str, str]], measures: Measures) -> Table | None:
    """None where nothing was measured. `kind` is the category's garment."""
    garment = GARMENTS.get(kind)
    if garment is None or not any(measures.get(code) for code, _label in sizes):
        return None
    points = [p for p in garment.points if any(p.code in measures.get(c, {}) for c, _l in sizes)]
    made = Table(garment, points)
    for code, label in sizes:
        own = measures.get(code, {})
        shown = [own.get(point.code) for point in points]
        made.rows.append(
            Row(
                label,
                ["–" if mm is None else cm_of(mm) for mm in shown],
                ["–" if mm is None else inches_of(mm) for mm in shown],
            )
        )
    return made if points else None


@dataclass(frozen=True)
class Conversion:
    """Rows of the same size in each system's words. `source` says whose table it is."""

    systems: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str


_COMMON = (
    "Common retail practice; makers differ. JIS L 4005/L 4004 give body sizes, not equivalents."
)
_SHOES = "ISO/TS 19407:2015 (Mondopoint, EU and US scales), rounded to the sizes that are sold"
CONVERSIONS: dict[tuple[str, str], Conversion] = {
    ("women", "clothes"): Conversion(
        ("S-XL", "JP", "US", "UK", "EU", "FR", "IT"),
        (
            ("XS", "5", "0", "4", "32", "34", "36"), ("S", "7", "2", "6", "34", "36", "38"),
            ("M", "9", "4", "8", "36", "38", "40"), ("L", "11", "6", "10", "38", "40", "42"),
            ("XL", "13", "8", "12", "40", "42", "44"), ("XXL", "15", "10", "14", "42", "44", "46"),
        ),
        _COMMON,
    ),
    ("men", "clothes"): Conversion(
        ("S-XL", "JP", "US", "UK", "EU", "FR", "IT"),
        (
            ("XS", "XS", "34", "34", "44", "44", "44"), ("S", "S", "36", "36", "46", "46", "46"),
            ("M", "M", "38", "38", "48", "48", "48"), ("L", "L", "40", "40", "50", "50", "50"),
            ("XL", "LL", "42", "42", "52", "52", "52"),
            ("XXL", "3L", "44", "44", "54", "54", "54"),
        ),
        _COMMON,
    ),
    ("women", "shoes"): Conversion(
        ("cm", "EU", "US", "UK"),
        (
            ("22", "35", "5", "2.5"), ("22.5", "35.5", "5.5", "3"), ("23", "36", "6", "3.5"),
            ("23.5", "37", "6.5", "4"), ("24", "37.5", "7", "4.5"), ("24.5", "38", "7.5", "5"),
            ("25", "39", "8", "5.5"), ("25.5", "39.5", "8.5", "6"), ("26", "40", "9", "6.5"),
        ),
        _SHOES,
    ),
    ("men", "shoes"): Conversion(
        ("cm", "EU", "US", "UK"),
        (
            ("24.5", "39", "6.5", "6"), ("25", "40", "7", "6.5"), ("25.5", "40.5", "7.5", "7"),
            ("26", "41", "8", "7.5"), ("26.5", "42", "8.5", "8"), ("27", "42.5", "9", "8.5"),
            ("27.5", "43", "9.5", "9"), ("28", "44", "10", "9.5"), ("28.5", "44.5", "10.5", "10"),
            ("29", "45", "11", "10.5"),
        ),
        _SHOES,
    ),
}  # fmt: skip
_NOT_CONVERTED = {"bag", "hat", "accessories", "kids"}


def conversion(gender: str, kind: str, labels: Sequence[str]) -> Conversion | None:
    """The rows of the table for these sizes, in whichever of its systems they are written; None
    where the sizes are in none of them."""
    if kind in _NOT_CONVERTED:
        return None
    found = CONVERSIONS.get((gender or "women", "shoes" if kind == "shoes" else "clothes"))
    if found is None:
        return None
    wanted = [label.strip().removesuffix("cm").removesuffix(".0") for label in labels]
    best = max(
        range(len(found.systems)),
        key=lambda n: sum(any(row[n] == label for row in found.rows) for label in wanted),
    )
    rows = tuple(row for label in wanted for row in found.rows if row[best] == label)
    return Conversion(found.systems, rows, found.source) if rows else None

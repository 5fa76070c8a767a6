"""Size advice: a garment that fits its owner, laid beside each size of another. Pure.

How far two garments may differ before the wearer feels it is a tailor's rule of thumb, not a
standard: it is said with the number itself, so that everybody can judge for themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Millimetres to either side that still feel the same. Chest and hem are measured flat (half round).
FEELS_SAME = {
    "length": 20, "shoulder": 10, "chest": 15, "sleeve": 15, "yuki": 15, "hem": 20, "waist": 20,
    "hip": 25, "rise": 10, "inseam": 20, "thigh": 10, "skirt": 20, "insole": 4, "width": 4,
    "head": 8,
}  # fmt: skip
TIGHT_COSTS = 2  # too small is worse than too large
ALIASES = {"foot": "insole"}
KIND_OF = {  # a shop's kind of garment -> the kind that members measure (members.rules.GARMENTS)
    "tops": "top", "shirt": "top", "knit": "top", "kids": "top", "outer": "dress",
    "dress": "dress", "skirt": "bottom", "pants": "bottom", "shoes": "shoes",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One measuring point: what the size has more (or, below nought, less) than one's own."""

    point: str
    own_mm: int
    diff_mm: int

    @property
    def word(self) -> str:
        same = FEELS_SAME[self.point]
        if abs(self.diff_mm) <= same:
            return "same"
        near = abs(self.diff_mm) <= 3 * same
        if self.diff_mm < 0:
            return "tight" if near else "too_tight"
        return "loose" if near else "too_loose"

    @property
    def diff_cm(self) -> str:
        return f"{self.diff_mm / 10:+.1f}"


@dataclass(frozen=True)
class Fitted:
    """A size beside one's own garment. `score`: 0 is the same; compared only within a product."""

    label: str
    parts: list[Part]
    score: float = field(default=0.0)


def advise(
    own_cm: Mapping[str, float], sizes: Sequence[tuple[str, Mapping[str, int]]]
) -> tuple[list[Fitted], str]:
    """Of sizes as (label, measures in mm): each that shares a point with one's own, and the label
    of the nearest; "" where nothing can be compared."""
    own = {ALIASES.get(point, point): round(cm * 10) for point, cm in own_cm.items()}
    found = []
    for label, measures in sizes:
        parts = [
            Part(point, own[point], measures[point] - own[point])
            for point in measures
            if point in own and point in FEELS_SAME
        ]
        if parts:
            found.append(Fitted(label, parts, _score(parts)))
    best = min(found, key=lambda each: each.score, default=None)
    return found, best.label if best else ""


def _score(parts: Sequence[Part]) -> float:
    costs = [
        abs(part.diff_mm) / FEELS_SAME[part.point] * (TIGHT_COSTS if part.diff_mm < 0 else 1)
        for part in parts
    ]
    return sum(costs) / len(costs)

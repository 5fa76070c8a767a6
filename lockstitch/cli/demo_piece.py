"""What the demo's range is written in: a product, its colours and how it is drawn."""

from dataclasses import dataclass

from lockstitch.catalogue.colours import FAMILIES
from lockstitch.kernel.text import Text

CLOTHES = ("S", "M", "L")
FRENCH = ("36", "38", "40")
SHOES = ("22.5", "23.0", "23.5", "24.0", "24.5", "25.0")  # cm
FREE = ("F",)


@dataclass(frozen=True)
class Hue:
    """A colour of a product. `wall` is the paper behind it and `trim` its second colour."""

    code: str
    ja: str
    en: str
    hex: str
    family: str
    trim: str = ""
    wall: str = ""
    cloth: str = ""  # where a colour is woven differently

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ValueError(f"{self.family!r} is not a colour family")


@dataclass(frozen=True)
class Piece:
    """A product of the demo; prices are in yen with tax."""

    slug: str
    number: str
    category: str
    name: Text
    description: Text
    material: Text
    kind: str
    cloth: str
    hues: tuple[Hue, ...]
    sizes: tuple[str, ...]
    price_yen: int
    list_price_yen: int | None = None
    second: str = "detail"  # what its second picture shows

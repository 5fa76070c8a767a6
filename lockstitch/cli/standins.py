"""A drawn garment for a product whose own picture cannot be had, by the words of its name."""

import re
from zlib import crc32

from PIL.Image import Image

from lockstitch.cli.garments import draw
from lockstitch.cli.garments.backdrop import Backdrop

# The first line of which a word occurs: more particular garments stand before plainer ones.
WORDS: tuple[tuple[str, str, str], ...] = (
    ("sneaker", "linen", "sneaker trainer shoe shoes slip-on converse vans runner"),
    ("loafer", "leather", "boot boots loafer oxford heel sandal"),
    ("tote", "linen", "bag backpack tote rucksack case"),
    ("shoulder_bag", "leather", "purse clutch wallet satchel"),
    ("cap", "twill", "cap hat beanie"),
    ("scarf", "rib", "scarf stole gloves glove socks sock"),
    ("hoodie", "jersey", "hoodie hooded"),
    ("trench", "twill", "trench parka raincoat"),
    ("coat", "wool", "coat overcoat"),
    ("blouson", "twill", "jacket bomber blouson anorak varsity"),
    ("cardigan", "rib", "cardigan"),
    ("crew", "rib", "sweater knit pullover jumper"),
    ("sweatshirt", "jersey", "sweatshirt"),
    ("dress", "plain", "dress gown onepiece"),
    ("pleated", "plain", "skirt"),
    ("shorts", "twill", "shorts"),
    ("straight", "denim", "jean jeans denim"),
    ("wide", "twill", "trousers pants slacks chino"),
    ("tee", "jersey", "tee tees t-shirt tshirt tank"),
    ("shirt", "plain", "shirt blouse top"),
)
COLOURS = ("#2b3040", "#6f6a5e", "#8a4b3a", "#4c5a4a", "#b9a88b")
PAPER = Backdrop("#e6e1d8")


def stand_in(*, title: str, category: str, hex_colour: str) -> Image:
    """1200 x 1500 pixels; the same product gets the same drawing. A thing of no known kind is
    shown as a close-up of cloth."""
    seed = crc32(title.encode())
    colour = hex_colour or COLOURS[seed % len(COLOURS)]
    words = set(re.findall(r"[a-z][a-z-]+", f"{title} {category}".lower()))
    for kind, cloth, names in WORDS:
        if words & set(names.split()):
            return draw(kind, cloth=cloth, colour=colour, seed=seed, view="front", backdrop=PAPER)
    return draw("scarf", cloth="plain", colour=colour, seed=seed, view="detail", backdrop=PAPER)

"""The demo's brands: what they sell, how much of it there is, and how they look."""

import datetime as dt
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from PIL.Image import Image

from lockstitch.catalogue.actions import NewColour, NewProduct, NewSku
from lockstitch.catalogue.care import SCALES
from lockstitch.catalogue.rules import in_store_gtin, sku_code
from lockstitch.catalogue.whole import HEM, Worn
from lockstitch.cli import demo_east, demo_north, demo_south
from lockstitch.cli.demo_cloth import CLOTHS, ON_SALE, measures
from lockstitch.cli.demo_piece import Hue, Piece
from lockstitch.cli.garments import View, draw
from lockstitch.cli.garments.backdrop import Backdrop
from lockstitch.kernel.text import Text

RANGES: dict[str, list[Piece]] = {
    "north": list(demo_north.PIECES),
    "south": list(demo_south.PIECES),
    "east": list(demo_east.PIECES),
}
BRANDS = {"north": "NORTH & NEEDLE", "south": "SOUTHPAW ATELIER", "east": "EASTERLY"}
SEASON = "2026AW"
NORTH_WALL = "#e4ded4"

CATEGORIES: dict[str, Text] = {
    "cut-and-sewn": {"ja": "カットソー", "en": "Cut and sewn"},
    "shirts": {"ja": "シャツ", "en": "Shirts"},
    "knitwear": {"ja": "ニット", "en": "Knitwear"},
    "tops": {"ja": "トップス", "en": "Tops"},
    "outerwear": {"ja": "アウター", "en": "Outerwear"},
    "dresses": {"ja": "ワンピース", "en": "Dresses"},
    "bottoms": {"ja": "ボトムス", "en": "Bottoms"},
    "shoes": {"ja": "シューズ", "en": "Shoes"},
    "accessories": {"ja": "バッグ・小物", "en": "Bags and accessories"},
}

LOOKS: dict[str, dict[str, Any]] = {
    "east": demo_east.LOOK,
    "north": {
        "tokens": {
            "paper": "light-dark(#f8f5ef, #171613)",
            "raised": "light-dark(#fffdf9, #201e1b)",
            "sunken": "light-dark(#ede7dd, #100f0d)",
            "ink": "light-dark(#22201c, #efeae1)",
            "ink-2": "light-dark(#615b51, #b5ada0)",
            "line": "light-dark(#dad2c5, #3a362f)",
            "accent": "light-dark(#3b4238, #c3cbb8)",
            "on-accent": "light-dark(#ffffff, #191c16)",
            "display": "'Hiragino Mincho ProN', 'Yu Mincho', 'Noto Serif JP', 'Noto Serif CJK"
                       " JP', Georgia, serif",
            "display-weight": "500",
            "display-track": "0.04em",
            "brand-track": "0.22em",
            "radius": "0",
            "hero-ink": "#23211d",
            "hero-wash": "#f4efe6",
        },
        "tagline": {"ja": "長く着るための、静かな服。", "en": "Quiet clothes, made to last."},
        "hero_title": {
            "ja": "針目の先に、\n冬をたたむ。",
            "en": "Winter,\nfolded stitch by stitch.",
        },
        "hero_text": {
            "ja": "縮絨したメルトン、空気を含んだラムズウール。"
                  "手で触れてわかるものだけを集めた、秋冬の新作です。",
            "en": "Fulled melton and airy lambswool: an autumn and winter range of things you"
                  " can judge by hand.",
        },
        "story_title": {"ja": "糸から、急がずに。", "en": "From the yarn, without hurry."},
        "story_text": {
            "ja": "北の小さな工場で、糸を選び、編み、縮め、また整える。一着に費やした時間は、"
                  "着る人の歳月になって返ってきます。ほつれたら、どうぞお送りください。"
                  "縫い直してお返しします。",
            "en": "In a small northern mill the yarn is chosen, knitted, fulled and pressed. The"
                  " time that goes into a garment comes back as years of wear. If a seam gives"
                  " way, send it to us and we will sew it again.",
        },
    },
    "south": {
        "tokens": {
            "paper": "light-dark(#fffdf6, #14131c)",
            "raised": "light-dark(#ffffff, #1e1c29)",
            "sunken": "light-dark(#fdf0cf, #0f0e16)",
            "ink": "light-dark(#17161f, #f6f3ea)",
            "ink-2": "light-dark(#57546a, #b9b5c9)",
            "line": "light-dark(#17161f, #4a4660)",
            "accent": "light-dark(#2443c4, #f2cd55)",
            "on-accent": "light-dark(#ffffff, #17161f)",
            "display": "'Arial Black', 'Hiragino Kaku Gothic StdN', 'Hiragino Sans', 'Yu"
                       " Gothic', 'Noto Sans CJK JP', Impact, sans-serif",
            "display-weight": "900",
            "display-track": "-0.01em",
            "brand-track": "0",
            "brand-case": "uppercase",
            "radius": "1.5rem",
            "hero-ink": "#17161f",
            "hero-wash": "#fff3c9",
        },
        "tagline": {"ja": "左利きの、陽気な服。", "en": "Cheerful clothes, thrown left-handed."},
        "hero_title": {"ja": "色は、\n多いほうが勝ち。", "en": "Most colours\nwins."},
        "hero_text": {
            "ja": "赤いパーカに水玉、レモンの葉っぱ。組み合わせに正解はありません。迷ったら、"
                  "両方どうぞ。",
            "en": "A red hoodie with polka dots and lemon leaves. There is no right answer; if"
                  " in doubt, wear both.",
        },
        "story_title": {"ja": "はみ出すところから、はじまる。", "en": "It starts outside the"
                                                                      " lines."},
        "story_text": {
            "ja": "わたしたちのアトリエでは、型紙も配色も左手で描きます。少しだけ曲がった線が、"
                  "服をいちばん愉快にしてくれるから。小さく作って、売り切ったら次の色へ。",
            "en": "In our atelier patterns and colours are drawn with the left hand, because a"
                  " line that wanders makes the merriest clothes. We make small batches, sell"
                  " out, and move on to the next colour.",
        },
    },
}  # fmt: skip


def new_products(brand: str, published: dt.datetime) -> list[NewProduct]:
    """The brand's range as the catalogue takes it, on sale from `published`."""
    return [
        NewProduct(
            slug=piece.slug, item_number=piece.number, name=piece.name,
            colours=[
                NewColour(hue.code, {"ja": hue.ja, "en": hue.en}, hue.family, hue.hex)
                for hue in piece.hues
            ],
            sizes=[(_code(size), _label(size)) for size in piece.sizes],
            skus=[
                NewSku(
                    hue.code, _code(size), _sku(piece, hue, size), piece.price_yen,
                    piece.list_price_yen, in_store_gtin(_serial(brand, place, n)),
                    weight_g=CLOTHS[piece.slug].weight_g, **_sale(piece, published),
                )
                for n, (hue, size) in enumerate(_cells(piece))
            ],
            description=piece.description, material=piece.material, brand=BRANDS[brand],
            season=SEASON, category=piece.category, category_name=CATEGORIES[piece.category],
            published=published, position=place, **_cloth(piece, published),
        )
        for place, piece in enumerate(RANGES[brand])
    ]  # fmt: skip


def _cloth(piece: Piece, published: dt.datetime) -> dict[str, Any]:
    """What the piece is made of, how it is cared for, measured and worn."""
    cloth = CLOTHS[piece.slug]
    return {
        "kana": cloth.kana, "composition": cloth.composition, "care": cloth.care,
        "origin": cloth.origin, "gender": cloth.gender, "fit_note": cloth.fit,
        "scales": dict(zip(SCALES, cloth.scales, strict=True)) if cloth.care else {},
        "measures": measures(piece.slug, [_code(size) for size in piece.sizes]),
        "worn": [Worn(height, size, piece.hues[0].code) for height, size in cloth.worn
                 if size in piece.sizes],
        **dict(zip(HEM, cloth.hem, strict=False)),
        "attributes": {"garment": [cloth.garment]} if cloth.garment else {},
    }  # fmt: skip


def _sale(piece: Piece, published: dt.datetime) -> dict[str, Any]:
    """A fortnight's sale, which has just begun, of a few pieces."""
    percent = ON_SALE.get(piece.slug)
    if percent is None:
        return {}
    return {
        "sale_price_yen": piece.price_yen * percent // 100, "sale_from": published,
        "sale_until": published + dt.timedelta(days=14),
    }  # fmt: skip


def stock(brand: str) -> dict[str, int]:
    """How much of each SKU there is: mostly some, a few sold out, a few nearly so."""
    levels: dict[str, int] = {}
    for piece in RANGES[brand]:
        for hue, size in _cells(piece):
            code = _sku(piece, hue, size)
            rng = Random(code)  # noqa: S311 - a demo's stock
            levels[code] = rng.choices(
                [0, rng.randint(1, 2), rng.randint(3, 30)], weights=[10, 12, 78]
            )[0]
    return levels


def pictures(brand: str) -> Iterator[tuple[str, str, int, Callable[[], Image]]]:
    """(product slug, colour code, place, the drawing) of every picture, in the range's order."""
    for place, piece in enumerate(RANGES[brand]):
        for n, hue in enumerate(piece.hues):
            yield piece.slug, hue.code, 0, _drawing(piece, hue, place, "front")
            if n == 0:
                second: View = "back" if piece.second == "back" else "detail"
                yield piece.slug, hue.code, 1, _drawing(piece, hue, place, second)


def _drawing(piece: Piece, hue: Hue, seed: int, view: View) -> Callable[[], Image]:
    def drawn() -> Image:
        return draw(
            piece.kind, cloth=hue.cloth or piece.cloth, colour=hue.hex, seed=seed, view=view,
            backdrop=Backdrop(hue.wall or NORTH_WALL), trim=hue.trim,
        )  # fmt: skip

    return drawn


def _cells(piece: Piece) -> list[tuple[Hue, str]]:
    return [(hue, size) for hue in piece.hues for size in piece.sizes]


def _code(size: str) -> str:
    return size.replace(".", "")


def _label(size: str) -> str:
    return f"{size}cm" if "." in size else size


def _sku(piece: Piece, hue: Hue, size: str) -> str:
    return sku_code(piece.number, hue.code, _code(size))


def _serial(brand: str, place: int, cell: int) -> int:
    """Distinct over both brands: brand, place in the range and cell of the grid."""
    return ((list(RANGES).index(brand) + 1) * 1000 + place) * 1000 + cell

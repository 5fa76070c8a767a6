"""The demo's coordinates: outfits laid out on paper, drawn from the brands' own garments."""

from dataclasses import dataclass

from PIL import Image

from lockstitch.cli.demo_piece import Piece
from lockstitch.cli.demo_range import RANGES
from lockstitch.cli.garments import easel
from lockstitch.cli.garments.backdrop import Backdrop, cast, ground
from lockstitch.kernel.text import Text

SIZE = (960, 1280)
DRAWN, FILL = (720, 900), 0.6  # of each garment, before it is laid down


@dataclass(frozen=True)
class Laid:
    """A garment of the look: its colour and worn size, its middle and height in thousandths."""

    slug: str
    colour: str
    size: str
    x: int
    y: int
    high: int
    turn: int = 0  # degrees


@dataclass(frozen=True)
class Person:
    slug: str
    name: Text
    shop: Text
    height_cm: int
    about: Text


@dataclass(frozen=True)
class Look:
    title: Text
    text: Text
    kind: str
    wall: str
    laid: tuple[Laid, ...]
    author: str = ""
    height_cm: int | None = None
    season: str = "2026AW"
    issue: str = ""


PEOPLE: dict[str, tuple[Person, ...]] = {
    "north": (
        Person("mugi", {"ja": "むぎ", "en": "Mugi"}, {"ja": "代官山店", "en": "Daikanyama"}, 164,
               {"ja": "重ね着の順番を考えている時間がいちばん楽しい。骨格はウェーブ。",
                "en": "Happiest while working out the order of layers."}),
        Person("nagi", {"ja": "なぎ", "en": "Nagi"}, {"ja": "京都店", "en": "Kyoto"}, 153,
               {"ja": "小柄さんの丈合わせはおまかせください。",
                "en": "Knows every trick for shorter hems."}),
    ),
    "south": (
        Person("tango", {"ja": "たんご", "en": "Tango"},
               {"ja": "中目黒店", "en": "Nakameguro"}, 171,
               {"ja": "色は三つまで、と言われたら四つ着ます。",
                "en": "Told three colours at most, wears four."}),
    ),
}  # fmt: skip

LOOKS: dict[str, tuple[Look, ...]] = {
    "north": (
        Look({"ja": "墨色のコートに、ボルドーをひとさじ", "en": "A spoonful of bordeaux"},
             {"ja": "コートとデニムは深い色でそろえて、衿もとだけ温かく。"
                    "革小物は茶に寄せると、冬の光でも沈みません。",
              "en": "Coat and denim in deep tones, warmth only at the neck. Brown leather keeps"
                    " it alive in winter light."},
             "lookbook", "#ddd5c8",
             (Laid("chesterfield-coat", "99", "38", 300, 400, 640, -3),
              Laid("lambswool-crew", "81", "M", 690, 250, 360, 4),
              Laid("selvedge-straight-jeans", "59", "38", 720, 660, 480, 2),
              Laid("penny-loafers", "76", "24.0", 280, 860, 150)),
             height_cm=168, issue="糸と針 12月号"),
        Look({"ja": "エクリュの濃淡", "en": "Shades of ecru"},
             {"ja": "生成りだけで重ねるときは、編み地と織り地の差を楽しんで。",
              "en": "When everything is undyed, let the knits and weaves differ."},
             "editor", "#cfc3b1",
             (Laid("aran-cardigan", "04", "M", 300, 290, 420, -4),
              Laid("linen-band-collar-shirt", "12", "M", 710, 280, 400, 5),
              Laid("pleated-wool-skirt", "04", "38", 650, 700, 430),
              Laid("crescent-shoulder-bag", "75", "F", 250, 760, 260, -6)),
             issue="糸と針 11月号"),
        Look({"ja": "カーディガンを上着にする日", "en": "A cardigan for a jacket"},
             {"ja": "153cm。スカートは一番上で留めて、裾がくるぶしの少し上に来るように。",
              "en": "At 153 cm I fasten the skirt high, so that the hem ends above the ankle."},
             "staff", "#e3ddd2",
             (Laid("aran-cardigan", "77", "S", 330, 290, 430, 3),
              Laid("dense-jersey-tee", "04", "S", 710, 260, 340, -4),
              Laid("pleated-wool-skirt", "93", "36", 640, 690, 440, 2),
              Laid("penny-loafers", "99", "23.0", 260, 830, 150)),
             author="nagi", height_cm=153),
        Look({"ja": "トレンチと、洗いざらしの白", "en": "Trench and washed white"},
             {"ja": "シャツはアイロンをかけずに。ベルトは後ろで結びます。",
              "en": "Leave the shirt unpressed and tie the belt behind."},
             "staff", "#d8d3c6",
             (Laid("gabardine-trench", "36", "38", 310, 400, 620, -2),
              Laid("broadcloth-shirt", "01", "M", 700, 270, 400, 4),
              Laid("selvedge-straight-jeans", "98", "38", 710, 690, 480, -3),
              Laid("crescent-shoulder-bag", "99", "F", 290, 850, 200, 5)),
             author="mugi", height_cm=164),
    ),
    "south": (
        Look({"ja": "トマトと空", "en": "Tomato and sky"},
             {"ja": "赤いパーカにはレモン。足もとの緑で、ぜんぶ許されます。",
              "en": "Lemon goes with a red hoodie. The green shoes forgive everything."},
             "lookbook", "#8fbfe6",
             (Laid("left-hook-hoodie", "20", "L", 320, 300, 440, -8),
              Laid("lemon-leaf-skirt", "24", "M", 690, 600, 400, 8),
              Laid("sunday-cap", "52", "F", 740, 180, 190, 12),
              Laid("southpaw-court", "02", "25.0", 300, 770, 210, -4)),
             height_cm=171, season="2026AW", issue="POP STREET vol.27"),
        Look({"ja": "雨でも走るブルー", "en": "Blue that runs in the rain"},
             {"ja": "ウルトラマリンに、たっぷりのラベンダー。市場の帰りも、これで。",
              "en": "Ultramarine with plenty of lavender, all the way home from the market."},
             "staff", "#f2cd55",
             (Laid("parachute-blouson", "55", "M", 320, 290, 410, 5),
              Laid("corduroy-wides", "70", "M", 690, 560, 540, -5),
              Laid("market-tote", "23", "F", 270, 730, 350, -7)),
             author="tango", height_cm=171),
        Look({"ja": "水玉パーティ", "en": "Polka party"},
             {"ja": "ドレスの上からボーダー。柄と柄は、色が合えば友だちです。",
              "en": "Stripes over dots: patterns are friends when the colours agree."},
             "editor", "#f2b6bd",
             (Laid("polka-party-dress", "64", "M", 330, 400, 620, -4),
              Laid("deckchair-stripe-tee", "31", "L", 700, 290, 370, 7),
              Laid("southpaw-court", "03", "24.0", 690, 730, 210, 3)),
             issue="POP STREET vol.27"),
    ),
    "east": (
        Look({"en": "First ferry", "ja": "始発の船で"},
             {"en": "Orange so that they find you, ink so that you look good when they do.",
              "ja": "見つけてもらうための橙に、見つかったあとのための墨。"},
             "lookbook", "#c9d1d4",
             (Laid("harbour-blouson", "30", "M", 320, 290, 400, -3),
              Laid("standard-tee", "02", "M", 700, 260, 340, 4),
              Laid("wide-chino", "98", "M", 680, 690, 520, -2),
              Laid("ferry-tote", "02", "F", 280, 740, 330, 4)),
             season="No. 1", height_cm=181),
        Look({"en": "Off watch", "ja": "非番"},
             {"en": "Slate, ink and one loud cap.", "ja": "灰と墨、それから騒がしい帽子をひとつ。"},
             "editor", "#b9c6cb",
             (Laid("dock-sweatshirt", "93", "L", 330, 330, 400, 3),
              Laid("wide-chino", "98", "L", 690, 600, 540, 4),
              Laid("watch-cap", "30", "F", 300, 760, 200, -6)),
             season="No. 1", height_cm=168),
    ),
}  # fmt: skip


def look_names(brand: str) -> tuple[str, ...]:
    return tuple(f"look:{n}" for n in range(len(LOOKS.get(brand, ()))))


def draw_look(brand: str, n: int) -> Image.Image:
    """960 x 1280 pixels: the garments laid out on one sheet, as in a fashion magazine."""
    look = LOOKS[brand][n]
    paper = Backdrop(look.wall, 0.5, 0.4)
    scene = ground(paper, SIZE).copy()
    pieces = {piece.slug: (place, piece) for place, piece in enumerate(RANGES[brand])}
    for laid in look.laid:
        place, piece = pieces[laid.slug]
        image, alpha = _garment(piece, laid, place)
        at = (
            laid.x * SIZE[0] // 1000 - image.width // 2,
            laid.y * SIZE[1] // 1000 - image.height // 2,
        )
        whole, mask = Image.new("RGB", SIZE), Image.new("L", SIZE, 0)
        whole.paste(image, at)
        mask.paste(alpha, at)
        scene = cast(whole, mask, scene, paper, 1.6)
    return scene


def _garment(piece: Piece, laid: Laid, seed: int) -> tuple[Image.Image, Image.Image]:
    hue = next(one for one in piece.hues if one.code == laid.colour)
    work = easel(
        piece.kind, cloth=hue.cloth or piece.cloth, colour=hue.hex, seed=seed, view="front",
        trim=hue.trim, size=DRAWN, fill=FILL,
    )  # fmt: skip
    box = work.alpha.getbbox() or (0, 0, 1, 1)
    image, alpha = work.image.crop(box), work.alpha.crop(box)
    high = laid.high * SIZE[1] // 1000
    size = (round(high * image.width / image.height), high)
    smooth = Image.Resampling.LANCZOS
    image, alpha = image.resize(size, smooth), alpha.resize(size, smooth)
    turn = Image.Resampling.BICUBIC
    return image.rotate(laid.turn, turn, expand=True), alpha.rotate(laid.turn, turn, expand=True)

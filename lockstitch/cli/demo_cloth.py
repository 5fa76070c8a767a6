"""What the demo's pieces are made of and how they fit: composition, care, measures and the rest of
what a product page tells. By slug, so that the ranges stay readable."""

from dataclasses import dataclass, field

from lockstitch.catalogue.whole import Part
from lockstitch.kernel.text import Text

GARMENTS = {
    "cut-and-sewn": "tops", "shirts": "shirt", "knitwear": "knit", "tops": "tops",
    "outerwear": "outer", "dresses": "dress", "bottoms": "pants", "shoes": "shoes",
    "accessories": "bag",
}  # fmt: skip
SHELL, LINING = {"ja": "表地", "en": "Shell"}, {"ja": "裏地", "en": "Lining"}
UPPER, SOLE = {"ja": "甲", "en": "Upper"}, {"ja": "底", "en": "Sole"}
# How one garment's measures grow from size to size, mm: the first size, then the step.
TOP = {"length": (660, 20), "shoulder": (450, 15), "chest": (520, 20), "sleeve": (210, 10)}
SHIRT = {"length": (740, 20), "shoulder": (460, 15), "chest": (560, 20), "sleeve": (590, 15),
         "hem": (570, 20)}  # fmt: skip
KNIT = {"length": (610, 20), "chest": (520, 25), "shoulder": (480, 15), "sleeve": (560, 15),
        "yuki": (790, 20)}  # fmt: skip
COAT = {"length": (1040, 20), "shoulder": (455, 15), "chest": (560, 20), "sleeve": (585, 15),
        "hem": (640, 20)}  # fmt: skip
JACKET = {**COAT, "length": (680, 15), "hem": (540, 20)}
DRESS = {"length": (1180, 15), "chest": (460, 20), "waist": (800, 40), "hem": (1180, 30),
         "shoulder": (350, 10)}  # fmt: skip
PANTS = {"waist": (700, 40), "hip": (960, 40), "rise": (300, 5), "inseam": (700, 15),
         "thigh": (300, 10), "hem": (200, 5)}  # fmt: skip
SKIRT = {"waist": (640, 40), "hip": (920, 40), "skirt": (780, 10), "hem": (1400, 40)}
SHOE = {"insole": (240, 5), "heel": (25, 0), "shaft": (75, 0), "width": (92, 1)}
BAG = {"width": (320, 0), "height": (200, 0), "depth": (90, 0), "drop": (280, 0)}

WASH = ["140", "210", "300", "440", "520", "620", "710"]
HAND = ["110", "200", "300", "425", "510", "611", "711"]
WOOL = ["110", "200", "300", "425", "510", "620", "711"]
CLEAN = ["100", "200", "300", "445", "510", "620", "711"]
NONE: list[str] = []
HEM = (600, 760, 5, 550, 3)  # from, to and step in mm, yen, days


@dataclass(frozen=True)
class Cloth:
    kana: str
    fibres: list[tuple[str, int]]
    care: list[str]
    measures: dict[str, tuple[int, int]]
    weight_g: int
    gender: str = "unisex"
    origin: str = "JP"
    lining: list[tuple[str, int]] = field(default_factory=list)
    scales: tuple[int, int, int, int] = (2, 1, 1, 1)  # thickness, sheer, stretch, lining
    fit: Text = field(default_factory=dict)
    garment: str = ""  # where it is not its category's
    worn: tuple[tuple[int, str], ...] = ((168, "M"), (181, "L"))
    hem: tuple[int, ...] = ()

    @property
    def composition(self) -> list[Part]:
        names = (UPPER, SOLE) if self.measures is SHOE else (SHELL, LINING)
        parts = [Part(names[0] if self.lining else {}, self.fibres)]
        return parts + ([Part(names[1], self.lining)] if self.lining else [])


ROOMY = {"ja": "身幅にゆとりのある、落ち着いたシルエット。ふだんのサイズで。",
         "en": "A roomy, quiet shape. Take your usual size."}  # fmt: skip
TRIM = {"ja": "体に沿うすっきりとしたシルエット。迷ったら大きめを。",
        "en": "A trim shape. In doubt, take the larger size."}  # fmt: skip
BIG = {"ja": "肩を落とした大きめのつくり。", "en": "Cut large, with dropped shoulders."}
FRENCH_WORN = ((168, "36"), (172, "38"))

CLOTHS: dict[str, Cloth] = {
    "dense-jersey-tee": Cloth("ドヅメテンジククルーネックティー", [("cotton", 100)], WASH, TOP, 240,
                              fit=ROOMY),
    "broadcloth-shirt": Cloth("ブロードレギュラーカラーシャツ", [("cotton", 100)], WASH, SHIRT, 260,
                              scales=(1, 2, 1, 1), fit=ROOMY),
    "linen-band-collar-shirt": Cloth("リネンバンドカラーシャツ", [("linen", 100)], HAND, SHIRT, 230,
                                     scales=(1, 2, 1, 1), fit=ROOMY),
    "lambswool-crew": Cloth("ラムズウールクルーネックニット", [("wool", 100)], WOOL, KNIT, 420,
                            scales=(3, 1, 2, 1)),
    "aran-cardigan": Cloth("アランカーディガン", [("wool", 80), ("nylon", 20)], WOOL, KNIT, 780,
                           scales=(3, 1, 2, 1), fit=ROOMY),
    "flannel-jacket": Cloth("ウールフラノジャケット", [("wool", 100)], CLEAN, JACKET, 720, "women",
                            lining=[("cupro", 100)], scales=(2, 1, 1, 2), worn=FRENCH_WORN),
    "chesterfield-coat": Cloth("ビーバーメルトンチェスターコート", [("wool", 90), ("cashmere", 10)],
                               CLEAN, COAT, 1480, "women", lining=[("cupro", 100)],
                               scales=(3, 1, 1, 3), fit=ROOMY, worn=FRENCH_WORN),
    "gabardine-trench": Cloth("コットンギャバトレンチコート", [("cotton", 100)], CLEAN, COAT, 1120,
                              "women", scales=(2, 1, 1, 2), worn=FRENCH_WORN),
    "satin-slip-dress": Cloth("バイアスサテンスリップドレス",
                              [("triacetate", 70), ("polyester", 30)], HAND, DRESS, 310, "women",
                              scales=(1, 2, 1, 2), fit=TRIM, worn=FRENCH_WORN),
    "pleated-wool-skirt": Cloth("ウールトロプリーツスカート", [("wool", 100)], CLEAN, SKIRT, 430,
                                "women", scales=(1, 1, 1, 3), garment="skirt", worn=FRENCH_WORN),
    "selvedge-straight-jeans": Cloth("セルヴィッチストレートデニム", [("cotton", 100)], WASH, PANTS,
                                     760, scales=(3, 1, 1, 1), fit=TRIM, hem=HEM),
    "penny-loafers": Cloth("ペニーローファー", [("leather", 100)], NONE, SHOE, 820, "women",
                           lining=[("leather", 100)], worn=()),
    "crescent-shoulder-bag": Cloth("クレセントショルダーバッグ", [("leather", 100)], NONE, BAG, 560,
                                   worn=()),
    "left-hook-hoodie": Cloth("レフトフックパーカ", [("cotton", 100)], WASH, {**KNIT}, 640,
                              scales=(3, 1, 1, 1), fit=BIG, origin="VN", garment="knit"),
    "deckchair-stripe-tee": Cloth("デッキチェアボーダーティー", [("cotton", 100)], WASH, TOP, 290,
                                  fit=BIG, origin="VN"),
    "picnic-gingham-shirt": Cloth("ピクニックギンガムシャツ", [("cotton", 100)], WASH, SHIRT, 280,
                                  scales=(1, 2, 1, 1), fit=BIG, origin="VN", garment="shirt"),
    "bumblebee-knit": Cloth("バンブルビーフトボーダーニット", [("acrylic", 60), ("wool", 40)], WOOL,
                            KNIT, 450, scales=(3, 1, 2, 1), origin="CN", garment="knit"),
    "parachute-blouson": Cloth("パラシュートブルゾン", [("nylon", 100)], WASH, JACKET, 410,
                               origin="CN", lining=[("polyester", 100)], scales=(1, 1, 1, 3),
                               fit=BIG),
    "polka-party-dress": Cloth("ポルカパーティードレス", [("cotton", 100)], WASH, DRESS, 360,
                               "women", origin="CN", scales=(1, 2, 1, 2)),
    "lemon-leaf-skirt": Cloth("レモンリーフスカート", [("cotton", 100)], WASH, SKIRT, 390, "women",
                              origin="VN", garment="skirt"),
    "corduroy-wides": Cloth("コーデュロイワイズ", [("cotton", 98), ("polyurethane", 2)], WASH,
                            PANTS, 620, origin="CN", scales=(3, 1, 2, 1), fit=BIG),
    "pool-shorts": Cloth("プールショーツ", [("nylon", 100)], WASH,
                         {**PANTS, "inseam": (180, 10), "hem": (290, 10)}, 210, "men",
                         origin="VN"),
    "southpaw-court": Cloth("サウスポーコート", [("leather", 60), ("synthetic", 40)], NONE,
                            SHOE, 760, lining=[("rubber", 100)], origin="VN", worn=()),
    "market-tote": Cloth("マーケットトート", [("cotton", 100)], NONE, BAG, 380, worn=()),
    "sunday-cap": Cloth("サンデーキャップ", [("cotton", 100)], NONE,
                        {"head": (570, 0), "crown": (120, 0), "brim": (70, 0)}, 90, garment="hat",
                        worn=()),
    "harbour-blouson": Cloth("ハーバーブルゾン", [("nylon", 100)], WASH, JACKET, 480,
                             scales=(1, 1, 1, 2), fit=ROOMY),
    "dock-sweatshirt": Cloth("ドックスウェット", [("cotton", 100)], WASH, KNIT, 690,
                             scales=(3, 1, 2, 1), fit=ROOMY, garment="knit"),
    "standard-tee": Cloth("スタンダードティー", [("cotton", 100)], WASH, TOP, 230, fit=ROOMY),
    "wide-chino": Cloth("ワイドチノ", [("cotton", 100)], WASH, PANTS, 640, scales=(3, 1, 1, 1),
                        fit=ROOMY),
    "ferry-tote": Cloth("フェリートート", [("cotton", 100)], NONE, BAG, 420, worn=()),
    "watch-cap": Cloth("シックスパネルキャップ", [("cotton", 100)], NONE,
                       {"head": (570, 0), "crown": (120, 0), "brim": (70, 0)}, 95, garment="hat",
                       worn=()),
}  # fmt: skip
ON_SALE = {
    "linen-band-collar-shirt": 80,
    "deckchair-stripe-tee": 70,
}  # slug -> percent of the price


def measures(slug: str, sizes: list[str]) -> dict[str, dict[str, int]]:
    """Size code -> {point: mm}, from the smallest on."""
    grown = CLOTHS[slug].measures
    return {
        size: {point: first + n * step for point, (first, step) in grown.items()}
        for n, size in enumerate(sizes)
    }

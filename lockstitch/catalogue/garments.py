"""採寸: which points are measured on which kind of garment, what each means, and the line drawing
that shows them. Pure. A drawing is 200 x 200; a point is a line on it from (x, y) to (x, y).

Words differ between shops (着丈 is measured from the neck's side by some, from its back by others),
so that the definition is shown beside the number.
"""

from dataclasses import dataclass

from lockstitch.kernel.text import Text

Line = tuple[int, int, int, int]


@dataclass(frozen=True)
class Point:
    """`least` and `most` in mm: outside of them a number is doubted."""

    code: str
    name: Text
    how: Text
    line: Line
    least: int
    most: int


@dataclass(frozen=True)
class Garment:
    code: str
    name: Text
    outline: tuple[str, ...]
    points: tuple[Point, ...]

    def point(self, code: str) -> Point | None:
        return next((one for one in self.points if one.code == code), None)


_WORDS: dict[str, tuple[str, str, str, str, int, int]] = {
    # code: ja, en, how ja, how en, least, most
    "length": ("着丈", "Length", "後ろ衿ぐりの中央から裾まで",
               "From the middle of the back neck to the hem", 250, 1700),
    "shoulder": ("肩幅", "Shoulder", "左右の肩の縫い目の間",
                 "Between the shoulder seams", 200, 750),
    "chest": ("身幅", "Chest", "両脇の下の間を平らに置いて", "Across, under the arms, laid flat",
              200, 950),
    "sleeve": ("袖丈", "Sleeve", "肩の縫い目から袖口まで", "From the shoulder seam to the cuff",
               60, 900),
    "yuki": ("裄丈", "Centre back to cuff", "後ろ中心から肩を通って袖口まで",
             "From the centre back over the shoulder to the cuff", 200, 1100),
    "hem": ("裾幅", "Hem", "裾の端から端まで平らに置いて", "Across the hem, laid flat", 60, 1800),
    "waist": ("ウエスト", "Waist", "ウエストの端から端までの2倍", "Twice the width at the waist",
              350, 1600),
    "hip": ("ヒップ", "Hip", "いちばん広いところの幅の2倍", "Twice the widest width", 500, 1800),
    "rise": ("股上", "Rise", "前の股の縫い目からウエストの上端まで",
             "From the crotch seam to the top of the front waist", 120, 500),
    "inseam": ("股下", "Inseam", "股の縫い目から裾まで",
               "From the crotch seam to the hem", 40, 1000),
    "thigh": ("もも幅", "Thigh", "股の位置でのももの幅", "Across the leg at the crotch", 120, 600),
    "skirt": ("スカート丈", "Length", "ウエストの上端から裾まで",
              "From the top of the waist to the hem", 200, 1300),
    "insole": ("内寸", "Insole", "中敷きのつま先からかかとまで", "Along the insole, toe to heel",
               90, 350),
    "heel": ("ヒール高", "Heel", "かかとの後ろの高さ", "Height at the back of the heel", 0, 200),
    "shaft": ("筒丈", "Shaft", "履き口からかかとまで", "From the opening to the heel", 30, 800),
    "width": ("横幅", "Width", "底のいちばん広いところ", "The widest part of the base", 40, 1000),
    "height": ("高さ", "Height", "底から口まで", "From the base to the opening", 20, 1000),
    "depth": ("マチ", "Depth", "底の奥行き", "Depth of the base", 0, 600),
    "drop": ("持ち手の高さ", "Handle drop", "口から持ち手の頂まで",
             "From the opening to the top of the handle", 0, 900),
    "head": ("頭囲", "Head", "内側の周り", "Around the inside", 400, 700),
    "crown": ("深さ", "Crown", "頂から縁まで", "From the top to the edge", 40, 300),
    "brim": ("つば", "Brim", "つばの幅", "Width of the brim", 0, 250),
    "across": ("幅", "Width", "端から端まで", "From edge to edge", 5, 3000),
    "along": ("長さ", "Length", "端から端まで", "From end to end", 5, 3000),
}  # fmt: skip


def _points(**lines: Line) -> tuple[Point, ...]:
    made = []
    for code, line in lines.items():
        ja, en, how_ja, how_en, least, most = _WORDS[code]
        made.append(
            Point(code, {"ja": ja, "en": en}, {"ja": how_ja, "en": how_en}, line, least, most)
        )
    return tuple(made)


_TOP = "M78 28q22 14 44 0l28 12 28 46-24 14-14-22v94H60V78L46 100 22 86l28-46Z"
_TOP_MARKS = {
    "length": (100, 36, 100, 172), "shoulder": (50, 44, 150, 44), "chest": (60, 92, 140, 92),
    "sleeve": (152, 40, 180, 88),
}  # fmt: skip
_LONG = "M78 24q22 14 44 0l26 10 24 116-22 6-16-66v90H66V90l-16 66-22-6L52 34Z"
_LONG_MARKS = {
    "length": (100, 32, 100, 180), "shoulder": (52, 40, 148, 40), "chest": (66, 88, 134, 88),
    "sleeve": (150, 34, 174, 148), "hem": (66, 176, 134, 176),
}  # fmt: skip
_COAT = "M80 18q20 14 40 0l24 10 22 100-20 6-12-52 6 108H60l6-108-12 52-20-6L56 28Z"
_DRESS = "M84 16v14q16 14 32 0V16l18 14-10 44 34 112H42L76 74 66 30Z"
_SKIRT = "M70 30h60l34 144H36Z"
_PANTS = "M68 18h64l14 166h-34l-12-104-12 104H54Z"

GARMENTS: dict[str, Garment] = {
    one.code: one
    for one in (
        Garment("tops", {"ja": "トップス", "en": "Tops"}, (_TOP,), _points(**_TOP_MARKS)),
        Garment("shirt", {"ja": "シャツ", "en": "Shirt"},
                (_LONG, "M100 33v147", "M78 24 100 44 122 24"), _points(**_LONG_MARKS)),
        Garment("knit", {"ja": "ニット", "en": "Knitwear"},
                (_LONG, "M66 170h68", "M30 144l21 6M150 150l21-6"),
                _points(length=(100, 32, 100, 180), chest=(66, 88, 134, 88),
                        shoulder=(52, 40, 148, 40), sleeve=(150, 34, 174, 148),
                        yuki=(100, 24, 166, 152))),
        Garment("outer", {"ja": "アウター", "en": "Outerwear"},
                (_COAT, "M100 28v162", "M80 18 100 70 120 18"),
                _points(length=(88, 26, 88, 190), shoulder=(56, 34, 144, 34),
                        chest=(68, 84, 132, 84), sleeve=(146, 28, 166, 126),
                        hem=(60, 186, 140, 186))),
        Garment("dress", {"ja": "ワンピース", "en": "Dress"}, (_DRESS, "M76 74h48"),
                _points(length=(100, 38, 100, 186), chest=(72, 52, 128, 52),
                        waist=(76, 80, 124, 80), hem=(42, 182, 158, 182),
                        shoulder=(68, 28, 132, 28))),
        Garment("skirt", {"ja": "スカート", "en": "Skirt"}, (_SKIRT, "M68 40h64"),
                _points(waist=(70, 35, 130, 35), hip=(56, 88, 144, 88),
                        skirt=(100, 32, 100, 174), hem=(36, 170, 164, 170))),
        Garment("pants", {"ja": "パンツ", "en": "Trousers"}, (_PANTS, "M67 28h66", "M100 18v62"),
                _points(waist=(68, 23, 132, 23), hip=(63, 58, 137, 58), rise=(106, 22, 106, 78),
                        thigh=(102, 84, 138, 84), inseam=(101, 86, 112, 182),
                        hem=(112, 180, 146, 180))),
        Garment("shoes", {"ja": "シューズ", "en": "Shoes"},
                ("M30 70h40q10 40 50 50l44 12q10 4 10 18H30Z", "M30 150v14h26v-14"),
                _points(insole=(36, 142, 166, 142), heel=(24, 150, 24, 164),
                        shaft=(24, 70, 24, 148), width=(104, 168, 172, 168))),
        Garment("bag", {"ja": "バッグ", "en": "Bag"},
                ("M34 84h132l10 92H24Z", "M66 84q0-56 34-56t34 56", "M176 176l10-12-8-70-12-10"),
                _points(width=(26, 170, 174, 170), height=(60, 86, 60, 174),
                        depth=(177, 176, 187, 164), drop=(100, 30, 100, 82))),
        Garment("hat", {"ja": "帽子", "en": "Hat"},
                ("M56 118q4-70 44-70t44 70",
                 "M16 130q40-22 84-12 44-10 84 12-40 26-84 20-44 6-84-20Z"),
                _points(head=(56, 118, 144, 118), crown=(100, 48, 100, 116),
                        brim=(144, 124, 182, 130))),
        Garment("accessories", {"ja": "小物", "en": "Accessories"}, ("M40 50h120v100H40Z",),
                _points(across=(40, 160, 160, 160), along=(170, 50, 170, 150))),
        Garment("kids", {"ja": "キッズ", "en": "Children"},
                (_TOP, "M72 172l-6 20M128 172l6 20"), _points(**_TOP_MARKS)),
    )
}  # fmt: skip

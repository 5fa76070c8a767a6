"""Care symbols of JIS L 0001 (ISO 3758): which there are, what they say, and how each is drawn from
the five primitives of the standard (2014). Pure. Also fibres, scales and what a label must say."""

from dataclasses import dataclass

from lockstitch.kernel.text import Text

# Drawn on 48 x 40. One stroke for all; dots and words are filled.
TUB = "M4 10 9 34h30l5-24M4 10q5 5 10 0t10 0 10 0 10 0"
HAND = "M11 4 19 18m-2-4 9 1q4 1 6 4l5 5M19 18l4 6"
TRIANGLE = "M24 5 43 36H5Z"
SQUARE = "M8 4h32v32H8Z"
IRON = "M4 32h38l-4-14q-1-3-5-3H20q-13 0-16 17ZM14 8h18q4 0 5 7"
CIRCLE = "M24 4a16 16 0 1 1 0 32 16 16 0 0 1 0-32Z"
CROSS = "M6 4 42 36M42 4 6 36"
BAR, BARS = "M10 38h28", "M10 37h28M10 40h28"


@dataclass(frozen=True)
class Symbol:
    """`code` is JIS L 0001's number; `dots` 1 to 3; `word` is drawn inside, as 40 or P."""

    code: str
    kind: str  # wash, bleach, tumble, dry, iron, dryclean, wet
    path: str
    text: Text
    dots: int = 0
    word: str = ""
    bars: int = 0
    crossed: bool = False

    @property
    def strokes(self) -> str:
        extra = (CROSS if self.crossed else "") + ("", BAR, BARS)[self.bars]
        return self.path + extra

    @property
    def dot_places(self) -> list[int]:
        """Where the dots stand, from left to right."""
        return [24 + 6 * n - 3 * (self.dots - 1) for n in range(self.dots)]

    @property
    def dot_height(self) -> int:
        return 25 if self.kind == "iron" else 20


# fmt: off
def _wash(code: str, heat: str, bars: int) -> Symbol:
    ja = ("", "弱い処理", "非常に弱い処理")[bars]
    en = ("", ", mild", ", very mild")[bars]
    return Symbol(
        code, "wash", TUB,
        {"ja": f"液温は{heat}℃を限度とし、洗濯機で{ja or '洗濯処理'}ができる"
               if not bars else f"液温は{heat}℃を限度とし、洗濯機で{ja}ができる",
         "en": f"Machine wash at up to {heat} °C{en}"},
        word=heat, bars=bars,
    )  # fmt: skip


def _dry(code: str, lines: str, ja: str, en: str) -> Symbol:
    return Symbol(code, "dry", SQUARE + lines, {"ja": ja, "en": en})


SHADE = "M8 18 22 4"
UPRIGHT, UPRIGHT2 = "M24 9v22", "M20 9v22M28 9v22"
FLAT, FLAT2 = "M13 20h22", "M13 17h22M13 23h22"

SYMBOLS: dict[str, Symbol] = {
    one.code: one
    for one in (
        _wash("190", "95", 0), _wash("170", "70", 0), _wash("160", "60", 0), _wash("161", "60", 1),
        _wash("150", "50", 0), _wash("151", "50", 1), _wash("140", "40", 0), _wash("141", "40", 1),
        _wash("142", "40", 2), _wash("130", "30", 0), _wash("131", "30", 1), _wash("132", "30", 2),
        Symbol("110", "wash", TUB + HAND,
               {"ja": "液温は40℃を限度とし、手洗いができる", "en": "Hand wash at up to 40 °C"}),
        Symbol("100", "wash", TUB, {"ja": "家庭での洗濯禁止", "en": "Do not wash at home"},
               crossed=True),
        Symbol("220", "bleach", TRIANGLE,
               {"ja": "塩素系及び酸素系の漂白剤を使用して漂白ができる",
                "en": "Any bleach may be used"}),
        Symbol("210", "bleach", TRIANGLE + "M18 36 31 16M26 36 36 25",
               {"ja": "酸素系漂白剤の使用はできるが、塩素系漂白剤は使用禁止",
                "en": "Oxygen bleach only, no chlorine"}),
        Symbol("200", "bleach", TRIANGLE,
               {"ja": "塩素系及び酸素系漂白剤の使用禁止", "en": "Do not bleach"}, crossed=True),
        Symbol("320", "tumble", SQUARE + CIRCLE,
               {"ja": "タンブル乾燥ができる（排気温度上限80℃）",
                "en": "Tumble dry, exhaust up to 80 °C"}, dots=2),
        Symbol("310", "tumble", SQUARE + CIRCLE,
               {"ja": "低い温度でのタンブル乾燥ができる（排気温度上限60℃）",
                "en": "Tumble dry low, exhaust up to 60 °C"}, dots=1),
        Symbol("300", "tumble", SQUARE + CIRCLE,
               {"ja": "タンブル乾燥禁止", "en": "Do not tumble dry"}, crossed=True),
        _dry("440", UPRIGHT, "つり干しがよい", "Line dry"),
        _dry("445", UPRIGHT + SHADE, "日陰のつり干しがよい", "Line dry in the shade"),
        _dry("430", UPRIGHT2, "ぬれつり干しがよい", "Drip dry"),
        _dry("435", UPRIGHT2 + SHADE, "日陰のぬれつり干しがよい", "Drip dry in the shade"),
        _dry("420", FLAT, "平干しがよい", "Dry flat"),
        _dry("425", FLAT + SHADE, "日陰の平干しがよい", "Dry flat in the shade"),
        _dry("410", FLAT2, "ぬれ平干しがよい", "Drip dry flat"),
        _dry("415", FLAT2 + SHADE, "日陰のぬれ平干しがよい", "Drip dry flat in the shade"),
        Symbol("530", "iron", IRON, {"ja": "底面温度200℃を限度としてアイロン仕上げができる",
                                     "en": "Iron at up to 200 °C"}, dots=3),
        Symbol("520", "iron", IRON, {"ja": "底面温度150℃を限度としてアイロン仕上げができる",
                                     "en": "Iron at up to 150 °C"}, dots=2),
        Symbol("510", "iron", IRON,
               {"ja": "底面温度110℃を限度としてスチームなしでアイロン仕上げができる",
                "en": "Iron at up to 110 °C, no steam"}, dots=1),
        Symbol("500", "iron", IRON, {"ja": "アイロン仕上げ禁止", "en": "Do not iron"},
               crossed=True),
        *(
            Symbol(code, "dryclean", CIRCLE,
                   {"ja": f"{ja}ドライクリーニングができる{'（弱い処理）' if bars else ''}",
                    "en": f"Dry clean, {en}{', mild' if bars else ''}"}, word=word, bars=bars)
            for code, word, ja, en, bars in (
                ("620", "P", "パークロロエチレン及び石油系溶剤による",
                 "perchloroethylene or hydrocarbons", 0),
                ("621", "P", "パークロロエチレン及び石油系溶剤による",
                 "perchloroethylene or hydrocarbons", 1),
                ("610", "F", "石油系溶剤による", "hydrocarbons", 0),
                ("611", "F", "石油系溶剤による", "hydrocarbons", 1),
            )
        ),
        Symbol("600", "dryclean", CIRCLE,
               {"ja": "ドライクリーニング禁止", "en": "Do not dry clean"}, crossed=True),
        *(
            Symbol(f"71{bars}", "wet", CIRCLE,
                   {"ja": f"{('', '弱い操作による', '非常に弱い操作による')[bars]}"
                          "ウエットクリーニングができる",
                    "en": f"Professional wet cleaning{('', ', mild', ', very mild')[bars]}"},
                   word="W", bars=bars)
            for bars in (0, 1, 2)
        ),
        Symbol("700", "wet", CIRCLE,
               {"ja": "ウエットクリーニング禁止", "en": "No professional wet cleaning"},
               word="W", crossed=True),
    )
}  # fmt: skip
KINDS = {
    "wash": {"ja": "洗濯", "en": "Washing"}, "bleach": {"ja": "漂白", "en": "Bleaching"},
    "tumble": {"ja": "タンブル乾燥", "en": "Tumble drying"},
    "dry": {"ja": "自然乾燥", "en": "Natural drying"}, "iron": {"ja": "アイロン", "en": "Ironing"},
    "dryclean": {"ja": "ドライクリーニング", "en": "Dry cleaning"},
    "wet": {"ja": "ウエットクリーニング", "en": "Wet cleaning"},
}  # fmt: skip


def ordered(codes: list[str]) -> list[Symbol]:
    """In the standard's order; unknown codes are left out."""
    return [symbol for code, symbol in SYMBOLS.items() if code in codes]


# 家庭用品品質表示法 (繊維製品品質表示規程): 指定用語, and what is common beside it.
FIBRES: dict[str, Text] = {
    "cotton": {"ja": "綿", "en": "cotton"}, "linen": {"ja": "麻（亜麻）", "en": "linen"},
    "ramie": {"ja": "麻（苧麻）", "en": "ramie"},
    "hemp": {"ja": "植物繊維（ヘンプ）", "en": "hemp"},
    "silk": {"ja": "絹", "en": "silk"}, "wool": {"ja": "毛", "en": "wool"},
    "cashmere": {"ja": "毛（カシミヤ）", "en": "cashmere"},
    "alpaca": {"ja": "毛（アルパカ）", "en": "alpaca"},
    "mohair": {"ja": "毛（モヘヤ）", "en": "mohair"},
    "camel": {"ja": "毛（キャメル）", "en": "camel"},
    "angora": {"ja": "毛（アンゴラ）", "en": "angora"},
    "rayon": {"ja": "レーヨン", "en": "rayon"}, "viscose": {"ja": "ビスコース", "en": "viscose"},
    "polynosic": {"ja": "ポリノジック", "en": "polynosic"},
    "modal": {"ja": "モダール", "en": "modal"},
    "cupro": {"ja": "キュプラ", "en": "cupro"}, "lyocell": {"ja": "リヨセル", "en": "lyocell"},
    "acetate": {"ja": "アセテート", "en": "acetate"},
    "triacetate": {"ja": "トリアセテート", "en": "triacetate"},
    "nylon": {"ja": "ナイロン", "en": "nylon"},
    "polyester": {"ja": "ポリエステル", "en": "polyester"},
    "acrylic": {"ja": "アクリル", "en": "acrylic"},
    "polyurethane": {"ja": "ポリウレタン", "en": "elastane"},
    "polypropylene": {"ja": "ポリプロピレン", "en": "polypropylene"},
    "metallic": {"ja": "金属繊維", "en": "metallic fibre"}, "paper": {"ja": "紙", "en": "paper"},
    "leather": {"ja": "革（牛革）", "en": "cow leather"},
    "sheepskin": {"ja": "革（羊革）", "en": "sheep leather"},
    "pigskin": {"ja": "革（豚革）", "en": "pig leather"},
    "synthetic": {"ja": "合成皮革", "en": "synthetic leather"},
    "down": {"ja": "ダウン", "en": "down"}, "feather": {"ja": "フェザー", "en": "feather"},
    "rubber": {"ja": "ゴム", "en": "rubber"}, "other": {"ja": "その他の繊維", "en": "other fibres"},
}  # fmt: skip

SCALES: dict[str, tuple[Text, tuple[Text, Text, Text]]] = {
    "thickness": ({"ja": "厚さ", "en": "Thickness"}, (
        {"ja": "薄手", "en": "thin"}, {"ja": "普通", "en": "medium"},
        {"ja": "厚手", "en": "thick"})),
    "sheer": ({"ja": "透け感", "en": "Transparency"}, (
        {"ja": "なし", "en": "none"}, {"ja": "ややあり", "en": "slight"},
        {"ja": "あり", "en": "sheer"})),
    "stretch": ({"ja": "伸縮性", "en": "Stretch"}, (
        {"ja": "なし", "en": "none"}, {"ja": "ややあり", "en": "some"},
        {"ja": "あり", "en": "much"})),
    "lining": ({"ja": "裏地", "en": "Lining"}, (
        {"ja": "なし", "en": "none"}, {"ja": "一部あり", "en": "partly"},
        {"ja": "あり", "en": "full"})),
}  # fmt: skip
ORIGINS: dict[str, Text] = {
    "JP": {"ja": "日本", "en": "Japan"}, "CN": {"ja": "中国", "en": "China"},
    "VN": {"ja": "ベトナム", "en": "Vietnam"}, "BD": {"ja": "バングラデシュ", "en": "Bangladesh"},
    "KH": {"ja": "カンボジア", "en": "Cambodia"}, "MM": {"ja": "ミャンマー", "en": "Myanmar"},
    "ID": {"ja": "インドネシア", "en": "Indonesia"}, "TH": {"ja": "タイ", "en": "Thailand"},
    "IN": {"ja": "インド", "en": "India"}, "KR": {"ja": "韓国", "en": "Korea"},
    "TW": {"ja": "台湾", "en": "Taiwan"}, "PH": {"ja": "フィリピン", "en": "Philippines"},
    "LK": {"ja": "スリランカ", "en": "Sri Lanka"}, "PK": {"ja": "パキスタン", "en": "Pakistan"},
    "TR": {"ja": "トルコ", "en": "Turkey"}, "IT": {"ja": "イタリア", "en": "Italy"},
    "FR": {"ja": "フランス", "en": "France"}, "GB": {"ja": "イギリス", "en": "United Kingdom"},
    "PT": {"ja": "ポルトガル", "en": "Portugal"}, "ES": {"ja": "スペイン", "en": "Spain"},
    "DE": {"ja": "ドイツ", "en": "Germany"}, "RO": {"ja": "ルーマニア", "en": "Romania"},
    "LT": {"ja": "リトアニア", "en": "Lithuania"}, "MA": {"ja": "モロッコ", "en": "Morocco"},
    "MX": {"ja": "メキシコ", "en": "Mexico"}, "PE": {"ja": "ペルー", "en": "Peru"},
    "US": {"ja": "アメリカ", "en": "United States"}, "NP": {"ja": "ネパール", "en": "Nepal"},
    "MN": {"ja": "モンゴル", "en": "Mongolia"}, "MG": {"ja": "マダガスカル", "en": "Madagascar"},
}  # fmt: skip

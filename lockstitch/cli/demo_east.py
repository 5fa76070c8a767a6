"""The range of EASTERLY, the demo's shop that speaks English first: few, hard-wearing things."""

from typing import Any

from lockstitch.cli.demo_piece import CLOTHES, FREE, Hue, Piece

WALL = "#dfe3e4"
INK = Hue("98", "インク", "Ink", "#1c2126", "black", wall=WALL)
CHALK = Hue("02", "チョーク", "Chalk", "#eceae4", "white", wall="#c9cfd1")
SIGNAL = Hue("30", "シグナルオレンジ", "Signal orange", "#e4571f", "orange", wall=WALL)
SLATE = Hue("93", "スレート", "Slate", "#5b6a73", "gray", wall=WALL)

PIECES: tuple[Piece, ...] = (
    Piece(
        "harbour-blouson", "EA-101", "outerwear",
        {"en": "Harbour blouson", "ja": "ハーバー ブルゾン"},
        {"en": "Windproof nylon with a two-way zip that works with gloves on. Sealed seams at the"
               " shoulders, nothing else to break.",
         "ja": "手袋のまま使える両開きファスナーの防風ナイロン。肩の縫い目は止水済みです。"},
        {"en": "100% nylon", "ja": "ナイロン100%"}, "blouson", "nylon", (SIGNAL, INK), CLOTHES,
        28600,
    ),
    Piece(
        "dock-sweatshirt", "EA-102", "tops",
        {"en": "Dock sweatshirt", "ja": "ドック スウェット"},
        {"en": "Sixteen-ounce loopback fleece, side panels, flatlock seams. Shrinks once, then"
               " never again.",
         "ja": "16オンスの裏毛、脇ははぎ、フラットシーマ縫い。縮むのは一度だけです。"},
        {"en": "100% cotton", "ja": "綿100%"}, "sweatshirt", "sweat", (SLATE,), CLOTHES, 15400,
    ),
    Piece(
        "standard-tee", "EA-103", "tops",
        {"en": "Standard tee", "ja": "スタンダードT"},
        {"en": "The one under everything else. Tubular body, no side seams.",
         "ja": "すべての下に着る一枚。丸胴で脇の縫い目がありません。"},
        {"en": "100% cotton", "ja": "綿100%"}, "tee", "jersey", (CHALK, INK), CLOTHES, 5500,
    ),
    Piece(
        "wide-chino", "EA-104", "bottoms",
        {"en": "Wide chino", "ja": "ワイドチノ"},
        {"en": "High rise, one pleat, a straight fall. Twill that stands up by itself.",
         "ja": "深い股上にタックひとつ、まっすぐ落ちる形。自立するほど張りのある綾織りです。"},
        {"en": "100% cotton", "ja": "綿100%"}, "wide", "twill", (INK,), CLOTHES, 19800,
    ),
    Piece(
        "ferry-tote", "EA-105", "accessories",
        {"en": "Ferry tote", "ja": "フェリートート"},
        {"en": "Sailcloth, bar-tacked handles, stands open on a deck.",
         "ja": "帆布の袋に、かんぬき止めの持ち手。甲板の上でも口を開けて立ちます。"},
        {"en": "100% cotton", "ja": "綿100%"}, "tote", "twill", (CHALK,), FREE, 9900,
    ),
    Piece(
        "watch-cap", "EA-106", "accessories",
        {"en": "Six-panel cap", "ja": "シックスパネルキャップ"},
        {"en": "Waxed on the brim only, so that it keeps its shape and you keep your view.",
         "ja": "つばだけに蝋引き。形は崩れず、視界はそのままです。"},
        {"en": "100% cotton", "ja": "綿100%"}, "cap", "twill", (SIGNAL,), FREE, 6600,
    ),
)  # fmt: skip

LOOK: dict[str, Any] = {
    "language": "en",
    "tokens": {
        "paper": "light-dark(#ffffff, #0f1214)",
        "raised": "light-dark(#ffffff, #171b1e)",
        "sunken": "light-dark(#eef0f0, #0a0c0e)",
        "ink": "light-dark(#111417, #f2f4f4)",
        "ink-2": "light-dark(#4d565c, #aeb7bc)",
        "line": "light-dark(#c9cfd1, #343b40)",
        "accent": "light-dark(#b8400e, #ff9a66)",
        "on-accent": "light-dark(#ffffff, #1a0d05)",
        "display": "'Helvetica Neue', 'Liberation Sans', Arial, 'Hiragino Sans', 'Yu Gothic',"
                   " 'Noto Sans CJK JP', sans-serif",
        "display-weight": "700",
        "display-track": "-0.02em",
        "brand-track": "-0.04em",
        "brand-case": "lowercase",
        "radius": "0",
        "hero-ink": "#111417",
        "hero-wash": "#ffffff",
    },
    "tagline": {"en": "Six things, made properly.", "ja": "六つだけ、きちんと。"},
    "hero_title": {"en": "Built for\nthe east wind.", "ja": "東風のための、\n六つの道具。"},
    "hero_text": {
        "en": "Workwear for cities by the sea. No seasons, no sale: what wears out is repaired.",
        "ja": "海辺の街の仕事着。季節も値引きもありません。傷んだら直します。",
    },
    "story_title": {"en": "Repaired, not replaced.", "ja": "買い替えずに、直す。"},
    "story_text": {
        "en": "Every piece has a number. Send it back in five years or in fifteen; we keep the"
              " cloth, the thread and the pattern, and put it right.",
        "ja": "すべての服に番号があります。五年後でも十五年後でも送ってください。生地も糸も"
              "型紙も残してあり、元どおりにします。",
    },
}  # fmt: skip

# Its theme, as its designer published it in the console.
THEME: dict[str, str] = {
    **{
        f"{scheme}-{name}": pair[scheme == "dark"]
        for name, pair in {
            "paper": ("#ffffff", "#0f1214"), "raised": ("#ffffff", "#171b1e"),
            "sunken": ("#eef0f0", "#0a0c0e"), "ink": ("#111417", "#f2f4f4"),
            "ink-2": ("#4d565c", "#aeb7bc"), "line": ("#c9cfd1", "#343b40"),
            "accent": ("#b8400e", "#ff9a66"), "on-accent": ("#ffffff", "#1a0d05"),
        }.items()
        for scheme in ("light", "dark")
    },
    "font-sans": "grotesk", "font-display": "grotesk", "layout-radius": "0",
    "layout-density": "airy", "layout-weight": "700", "layout-track": "0",
    "layout-capitals": "none", "layout-ratio": "1-1", "layout-columns": "3",
    "layout-head": "banner", "layout-foot": "2", "layout-cards": "framed",
    "css": """.head__brand { text-transform: lowercase; letter-spacing: -0.05em; }
.head { border-bottom: 0.25rem solid var(--accent); }
.section__head { border-top: 2px solid var(--ink); padding-top: 0.75rem; }
.card__name { font-weight: 700; }
@media (min-width: 60rem) {
  .hero__words h1 { font-size: 5rem; line-height: 0.98; }
}
""",
}  # fmt: skip

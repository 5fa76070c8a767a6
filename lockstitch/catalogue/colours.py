"""Colour families: many brand colour names, sixteen that people look for. Pure."""

import re

# family -> (swatch, words that give it away); the first match in this order wins
FAMILIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "navy": ("#1f2a44", ("navy", "indigo", "ink", "紺", "ネイビー", "インディゴ")),
    "white": (
        "#f7f6f2",
        ("white", "ecru", "ivory", "cream", "白", "ホワイト", "アイボリー", "生成"),
    ),
    "black": ("#1b1b1b", ("black", "jet", "黒", "ブラック")),
    "gray": ("#8b8d90", ("grey", "gray", "charcoal", "灰", "グレー", "チャコール")),
    "silver": ("#c4c6c8", ("silver", "シルバー", "銀")),
    "gold": ("#b8974f", ("gold", "ゴールド", "金")),
    "beige": ("#d8c7a8", ("beige", "sand", "natural", "oat", "ベージュ", "サンド", "ナチュラル")),
    "brown": (
        "#6d4b35",
        ("brown", "camel", "tan", "mocha", "chocolate", "茶", "ブラウン", "キャメル"),
    ),
    "khaki": ("#6f6b47", ("khaki", "olive", "カーキ", "オリーブ")),
    "green": ("#3f6b4f", ("green", "mint", "moss", "緑", "グリーン", "ミント")),
    "blue": ("#3d6ea5", ("blue", "sax", "denim", "青", "ブルー", "サックス", "デニム")),
    "purple": ("#6d4c80", ("purple", "lavender", "violet", "紫", "パープル", "ラベンダー")),
    "pink": ("#dba3ab", ("pink", "rose", "ピンク", "ローズ")),
    "red": (
        "#a8322d",
        ("red", "burgundy", "bordeaux", "wine", "赤", "レッド", "ボルドー", "ワイン"),
    ),
    "orange": ("#cf6b2b", ("orange", "terracotta", "橙", "オレンジ", "テラコッタ")),
    "yellow": ("#dcb640", ("yellow", "mustard", "lemon", "黄", "イエロー", "マスタード")),
}


def family_of(name: str) -> str:
    """The family that a colour's name tells of; "" when it tells of none."""
    low = name.lower()
    for family, (_swatch, words) in FAMILIES.items():
        for word in words:
            if re.search(rf"\b{word}\b", low) if word.isascii() else word in low:
                return family
    return ""


def hex_of(name: str) -> str:
    """A swatch to begin with, from the family."""
    family = family_of(name)
    return FAMILIES[family][0] if family else ""

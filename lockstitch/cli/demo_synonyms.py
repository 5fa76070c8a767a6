"""How the demo's brands are read: what a shop's operator would write under 検索の同義語."""

SYNONYMS = {
    "north": [["NORTH & NEEDLE", "ノースアンドニードル", "ノース＆ニードル", "ノース"]],
    "south": [["SOUTHPAW ATELIER", "サウスポーアトリエ", "サウスポー"]],
    "east": [["EASTERLY", "イースタリー"]],
}

"""Text for the programs of carriers and for Japanese Excel: CP932, with nothing lost in silence.

What CP932 lacks is replaced by rule where the rule is certain (variants of dashes, old forms of
characters in names), else by 〓; either is told, so that somebody can look at it.
"""

import unicodedata
from dataclasses import dataclass

UNKNOWN = "〓"

# Unicode's own characters for what CP932 writes with others, and half-width signs without a place.
_SAME = {
    "〜": "～", "‖": "∥", "−": "－", "—": "―", "–": "－", "‐": "－", "‑": "－", "¢": "￠",
    "£": "￡", "¬": "￢", "¥": "￥", "‾": "￣", "•": "・", "\u00a0": " ", "\u3099": "゛",
    "\u309a": "゜",
}  # fmt: skip

# Old and popular forms in names and addresses that CP932 does not have -> the form that it has.
_FORMS = {
    "𠮷": "吉", "𠮟": "叱", "𡈽": "土", "𣘺": "橋", "𠀋": "丈", "𣏓": "柿", "𣳾": "泰", "𪚲": "亀",
    "溫": "温", "步": "歩", "每": "毎", "戶": "戸", "黃": "黄", "銳": "鋭", "內": "内", "吳": "呉",
    "卽": "即", "巢": "巣", "槪": "概", "稅": "税", "脫": "脱", "虛": "虚", "說": "説", "錄": "録",
    "頰": "頬", "顚": "顛", "塡": "填", "噓": "嘘", "摑": "掴", "瘦": "痩", "禱": "祷", "簞": "箪",
    "繡": "繍", "萊": "莱", "蔣": "蒋", "蠟": "蝋", "醬": "醤", "驒": "騨", "鷗": "鴎", "鹼": "鹸",
    "麴": "麹", "俠": "侠", "軀": "躯", "搔": "掻", "攢": "攅", "剝": "剥",
}  # fmt: skip


@dataclass(frozen=True)
class Fitted:
    """`text` can be encoded in CP932; `replaced`: what stood there -> what stands there now."""

    text: str
    replaced: dict[str, str]

    @property
    def certain(self) -> bool:
        return UNKNOWN not in self.replaced.values()


def fit(text: str) -> Fitted:
    """The text as CP932 can have it, with what had to be replaced."""
    replaced: dict[str, str] = {}
    done = []
    for cluster in clusters(unicodedata.normalize("NFC", text)):
        new = _fitted(cluster)
        if new != cluster and cluster not in _SAME:
            replaced[cluster] = new
        done.append(new)
    return Fitted("".join(done), replaced)


def clusters(text: str) -> list[str]:
    """Characters with the selectors and marks that belong to them, so that none is cut in two."""
    found: list[str] = []
    for character in text:
        selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
        mark = selector or unicodedata.combining(character) or character in "ﾞﾟ"
        if found and mark and not found[-1].isspace():
            found[-1] += character
        else:
            found.append(character)
    return found


def width(text: str) -> int:
    """Its length in CP932's bytes: two for a full-width character, one for a half-width one."""
    return len(text.encode("cp932", errors="replace"))


def _fitted(cluster: str) -> str:
    for candidate in (cluster, _SAME.get(cluster), _FORMS.get(cluster)):
        if candidate is not None and _has(candidate):
            return candidate
    base = cluster[0]  # without its selector: the common form of the same character
    for candidate in (base, _FORMS.get(base), unicodedata.normalize("NFKC", base)):
        if candidate and _has(candidate):
            return candidate
    return UNKNOWN


def _has(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True

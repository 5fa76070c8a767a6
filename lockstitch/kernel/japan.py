"""What is Japanese and needed in several places: prefectures (in the order of JIS X 0401), kana,
phone numbers and postal codes as people write them."""

import re
import unicodedata

import jaconv

PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県",
    "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
    "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
    "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip

KANA = re.compile(r"[ァ-ヺーヽヾ・\s　]+")
_HYPHENS = re.compile(r"[\s()‐-―－ー-]")


def full_kana(text: str) -> str:
    """Full-width katakana, from hiragana or half-width as well. Raises ValueError for the rest."""
    if not text.strip():
        return ""
    kana = str(jaconv.hira2kata(jaconv.h2z(unicodedata.normalize("NFKC", text.strip()))))
    if not KANA.fullmatch(kana):
        raise ValueError("not kana")
    return kana


def phone_digits(text: str) -> str:
    """090-1234-5678 and +81 90 1234 5678 as 09012345678. Raises ValueError."""
    digits = _HYPHENS.sub("", unicodedata.normalize("NFKC", text))
    if digits.startswith("+81"):
        digits = "0" + digits[3:].removeprefix("0")
    if not re.fullmatch(r"0\d{9,10}", digits, re.A):
        raise ValueError("not a phone number")
    return digits


def postal_digits(text: str) -> str:
    """〒150-0001 as 1500001. Raises ValueError."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
    if len(digits) != 7:
        raise ValueError("not a postal code")
    return digits

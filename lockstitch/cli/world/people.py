"""Invented people: names from lists, addresses of real places with invented numbers.

The same number gives the same person, so that a world can be made in parts and told again.
"""

from collections.abc import Mapping
from random import Random

FAMILIES = (
    ("佐藤", "サトウ"),
    ("鈴木", "スズキ"),
    ("高橋", "タカハシ"),
    ("田中", "タナカ"),
    ("伊藤", "イトウ"),
    ("渡辺", "ワタナベ"),
    ("山本", "ヤマモト"),
    ("中村", "ナカムラ"),
    ("小林", "コバヤシ"),
    ("加藤", "カトウ"),
    ("吉田", "ヨシダ"),
    ("山田", "ヤマダ"),
    ("佐々木", "ササキ"),
    ("山口", "ヤマグチ"),
    ("松本", "マツモト"),
    ("井上", "イノウエ"),
    ("木村", "キムラ"),
    ("林", "ハヤシ"),
    ("斎藤", "サイトウ"),
    ("清水", "シミズ"),
    ("山崎", "ヤマザキ"),
    ("森", "モリ"),
    ("池田", "イケダ"),
    ("橋本", "ハシモト"),
    ("阿部", "アベ"),
    ("石川", "イシカワ"),
    ("山下", "ヤマシタ"),
    ("中島", "ナカジマ"),
    ("石井", "イシイ"),
    ("小川", "オガワ"),
    ("前田", "マエダ"),
    ("岡田", "オカダ"),
)
GIVENS = (
    ("結衣", "ユイ"),
    ("陽菜", "ヒナ"),
    ("葵", "アオイ"),
    ("美咲", "ミサキ"),
    ("さくら", "サクラ"),
    ("凛", "リン"),
    ("七海", "ナナミ"),
    ("真由", "マユ"),
    ("彩", "アヤ"),
    ("優子", "ユウコ"),
    ("直美", "ナオミ"),
    ("香織", "カオリ"),
    ("恵", "メグミ"),
    ("智子", "トモコ"),
    ("翔太", "ショウタ"),
    ("大輔", "ダイスケ"),
    ("健太", "ケンタ"),
    ("拓也", "タクヤ"),
    ("蓮", "レン"),
    ("悠斗", "ハルト"),
)
PLACES = (
    ("0600001", "北海道", "札幌市中央区", "北一条西"),
    ("9800021", "宮城県", "仙台市青葉区", "中央"),
    ("1500001", "東京都", "渋谷区", "神宮前"),
    ("1540004", "東京都", "世田谷区", "太子堂"),
    ("1600022", "東京都", "新宿区", "新宿"),
    ("2200012", "神奈川県", "横浜市西区", "みなとみらい"),
    ("2610023", "千葉県", "千葉市美浜区", "中瀬"),
    ("3300854", "埼玉県", "さいたま市大宮区", "桜木町"),
    ("4600008", "愛知県", "名古屋市中区", "栄"),
    ("6048005", "京都府", "京都市中京区", "恵比須町"),
    ("5300001", "大阪府", "大阪市北区", "梅田"),
    ("6500021", "兵庫県", "神戸市中央区", "三宮町"),
    ("7300011", "広島県", "広島市中区", "基町"),
    ("8100001", "福岡県", "福岡市中央区", "天神"),
    ("9000014", "沖縄県", "那覇市", "松尾"),
)


def email(site: str, number: int) -> str:
    return f"p{number}@{site}.people.example"


def person(site: str, number: int) -> dict[str, str]:
    """The fields of a person of a site, as forms have them."""
    random = Random(f"2016|{site}|{number}")  # noqa: S311 - an invented world, the same each time
    family, given = random.choice(FAMILIES), random.choice(GIVENS)
    code, prefecture, city, street = random.choice(PLACES)
    rooms = f"コーポ{random.choice('ABCDEFG')} {random.randint(101, 1509)}"
    return {
        "family_name": family[0], "given_name": given[0], "family_kana": family[1],
        "given_kana": given[1], "email": email(site, number),
        "phone": f"0{random.choice('789')}0{random.randint(10_000_000, 99_999_999)}",
        "postal_code": code, "prefecture": prefecture, "city": city,
        "street": f"{street}{random.randint(1, 9)}-{random.randint(1, 30)}-{random.randint(1, 40)}",
        "building": rooms if random.random() < 0.6 else "",
    }  # fmt: skip


def hint(fields: Mapping[str, str]) -> str:
    """What the console shows of a person: one character and marks."""
    return f"{fields['family_name'][0]}＊ ＊＊"

"""The columns of a product file, one row a SKU: how each is named, read and written. Pure.

A product's rows stand together. What is of the product, the colour or the size stands in the first
row that names it and may be empty in the others.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lockstitch.catalogue import promise, typed
from lockstitch.catalogue.garments import GARMENTS
from lockstitch.catalogue.sizing import cm_of, mm_of
from lockstitch.catalogue.whole import Part, Worn
from lockstitch.kernel.clock import JST
from lockstitch.kernel.text import Text

Read = Callable[[str], Any]
Show = Callable[[Any], str]


@dataclass(frozen=True)
class Column:
    """`of`: product, colour, size or sku. `field` is the document's, `text` the language of it."""

    name: str
    ja: str
    of: str
    field: str
    read: Read = typed.plain
    show: Show = str
    text: str = ""


def _moment(at: Any) -> str:
    """Seconds only where there are any, so that what is written is what is read."""
    if at is None:
        return ""
    here = at.astimezone(JST).replace(tzinfo=None)
    spec = "auto" if here.second or here.microsecond else "minutes"
    return str(here.isoformat(" ", spec))


def _none(value: Any) -> str:
    return "" if value is None else str(value)


def _flag(value: Any) -> str:
    return "1" if value else "0"


def _parts(text: str) -> list[Part]:
    """`表地|Shell: cotton 80, nylon 20; 裏地|Lining: cupro 100`; no `:` for a part without name."""
    found = []
    for piece in filter(None, (one.strip() for one in text.split(";"))):
        names, colon, rest = piece.rpartition(":")
        ja, _bar, en = names.partition("|")
        fibres = []
        for fibre in rest.split(","):
            hit = re.fullmatch(r"\s*(\w+)\s+(\d{1,3})\s*%?\s*", fibre)
            if hit is None:
                raise ValueError(_("Not a composition: %(text)s") % {"text": text[:60]})
            fibres.append((hit[1], int(hit[2])))
        name = {"ja": ja.strip(), "en": en.strip()} if colon else {}
        found.append(Part({code: word for code, word in name.items() if word}, fibres))
    return found


def _parts_text(parts: list[Part]) -> str:
    return "; ".join(
        (f"{p.part.get('ja', '')}|{p.part.get('en', '')}: " if p.part else "")
        + ", ".join(f"{fibre} {percent}" for fibre, percent in p.fibres)
        for p in parts
    )


def _worn(text: str) -> list[Worn]:
    """`168 M 04; 175 L`: height in cm, size, colour."""
    found = []
    for piece in filter(None, (one.strip() for one in text.split(";"))):
        hit = re.fullmatch(r"(\d{2,3})\s+(\S+)(?:\s+(\S+))?", piece)
        if hit is None:
            raise ValueError(_("Not a model: %(text)s") % {"text": piece[:60]})
        found.append(Worn(int(hit[1]), hit[2], hit[3] or ""))
    return found


def _worn_text(worn: list[Worn]) -> str:
    return "; ".join(f"{one.height_cm} {one.size} {one.colour}".strip() for one in worn)


def _pairs(text: str) -> list[tuple[str, str]]:
    found = []
    for piece in filter(None, (one.strip() for one in text.split(";"))):
        name, equals, value = piece.partition("=")
        if not equals:
            raise ValueError(_("Not name=value: %(text)s") % {"text": piece[:60]})
        found.append((name.strip(), value.strip()))
    return found


_POINTS = {point.code for garment in GARMENTS.values() for point in garment.points}


def _measures(text: str) -> dict[str, int]:
    """`length=68.5; chest=52`, centimetres."""
    found = {}
    for name, value in _pairs(text):
        try:
            mm = mm_of(value)
        except ValueError:
            mm = None
        if mm is None or name not in _POINTS:
            raise ValueError(_("Not a measure: %(text)s") % {"text": f"{name}={value}"[:60]})
        found[name] = mm
    return found


def _measures_text(measures: dict[str, int]) -> str:
    return "; ".join(f"{point}={cm_of(mm)}" for point, mm in measures.items())


def _attributes(text: str) -> dict[str, list[str]]:
    return {name: typed.words(value) for name, value in _pairs(text)}


def _attributes_text(attributes: dict[str, list[str]]) -> str:
    return "; ".join(f"{name}={','.join(values)}" for name, values in attributes.items())


def _scales(text: str) -> dict[str, int]:
    return {name: typed.number(value) for name, value in _pairs(text)}


def _scales_text(scales: dict[str, int]) -> str:
    return "; ".join(f"{name}={grade}" for name, grade in scales.items())


def _split(text: str) -> list[str]:
    return text.split()


def _joined(values: list[str]) -> str:
    return " ".join(values)


def _texts(field: str, ja: str, of: str = "product", name: str = "") -> tuple[Column, Column]:
    base = name or field
    return (
        Column(f"{base}_ja", f"{ja}(日)", of, field, text="ja"),
        Column(f"{base}_en", f"{ja}(英)", of, field, text="en"),
    )


COLUMNS: tuple[Column, ...] = (
    Column("slug", "商品URL", "product", "slug"),
    Column("item_number", "品番", "product", "item_number"),
    *_texts("name", "商品名"),
    Column("kana", "よみ", "product", "kana"),
    Column("brand", "ブランド", "product", "brand"),
    Column("category", "カテゴリ", "product", "category"),
    *_texts("category_name", "カテゴリ名"),
    Column("season", "シーズン", "product", "season"),
    Column("collection", "コレクション", "product", "collection"),
    Column("tags", "タグ", "product", "tags", typed.words, ", ".join),
    Column("gender", "性別", "product", "gender"),
    Column("age_group", "年齢層", "product", "age_group"),
    *_texts("description", "説明"),
    *_texts("material", "素材表記"),
    Column("composition", "組成", "product", "composition", _parts, _parts_text),
    Column("care", "洗濯表示", "product", "care", _split, _joined),
    Column("origin", "原産国", "product", "origin"),
    Column("scales", "生地感", "product", "scales", _scales, _scales_text),
    *_texts("fit_note", "着用感"),
    Column("video", "動画", "product", "video"),
    *_texts("video_title", "動画の題名"),
    Column("video_captions", "動画の字幕", "product", "video_captions"),
    Column("matching", "着回し", "product", "matching", typed.words, ", ".join),
    Column("related", "関連商品", "product", "related", typed.words, ", ".join),
    Column("worn", "モデル", "product", "worn", _worn, _worn_text),
    Column("attributes", "属性", "product", "attributes", _attributes, _attributes_text),
    Column(
        "tax_percent",
        "税率",
        "product",
        "tax_rate_bp",
        typed.percent_bp,
        lambda bp: f"{bp / 100:g}",
    ),
    Column(
        "preorder_month", "予約発送月", "product", "preorder_month", promise.read, promise.typed
    ),
    Column(
        "made_to_order_days", "受注生産日数", "product", "made_to_order_days", typed.whole, _none
    ),
    Column("limit_per_order", "注文上限", "product", "limit_per_order", typed.whole, _none),
    Column("limit_per_person", "お一人様上限", "product", "limit_per_person", typed.whole, _none),
    Column("limit_days", "上限の期間(日)", "product", "limit_days", typed.whole, _none),
    Column("giftable", "ギフト可", "product", "is_giftable", typed.truth, _flag),
    Column("final_sale", "返品不可", "product", "is_final_sale", typed.truth, _flag),
    Column("hem_from", "股下直し最短cm", "product", "hem_from_mm", typed.cm, typed.shown_cm),
    Column("hem_to", "股下直し最長cm", "product", "hem_to_mm", typed.cm, typed.shown_cm),
    Column("hem_step", "股下直し刻みcm", "product", "hem_step_mm", typed.cm, typed.shown_cm),
    Column("hem_fee", "股下直し料金", "product", "hem_fee_yen", typed.whole, _none),
    Column("hem_days", "股下直し日数", "product", "hem_days", typed.whole, _none),
    Column("outlet", "アウトレット", "product", "is_outlet", typed.truth, _flag),
    *_texts("outlet_note", "アウトレットの状態"),
    Column("successor", "後継商品URL", "product", "successor"),
    Column("audience", "公開範囲", "product", "audience"),
    Column("published_from", "公開開始", "product", "published", typed.moment, _moment),
    Column("published_until", "公開終了", "product", "published_until", typed.moment, _moment),
    Column("position", "並び順", "product", "position", typed.number, _none),
    Column("colour_code", "色コード", "colour", "code"),
    *_texts("name", "色名", "colour", "colour_name"),
    Column("colour_family", "色系統", "colour", "family"),
    Column("colour_hex", "色見本", "colour", "hex"),
    Column("colour_from", "色公開開始", "colour", "published_from", typed.moment, _moment),
    Column("colour_until", "色公開終了", "colour", "published_until", typed.moment, _moment),
    Column("pictures", "画像", "colour", "picture_urls", _split, _joined),
    Column("size_code", "サイズコード", "size", "code"),
    Column("size_label", "サイズ", "size", "label"),
    Column("measures", "採寸", "size", "measures", _measures, _measures_text),
    Column("sku", "SKU", "sku", "code"),
    Column("jan", "JAN", "sku", "gtin", typed.gtin),
    Column("supplier_code", "仕入先品番", "sku", "supplier_code"),
    Column("price", "販売価格", "sku", "price_yen", typed.number, _none),
    Column("list_price", "通常価格", "sku", "list_price_yen", typed.whole, _none),
    Column("sale_price", "セール価格", "sku", "sale_price_yen", typed.whole, _none),
    Column("sale_from", "セール開始", "sku", "sale_from", typed.moment, _moment),
    Column("sale_until", "セール終了", "sku", "sale_until", typed.moment, _moment),
    Column("cost", "原価", "sku", "cost_yen", typed.whole, _none),
    Column("weight_g", "重量g", "sku", "weight_g", typed.number, _none),
    Column("preorder_limit", "予約上限", "sku", "preorder_limit", typed.whole, _none),
    Column("sku_from", "SKU公開開始", "sku", "published_from", typed.moment, _moment),
    Column("sku_until", "SKU公開終了", "sku", "published_until", typed.moment, _moment),
    Column("for_sale", "販売", "sku", "active", typed.truth, _flag),
    Column("stock", "在庫", "stock", "stock", typed.whole, _none),
)
BY_NAME = {key: column for column in COLUMNS for key in (column.name, column.ja)}


def value_of(column: Column, row: Any) -> str:
    """What stands in a column of a product, colour or SKU."""
    value = getattr(row, column.field)
    if column.text:
        texts: Text = value
        return texts.get(column.text, "")
    return column.show(value)

"""A product as one document: what a form sends, an import reads, a revision keeps, a copy copies
and an export writes. Pure. Stock is not of it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import msgspec

from lockstitch.kernel.text import Text


@dataclass
class NewColour:
    code: str
    name: Text
    family: str = ""
    hex: str = ""
    picture_urls: list[str] = field(default_factory=list)
    published_from: dt.datetime | None = None
    published_until: dt.datetime | None = None


@dataclass
class NewSku:
    colour: str
    size: str
    code: str
    price_yen: int
    list_price_yen: int | None = None
    gtin: str = ""
    supplier_code: str = ""
    sale_price_yen: int | None = None
    sale_from: dt.datetime | None = None
    sale_until: dt.datetime | None = None
    weight_g: int = 0
    preorder_limit: int | None = None
    published_from: dt.datetime | None = None
    published_until: dt.datetime | None = None
    active: bool = True
    cost_yen: int | None = None  # without tax


@dataclass
class Part:
    """Of the composition: 表地, 裏地. `fibres` are (fibre's code, percent)."""

    part: Text
    fibres: list[tuple[str, int]]


@dataclass
class Worn:
    """Who wears what in the pictures."""

    height_cm: int
    size: str
    colour: str = ""


@dataclass
class NewProduct:
    """`sizes` are (code, label); `measures`: size code -> {measuring point: mm}."""

    slug: str
    item_number: str
    name: Text
    colours: list[NewColour]
    sizes: list[tuple[str, str]]
    skus: list[NewSku]
    measures: dict[str, dict[str, int]] = field(default_factory=dict)
    description: Text = field(default_factory=dict)
    material: Text = field(default_factory=dict)
    brand: str = ""
    season: str = ""
    collection: str = ""
    kana: str = ""
    tags: list[str] = field(default_factory=list)
    gender: str = ""
    age_group: str = "adult"
    category: str = ""  # slug
    category_name: Text = field(default_factory=dict)
    composition: list[Part] = field(default_factory=list)
    care: list[str] = field(default_factory=list)
    origin: str = ""
    scales: dict[str, int] = field(default_factory=dict)
    fit_note: Text = field(default_factory=dict)
    worn: list[Worn] = field(default_factory=list)
    attributes: dict[str, list[str]] = field(default_factory=dict)
    video: str = ""
    video_title: Text = field(default_factory=dict)
    video_captions: str = ""
    matching: list[str] = field(default_factory=list)  # slugs
    related: list[str] = field(default_factory=list)
    tax_rate_bp: int = 1000
    preorder_month: str = ""
    made_to_order_days: int | None = None
    limit_per_order: int | None = None
    limit_per_person: int | None = None
    limit_days: int | None = None
    is_giftable: bool = True
    is_final_sale: bool = False
    hem_from_mm: int | None = None
    hem_to_mm: int | None = None
    hem_step_mm: int | None = None
    hem_fee_yen: int | None = None
    hem_days: int | None = None
    is_outlet: bool = False
    outlet_note: Text = field(default_factory=dict)
    successor: str = ""  # slug
    audience: str = "public"
    published: dt.datetime | None = None  # when it goes on sale, or None for a draft
    published_until: dt.datetime | None = None
    position: int = 0


HEM = ("hem_from_mm", "hem_to_mm", "hem_step_mm", "hem_fee_yen", "hem_days")  # all or none
# Fields that are written under their own name.
PLAIN = [
    *HEM,
    "item_number",
    "brand",
    "name",
    "material",
    "season",
    "collection",
    "kana",
    "tags",
    "gender",
    "age_group",
    "care",
    "origin",
    "scales",
    "fit_note",
    "attributes",
    "video",
    "video_title",
    "video_captions",
    "matching",
    "related",
    "tax_rate_bp",
    "preorder_month",
    "made_to_order_days",
    "limit_per_order",
    "limit_per_person",
    "limit_days",
    "is_giftable",
    "is_final_sale",
    "is_outlet",
    "outlet_note",
    "successor",
    "audience",
    "published_until",
    "position",
]
SKU_PLAIN = [
    "code",
    "price_yen",
    "list_price_yen",
    "gtin",
    "supplier_code",
    "sale_price_yen",
    "sale_from",
    "sale_until",
    "cost_yen",
    "weight_g",
    "preorder_limit",
    "published_from",
    "published_until",
    "active",
]
TEXTS = ("name", "description", "material", "fit_note", "video_title", "category_name",
         "outlet_note")  # fmt: skip


def state_of(new: NewProduct) -> dict[str, Any]:
    """As JSON can hold it."""
    state: dict[str, Any] = msgspec.to_builtins(new)
    return state


def of_state(state: dict[str, Any]) -> NewProduct:
    """Fields that were not there yet when it was kept get their defaults."""
    return msgspec.convert(state, NewProduct)


@dataclass(frozen=True)
class Change:
    """One difference of two states. `where`: "", "colour 04", "size M" or "sku X-04-M"."""

    where: str
    field: str
    before: Any
    after: Any


KEYED = (("colours", "colour", "code"), ("skus", "sku", "code"))


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """What differs, field by field; rows of the grid are matched by their codes."""
    found = [
        Change("", name, before.get(name), after.get(name))
        for name in after
        if name not in ("colours", "skus", "sizes", "measures")
        and before.get(name) != after.get(name)
    ]
    for plural, word, key in KEYED:
        found += _rows(word, _by(before.get(plural, []), key), _by(after[plural], key))
    return found + _rows("size", _sizes(before), _sizes(after))


def _by(rows: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: {**row, "place": n} for n, row in enumerate(rows)}


def _sizes(state: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        code: {"label": label, "place": n, **state.get("measures", {}).get(code, {})}
        for n, (code, label) in enumerate(state.get("sizes", []))
    }


def _rows(
    word: str, before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]
) -> list[Change]:
    found = []
    for code in [*after, *(code for code in before if code not in after)]:
        old, new = before.get(code), after.get(code)
        where = f"{word} {code}"
        if old is None or new is None:
            found.append(Change(where, "", old is not None, new is not None))
            continue
        found += [
            Change(where, name, old.get(name), new.get(name))
            for name in {**old, **new}
            if old.get(name) != new.get(name) and not (word == "sku" and name == "place")
        ]
    return found

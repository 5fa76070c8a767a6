"""A list's filters: from the address to a wish, and from what was counted to what can be chosen.

Everything stands in the address (`?f=navy&f=white&z=M&sort=low`), so that a list can be sent to
somebody, gone back to, and read without scripts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from lockstitch.catalogue.colours import FAMILIES
from lockstitch.catalogue.queries import Attribute, Category
from lockstitch.kernel.money import shown
from lockstitch.kernel.text import localised
from lockstitch.looks.words_lists import (
    FAMILY_WORDS,
    FIBRE_WORDS,
    FILTER_WORDS,
    GENDER_WORDS,
    STATE_WORDS,
)
from lockstitch.search.queries import SORTS, Facets, Wish

KINDS = ("c", "f", "z", "y", "b", "m", "s", "x", "o")
CHOSEN_MAX = 30
BANDS = (0, 3_000, 5_000, 10_000, 20_000, 30_000, 50_000)  # as in the SQL of search_rows
LETTERS = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "3XL", "F", "FREE")


@dataclass(frozen=True)
class Option:
    name: str  # of its field
    value: str
    label: str
    count: int | None
    chosen: bool
    swatch: str = ""
    depth: int = 0


@dataclass(frozen=True)
class Group:
    kind: str
    label: str
    options: list[Option]

    @property
    def is_chosen(self) -> bool:
        return any(option.chosen for option in self.options)


@dataclass(frozen=True)
class Chip:
    """A chosen filter, and the address of the list without it."""

    name: str
    value: str
    label: str
    href: str


@dataclass(frozen=True)
class Names:
    """What the site calls its categories and its own filters."""

    categories: Sequence[Category]
    attributes: Sequence[Attribute]


def wish_of(asked: QueryDict, *, within: Iterable[str] = (), sort: str = "own") -> Wish:
    """What the address asks for; what it says wrongly is passed over."""
    chosen: dict[str, tuple[str, ...]] = {}
    for key in asked:
        kind = f"v:{key[2:]}" if key.startswith("v_") else key
        if kind in KINDS or key.startswith("v_"):
            values = [v[:120] for v in asked.getlist(key) if v and "\0" not in v][:CHOSEN_MAX]
            if values:
                chosen[kind] = tuple(f"{kind}:{value}" for value in values)
        if len(chosen) > CHOSEN_MAX:
            break
    wanted = asked.get("sort", "")
    return Wish(
        chosen=chosen, within=tuple(within), words=asked.get("q", "").replace("\0", "")[:80],
        sort=wanted if wanted in SORTS else sort, after=asked.get("after", "")[:80],
    )  # fmt: skip


def groups_of(facets: Facets, wish: Wish, names: Names) -> list[Group]:
    """What can be chosen, with how many products each would leave; a filter of which the page
    stands for one is left out."""
    tokens: dict[str, dict[str, int]] = {}
    for token, count in facets.by_token.items():
        kind, value = _split(token)
        tokens.setdefault(kind, {})[value] = count
    for kind, chosen in wish.chosen.items():
        for token in chosen:
            tokens.setdefault(kind, {}).setdefault(_split(token)[1], 0)
    fixed = {_split(token)[0] for token in wish.within} - {"c"}
    kinds = [*KINDS, *(f"v:{attribute.code}" for attribute in names.attributes)]
    groups = []
    for kind in kinds:
        found = tokens.get(kind)
        if found and kind not in fixed:
            options = _options(kind, found, wish, names, counted=facets.total is not None)
            if len(options) > 1 or any(option.chosen for option in options):
                groups.append(Group(kind, _title(kind, names), options))
    return groups


def _options(
    kind: str, found: Mapping[str, int], wish: Wish, names: Names, *, counted: bool
) -> list[Option]:
    chosen = {_split(token)[1] for token in wish.chosen.get(kind, ())}
    name = f"v_{kind[2:]}" if kind.startswith("v:") else kind
    return [
        Option(
            name, value, label_of(kind, value, names), found[value] if counted else None,
            value in chosen, FAMILIES[value][0] if kind == "f" and value in FAMILIES else "",
        )
        for value in _ordered(kind, found, names)
        if label_of(kind, value, names)
    ]  # fmt: skip


def _ordered(kind: str, found: Mapping[str, int], names: Names) -> list[str]:
    if kind == "c":
        known = [_short(category) for category in names.categories]
        return [key for key in known if key in found]
    if kind == "f":
        return [key for key in FAMILY_WORDS if key in found]
    if kind.startswith("v:"):
        attribute = next(each for each in names.attributes if f"v:{each.code}" == kind)
        return [code for code, _text in attribute.values if code in found]
    if kind == "z":
        return sorted(found, key=size_order)
    if kind in ("y", "s"):
        return sorted(found, reverse=kind == "s")
    return sorted(found, key=lambda value: (-found[value], value))[:40]


def size_order(label: str) -> tuple[int, float, str]:
    """XS before S before M, numbers by their size, the rest by its letters."""
    if label.upper() in LETTERS:
        return 0, LETTERS.index(label.upper()), label
    digits = "".join(c for c in label if c.isdigit() or c == ".").strip(".")
    try:
        return 1, float(digits), label
    except ValueError:
        return 2, 0.0, label


def label_of(kind: str, value: str, names: Names) -> str:
    if kind == "c":
        found = next((c for c in names.categories if _short(c) == value), None)
        return localised(found.name) if found else ""
    if kind.startswith("v:"):
        values: list[Any] = next((a.values for a in names.attributes if f"v:{a.code}" == kind), [])
        return next((localised(text) for code, text in values if code == value), "")
    if kind == "y":
        return _band(value)
    words = {"f": FAMILY_WORDS, "m": FIBRE_WORDS, "x": GENDER_WORDS, "o": STATE_WORDS}.get(kind)
    return str(words.get(value, value if kind == "m" else "")) if words else value


def _band(value: str) -> str:
    at = int(value) if value.isascii() and value.isdigit() and len(value) < 3 else len(BANDS)
    if at >= len(BANDS):
        return ""
    low, high = shown(BANDS[at]), shown(BANDS[at + 1]) if at + 1 < len(BANDS) else ""
    if not high:
        return _("%(low)s and more") % {"low": low}
    return _("under %(high)s") % {"high": high} if at == 0 else f"{low} – {high}"


def _title(kind: str, names: Names) -> str:
    if kind in FILTER_WORDS:
        return str(FILTER_WORDS[kind])
    return next((localised(a.name) for a in names.attributes if f"v:{a.code}" == kind), "")


def _split(token: str) -> tuple[str, str]:
    kind, _, value = token.partition(":")
    if kind != "v":
        return kind, value
    code, _, value = value.partition(":")
    return f"v:{code}", value


def _short(category: Category) -> str:
    return str(category.pk)[-12:]


def token_of(category: Category) -> str:
    return f"c:{_short(category)}"


def chips_of(asked: QueryDict, wish: Wish, names: Names) -> list[Chip]:
    chips = []
    for kind, tokens in wish.chosen.items():
        name = f"v_{kind[2:]}" if kind.startswith("v:") else kind
        for token in tokens:
            value = _split(token)[1]
            label = label_of(kind, value, names) or value
            chips.append(Chip(name, value, label, address(asked, without=(name, value))))
    return chips


def address(asked: QueryDict, *, without: tuple[str, str] | None = None, **instead: str) -> str:
    """`?…` of the same list, changed so; always from its beginning."""
    pairs = [
        (key, value)
        for key, values in asked.lists()
        if (key in KINDS or key in ("q", "sort") or key.startswith("v_")) and key not in instead
        for value in values
        if (key, value) != without and value
    ]
    return f"?{urlencode([*pairs, *((k, v) for k, v in instead.items() if v)])}"


def is_deep(asked: QueryDict, wish: Wish) -> bool:
    """Too special for a search engine: more than one filter, words, or a place within the list."""
    return bool(wish.words or wish.after) or sum(map(len, wish.chosen.values())) > 1

"""What the product's page shows: the rows of its form, from what is kept or from what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from lockstitch.catalogue.audience import AUDIENCES, of_rank
from lockstitch.catalogue.care import FIBRES, KINDS, ORIGINS, SCALES, SYMBOLS
from lockstitch.catalogue.checks import AGES, GENDERS
from lockstitch.catalogue.colours import FAMILIES
from lockstitch.catalogue.garments import GARMENTS, Garment
from lockstitch.catalogue.reading import tree, used_words
from lockstitch.catalogue.rules import sku_code
from lockstitch.console.goods_form import FIBRES_A_PART, Typed, rows
from lockstitch.kernel.text import localised
from lockstitch.members.queries import ranks

NUMERIC = {"price", "list", "sale", "cost", "gtin", "weight", "limit", "stock"}
MOMENTS = {"salefrom", "saleuntil", "from", "until"}
COLUMNS = (
    "code",
    "price",
    "list",
    "cost",
    "stock",
    "gtin",
    "sale",
    "salefrom",
    "saleuntil",
    "weight",
    "supplier",
    "limit",
    "from",
    "until",
)
ROWS = {  # kinds of rows, and the fields that make one of them worth keeping
    "part": ("ja", "en", "fibre-0", "percent-0"), "worn": ("height", "size"),
    "colour": ("code", "ja", "en", "hex"), "size": ("code", "label"),
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    name: str
    value: str
    problem: str = ""


@dataclass(frozen=True)
class Cell:
    colour: str
    size: str
    inputs: SafeString  # the row's <td>s: a thousand rows of them are too many for a template
    is_bad: bool


class Page:
    """`given` is what is shown in the fields; `problems` are sentences by field."""

    def __init__(
        self, given: Typed, problems: Mapping[str, str], garment: Garment | None, care: list[str],
        *, locked: bool = False, promised: Mapping[str, int] | None = None,
    ) -> None:  # fmt: skip
        self.given, self.problems, self.garment = given, problems, garment
        self.chosen, self.locked, self.promised = care, locked, promised or {}

    def field(self, name: str) -> Field:
        return Field(name, self.given.get(name, "") or "", self.problems.get(name, ""))

    def __getitem__(self, name: str) -> Field:
        """In templates: `page.brand` and `page.name_ja`; they look here before attributes."""
        if hasattr(self, name):
            raise KeyError(name)
        return self.field(name)

    def _rows(self, kind: str) -> range:
        """Down to the last one in which something stands, and an empty one to type in."""
        filled = [
            n for n in range(rows(self.given, kind))
            if any((self.given.get(f"{kind}-{n}-{name}", "") or "").strip() for name in ROWS[kind])
        ]  # fmt: skip
        return range((filled[-1] + 1 if filled else 0) + (0 if self.locked else 1))

    def count(self, kind: str) -> int:
        return len(self._rows(kind))

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [(f"{kind}s", self.count(kind)) for kind in ROWS]

    @property
    def parts(self) -> list[dict[str, Any]]:
        return [
            {
                "problem": self.problems.get(f"part-{n}", ""),
                "names": [self.field(f"part-{n}-{code}") for code in ("ja", "en")],
                "fibres": [
                    (self.field(f"part-{n}-fibre-{k}"), self.field(f"part-{n}-percent-{k}"))
                    for k in range(FIBRES_A_PART)
                ],
            }
            for n in self._rows("part")
        ]

    @property
    def worn(self) -> list[dict[str, Any]]:
        return [
            {
                "problem": self.problems.get(f"worn-{n}", ""),
                **{name: self.field(f"worn-{n}-{name}") for name in ("height", "size", "colour")},
            }
            for n in self._rows("worn")
        ]

    @property
    def colours(self) -> list[dict[str, Any]]:
        names = ("was", "code", "ja", "en", "family", "hex", "from", "until", "place")
        return [
            {name: self.field(f"colour-{n}-{name}") for name in names} for n in self._rows("colour")
        ]

    @property
    def sizes(self) -> list[dict[str, Any]]:
        points = self.garment.points if self.garment else ()
        return [
            {
                **{
                    name: self.field(f"size-{n}-{name}")
                    for name in ("was", "code", "label", "place")
                },
                "measures": [(p, self.field(f"size-{n}-m-{p.code}")) for p in points],
            }
            for n in self._rows("size")
        ]

    @property
    def cells(self) -> list[Cell]:
        self._heads = {column: escape(HEADS[column]) for column in COLUMNS}
        return [
            self._cell(i, j, colour, size)
            for i, colour in self._named("colour", ("ja", "en", "code"))
            for j, size in self._named("size", ("label", "code"))
        ]

    def _named(self, kind: str, names: tuple[str, ...]) -> list[tuple[int, str]]:
        found = []
        for n in range(rows(self.given, kind)):
            shown = (self.given.get(f"{kind}-{n}-{name}", "") for name in names)
            if name := next((text for text in shown if text), ""):
                found.append((n, name))
        return found

    def _cell(self, i: int, j: int, colour: str, size: str) -> Cell:
        at, given = f"cell-{i}-{j}", self.given
        label = escape(f"{colour} {size}")
        is_new = given.get(f"{at}-code") is None
        on = "1" if is_new else given.get(f"{at}-on", "")
        kept, was = given.get(f"{at}-kept", ""), given.get(f"{at}-was", "")
        shut = " disabled" if self.locked else ""
        html = [
            f'<td><input type="checkbox" name="{at}-on" value="1"{" checked" if on else ""}{shut}'
            f' aria-label="{escape(_("For sale"))} {label}">'
            f'<input type="hidden" name="{at}-kept" value="{escape(kept)}">'
            f'<input type="hidden" name="{at}-was" value="{escape(was)}"></td>'
        ]
        bad = False
        for column in COLUMNS:
            name = f"{at}-{column}"
            value, problem = given.get(name, "") or "", self.problems.get(name, "")
            if is_new and column == "code":
                value = self._new_code(i, j)
            kind = "datetime-local" if column in MOMENTS else "text"
            mode = ' inputmode="numeric"' if column in NUMERIC else ""
            wrong = f' aria-invalid="true" aria-describedby="{name}-p"' if problem else ""
            html.append(
                f'<td class="c-{column}"><input type="{kind}" name="{name}" id="{name}"'
                f' value="{escape(value)}"{mode}{wrong}{shut}'
                f' aria-label="{self._heads[column]} {label}">'
            )
            if problem:
                bad = True
                html.append(f'<span class="problem small" id="{name}-p">{escape(problem)}</span>')
            html.append("</td>")
        promised = self.promised.get(given.get(f"{at}-code", ""), 0)
        html.append(f'<td class="end number">{promised or ""}</td>')
        return Cell(colour, size, mark_safe("".join(html)), bad)  # noqa: S308 - escaped above

    def _new_code(self, i: int, j: int) -> str:
        number = self.given.get("item_number", "").strip()
        colour = self.given.get(f"colour-{i}-code", "").strip()
        label = self.given.get(f"size-{j}-label", "").strip()
        size = self.given.get(f"size-{j}-code", "").strip() or slugify(label, allow_unicode=True)
        return sku_code(number, colour, size) if number and colour else ""

    @property
    def heads(self) -> list[tuple[str, str]]:
        return [(column, str(HEADS[column])) for column in COLUMNS]

    @property
    def fills(self) -> list[tuple[str, str, str]]:
        """(column, kind of input, what is typed) of the row that fills others."""
        return [
            (
                column, "datetime-local" if column in MOMENTS else "text",
                self.given.get(f"fill-{column}", "") or "",
            )
            for column in COLUMNS
        ]  # fmt: skip

    @property
    def fill_targets(self) -> list[tuple[str, str]]:
        return [
            ("", _("All")),
            *((f"c{i}", name) for i, name in self._named("colour", ("ja", "en", "code"))),
            *((f"s{j}", name) for j, name in self._named("size", ("label", "code"))),
        ]

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the field, sentence), for the list above the form; of a cell with its place."""
        colours = {str(i): name for i, name in self._named("colour", ("ja", "en", "code"))}
        sizes = {str(j): name for j, name in self._named("size", ("label", "code"))}
        found = []
        for name, text in self.problems.items():
            kind, *place = name.split("-")
            if kind == "cell" and len(place) == 3:
                code = self.given.get(f"cell-{place[0]}-{place[1]}-code", "")
                cell = code or f"{colours.get(place[0], '')} {sizes.get(place[1], '')}"
                where = f"{cell} {HEADS[place[2]]}"
                found.append((name, f"{where}: {text}"))
            else:
                found.append((name, text))
        return found

    @property
    def symbols(self) -> list[tuple[str, list[tuple[Any, bool]]]]:
        return [
            (
                localised(name),
                [(one, one.code in self.chosen) for one in SYMBOLS.values() if one.kind == kind],
            )
            for kind, name in KINDS.items()
        ]

    @property
    def scales(self) -> list[tuple[str, str, list[str], str]]:
        return [
            (code, localised(name), [localised(step) for step in steps],
             self.given.get(f"scale-{code}", ""))
            for code, (name, steps) in SCALES.items()
        ]  # fmt: skip


class _Heads(dict[str, str]):
    """Looked up when shown, so that they are in the reader's language."""

    def __missing__(self, column: str) -> str:
        return {
            "code": _("SKU"), "price": _("Price"), "list": _("Former price"),
            "sale": _("Sale price"), "salefrom": _("Sale from"), "saleuntil": _("Sale until"),
            "cost": _("Cost (without tax)"),
            "gtin": "JAN", "supplier": _("Supplier's code"), "weight": _("Weight (g)"),
            "limit": _("Pre-order pieces"), "from": _("Shown from"), "until": _("Shown until"),
            "stock": _("In stock"),
        }[column]  # fmt: skip


HEADS = _Heads()


def _ranked() -> list[tuple[str, str]]:
    return [
        (of_rank(each.code), _("Members from %(rank)s on") % {"rank": localised(each.name)})
        for each in ranks()
    ]


def _audiences(kept: str) -> list[tuple[str, str]]:
    """With the kept one in any case: a list without it would choose its first, which is everybody,
    and the next save would show to all what was for a rank that is gone."""
    words = {
        "public": _("Everybody"),
        "members": _("Members"),
        "link": _("Whoever has the link"),
    }
    found = [*((code, words[code]) for code in AUDIENCES), *_ranked()]
    if kept and kept not in dict(found):
        found.append((kept, _("Nobody: there is no %(code)s") % {"code": kept}))
    return found


def choices(audience: str = "public") -> dict[str, Any]:
    """What the form's lists offer; `audience` is the one that the form has now."""
    gender = {"": "—", "women": _("Women"), "men": _("Men"), "unisex": _("Unisex")}
    age = {
        "newborn": _("Newborn"), "infant": _("Infant"), "toddler": _("Toddler"),
        "kids": _("Children"), "adult": _("Adults"),
    }  # fmt: skip
    return {
        "categories": [(depth, one, "　" * depth) for depth, one in tree()],
        "used": used_words(),
        "kinds": [(code, localised(one.name)) for code, one in GARMENTS.items()],
        "genders": [(code, gender[code]) for code in GENDERS],
        "ages": [(code, age[code]) for code in AGES],
        "audiences": _audiences(audience),
        "fibres": [(code, localised(name)) for code, name in FIBRES.items()],
        "origins": [(code, localised(name)) for code, name in ORIGINS.items()],
        "families": [(code, _family(code)) for code in FAMILIES],
    }


def _family(code: str) -> str:
    return {
        "navy": _("Navy"), "white": _("White"), "black": _("Black"), "gray": _("Grey"),
        "silver": _("Silver"), "gold": _("Gold"), "beige": _("Beige"), "brown": _("Brown"),
        "khaki": _("Khaki"), "green": _("Green"), "blue": _("Blue"), "purple": _("Purple"),
        "pink": _("Pink"), "red": _("Red"), "orange": _("Orange"), "yellow": _("Yellow"),
    }[code]  # fmt: skip


def filled(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, with the filling row copied into the cells it is for."""
    made = {name: given[name] for name in given}
    to = made.get("fill-to", "")
    for i in range(rows(made, "colour")):
        for j in range(rows(made, "size")):
            if to in ("", f"c{i}", f"s{j}") and f"cell-{i}-{j}-code" in made:
                for column in COLUMNS:
                    if text := made.get(f"fill-{column}", "").strip():
                        made[f"cell-{i}-{j}-{column}"] = text
    for column in COLUMNS:
        made.pop(f"fill-{column}", None)
    return made


def with_gtins(given: Mapping[str, Any], codes: list[str]) -> dict[str, Any]:
    """What was typed, with a JAN for each cell that is for sale and has none."""
    made = {name: given[name] for name in given}
    for name in without_gtin(made):
        made[name] = codes.pop(0)
    return made


def without_gtin(given: Mapping[str, Any]) -> list[str]:
    return [
        f"cell-{i}-{j}-gtin"
        for i in range(rows(given, "colour"))
        for j in range(rows(given, "size"))
        if given.get(f"cell-{i}-{j}-on") and not given.get(f"cell-{i}-{j}-gtin", "").strip()
    ]

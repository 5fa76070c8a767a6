"""What is typed in the stock room."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lockstitch.fulfilment.calendar import REGION_OF
from lockstitch.inventory.listing import skus_of
from lockstitch.inventory.queries import Location
from lockstitch.kernel.errors import Refused

WHY = {
    "counted": gettext_lazy("Counted anew"), "found": gettext_lazy("Found"),
    "lost": gettext_lazy("Lost"), "damaged": gettext_lazy("Damaged"),
    "sample": gettext_lazy("Taken as a sample"), "mistake": gettext_lazy("An earlier mistake"),
}  # fmt: skip
KINDS = [
    ("warehouse", gettext_lazy("Warehouse")), ("store", gettext_lazy("Shop")),
    ("due", gettext_lazy("Due in, sold ahead")),
]  # fmt: skip


class LocationForm(forms.Form):
    code = forms.RegexField(r"^[A-Za-z0-9_-]{1,20}$", label=gettext_lazy("Code"))
    name_ja = forms.CharField(label=gettext_lazy("Name in Japanese"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=60, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS)
    position = forms.IntegerField(
        label=gettext_lazy("Order in which the site sells from it"), min_value=0, max_value=999,
        initial=0,
    )  # fmt: skip
    sells_online = forms.BooleanField(
        label=gettext_lazy("Sells online"), required=False, initial=True
    )
    buffer = forms.IntegerField(
        label=gettext_lazy("Safety stock of each SKU"), min_value=0, max_value=9_999, initial=0
    )
    pickup = forms.BooleanField(label=gettext_lazy("Goods can be fetched here"), required=False)
    pickup_days = forms.IntegerField(
        label=gettext_lazy("Days that goods wait"), min_value=1, max_value=60, initial=7
    )
    prefecture = forms.ChoiceField(
        label=gettext_lazy("Prefecture"), required=False,
        choices=[("", "—"), *((name, name) for name in REGION_OF)],
    )  # fmt: skip
    address_ja = forms.CharField(
        label=gettext_lazy("Address of the shop"), max_length=200, required=False
    )
    hours_ja = forms.CharField(label=gettext_lazy("Opening hours"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if data.get("kind") == "due" and (data.get("pickup") or data.get("buffer")):
            raise forms.ValidationError(
                _("What is due cannot be fetched, and has no safety stock.")
            )
        return data

    def values(self) -> tuple[str, dict[str, Any]]:
        """(code, the columns of the location)."""
        data = dict(self.cleaned_data)
        code = data.pop("code")
        for name in ("name", "address", "hours"):
            texts = {"ja": data.pop(f"{name}_ja"), "en": data.pop(f"{name}_en", "")}
            data[name] = {language: text for language, text in texts.items() if text}
        return code, data

    @classmethod
    def of(cls, place: Location) -> "LocationForm":
        known = {name: getattr(place, name) for name in cls.base_fields if hasattr(place, name)}
        texts = {
            f"{name}_{language}": text
            for name in ("name", "address", "hours")
            for language, text in getattr(place, name).items()
        }
        return cls(initial={**known, **texts})


def read_pieces(text: str, *, counted: bool) -> dict[Any, int]:
    """`SKU, pieces` a line, by code or JAN; of a count only the SKU. Raises Refused with the lines
    that cannot be read."""
    rows: list[tuple[str, int]] = []
    wrong: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"[,\t、，]", line.strip()) if cell.strip()]
        if not cells:
            continue
        number = cells[1] if len(cells) > 1 else "0" if counted else "1"
        if len(cells) > 2 or not (number.isascii() and number.isdigit()):
            wrong.append(line.strip())
            continue
        rows.append((cells[0], int(number)))
    known = skus_of(code for code, _number in rows)
    wrong += [code for code, _number in rows if code not in known]
    if wrong:
        raise Refused(_("Cannot be read: %(lines)s") % {"lines": " / ".join(wrong[:5])})
    pieces: dict[Any, int] = {}
    for code, count in rows:
        pieces[known[code]] = pieces.get(known[code], 0) + count
    return pieces

"""What is typed about shipping."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lockstitch.fulfilment.calendar import REGION_OF
from lockstitch.fulfilment.queries import DispatchTerms

SENDER = ("name", "phone", "postal_code", "address", "building")


def _text(label: Any, most: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False)


class DispatchForm(forms.Form):
    cut_off = forms.TimeField(
        label=gettext_lazy("Orders until this hour leave in time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    handling_days = forms.IntegerField(
        label=gettext_lazy("Working days until a parcel leaves"), min_value=0, max_value=30
    )
    on_holidays = forms.BooleanField(
        label=gettext_lazy("Sends on national holidays"), required=False
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("Sends from"), choices=[(name, name) for name in REGION_OF]
    )
    transit = forms.CharField(
        label=gettext_lazy("Transit days of the shop's own (a prefecture and days a line)"),
        required=False, widget=forms.Textarea(attrs={"rows": "3"}),
    )  # fmt: skip
    late_days = forms.IntegerField(
        label=gettext_lazy("A parcel is late after days"), min_value=1, max_value=30
    )
    contents = forms.CharField(label=gettext_lazy("Contents on the label"), max_length=25)
    sender_name = _text(gettext_lazy("Sender"), 32)
    sender_phone = _text(gettext_lazy("Sender's phone number"), 15)
    sender_postal_code = _text(gettext_lazy("Sender's postal code"), 8)
    sender_address = _text(gettext_lazy("Sender's address"), 60)
    sender_building = _text(gettext_lazy("Sender's building"), 30)
    yamato_customer = _text(gettext_lazy("Yamato: customer code"), 12)
    yamato_class = _text(gettext_lazy("Yamato: class"), 3)
    yamato_fare = _text(gettext_lazy("Yamato: fare number"), 2)
    sagawa_customer = _text(gettext_lazy("Sagawa: customer code"), 12)
    yupack_kind = _text(gettext_lazy("Yu-Pack: kind of label"), 20)

    def clean_transit(self) -> dict[str, int]:
        table: dict[str, int] = {}
        for line in self.cleaned_data["transit"].splitlines():
            cells = [cell for cell in re.split(r"[,\s、，]+", line.strip()) if cell]
            if not cells:
                continue
            if len(cells) != 2 or cells[0] not in REGION_OF or not cells[1].isdigit():
                raise ValidationError(_("Cannot be read: %(lines)s") % {"lines": line})
            table[cells[0]] = int(cells[1])
        return table

    def clean_sender_postal_code(self) -> str:
        return re.sub(r"\D", "", self.cleaned_data["sender_postal_code"])

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["sender"] = {name: data.pop(f"sender_{name}") for name in SENDER}
        return data

    @classmethod
    def of(cls, kept: DispatchTerms) -> "DispatchForm":
        known = {name: getattr(kept, name) for name in cls.base_fields if hasattr(kept, name)}
        known["transit"] = "\n".join(f"{name}, {days}" for name, days in kept.transit.items())
        sender = {f"sender_{name}": kept.sender.get(name, "") for name in SENDER}
        return cls(initial={**known, **sender})

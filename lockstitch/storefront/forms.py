"""What a shopper fills in at the shop itself: nothing personal."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from lockstitch.fulfilment.rules import SLOTS

METHOD_NAMES = {"cod": _("Cash on delivery"), "bank": _("Bank transfer")}
SLOT_NAMES = {
    "": _("Any time"),
    "0812": _("Morning (8-12)"),
    "1416": _("14:00-16:00"),
    "1618": _("16:00-18:00"),
    "1820": _("18:00-20:00"),
    "1921": _("19:00-21:00"),
}


class DeliveryForm(forms.Form):
    method = forms.ChoiceField(label=_("How to pay"), choices=list(METHOD_NAMES.items()))
    delivery_date = forms.ChoiceField(label=_("Delivery day"), required=False)
    delivery_slot = forms.ChoiceField(
        label=_("Time of day"), required=False, choices=[(s, SLOT_NAMES[s]) for s in SLOTS]
    )

    def __init__(self, *args: Any, days: list[dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["delivery_date"]
        field.choices = [
            ("", _("As soon as possible")),
            *((day.isoformat(), date_format(day, "n/j (D)")) for day in days),
        ]

    def chosen(self) -> dict[str, Any]:
        """The arguments of `checkout.actions.choose`."""
        day = self.cleaned_data["delivery_date"]
        return {
            "method": self.cleaned_data["method"],
            "delivery_date": dt.date.fromisoformat(day) if day else None,
            "delivery_slot": self.cleaned_data["delivery_slot"],
        }

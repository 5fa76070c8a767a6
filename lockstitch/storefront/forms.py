"""What a shopper fills in at the shop itself: nothing personal."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from lockstitch.checkout.rules import Piece
from lockstitch.looks.words import METHOD_WORDS, SLOT_WORDS


class ParcelForm(forms.Form):
    """When a parcel comes and how it is made up; `no` 1 is the buyer's own."""

    delivery_date = forms.ChoiceField(label=_("Delivery day"), required=False)
    delivery_slot = forms.ChoiceField(label=_("Time of day"), required=False)
    wrapping = forms.ChoiceField(label=_("Gift wrapping"), required=False)
    hides_prices = forms.BooleanField(label=_("No prices on the slip"), required=False)

    def __init__(
        self, *args: Any, days: Sequence[dt.date], wrappings: Sequence[tuple[str, str]],
        slots: Iterable[str], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        date: Any = self.fields["delivery_date"]
        date.choices = [
            ("", _("Earliest")),
            *((day.isoformat(), date_format(day, "n/j (D)")) for day in days),
        ]
        slot: Any = self.fields["delivery_slot"]
        slot.choices = [(code, SLOT_WORDS[code]) for code in slots]
        wrapping: Any = self.fields["wrapping"]
        wrapping.choices = [("", _("None")), *wrappings]

    def wishes(self) -> dict[str, Any]:
        """The arguments of `checkout.actions.make_up`."""
        day = self.cleaned_data["delivery_date"]
        return {**self.cleaned_data, "delivery_date": dt.date.fromisoformat(day) if day else None}


class PayForm(forms.Form):
    method = forms.ChoiceField(label=_("How to pay"))
    coupons = forms.CharField(label=_("Coupon code"), max_length=120, required=False)
    points = forms.IntegerField(label=_("Points to use"), min_value=0, required=False)

    def __init__(self, *args: Any, methods: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        method: Any = self.fields["method"]
        method.choices = [(code, METHOD_WORDS[code]) for code in methods]
        self.fields["points"].widget.attrs["inputmode"] = "numeric"

    def offers(self) -> dict[str, Any]:
        """The arguments of `checkout.actions.apply_offers`."""
        return {
            "coupons": self.cleaned_data["coupons"].replace(",", " ").split()[:5],
            "points_yen": self.cleaned_data["points"] or 0,
        }


def shares(
    posted: Any, pieces: Sequence[Piece], numbers: Sequence[int]
) -> dict[tuple[int, Piece], int]:
    """(recipient, piece) -> how many, from the fields `share-2-<piece>`."""
    found = {}
    for no in numbers:
        for piece in pieces:
            text = posted.get(f"share-{no}-{piece}", "0")
            found[no, piece] = int(text) if text.isascii() and text.isdigit() else 0
    return found

"""Forms about a break-in. Times are Japanese, as the people who fill them in have them."""

import ipaddress
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lockstitch.disclosure.rules import FACTS
from lockstitch.kernel.clock import JST
from lockstitch.sealed.reading import Indicators

PROCESSES = [
    ("desk", _("Desk (pages with personal data)")), ("shop", _("Shop")), ("worker", _("Worker")),
    ("database", _("Database was read")), ("backup", _("A backup was read")),
    ("guard", _("Guard (holds the keys)")),
]  # fmt: skip


class OpenForm(forms.Form):
    title = forms.CharField(label=_("What is the case called?"), max_length=200)


class IndicatorForm(forms.Form):
    since = forms.DateTimeField(
        label=_("From (Japanese time)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    until = forms.DateTimeField(
        label=_("To (Japanese time)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    addresses = forms.CharField(
        label=_("Addresses it came from"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    operators = forms.CharField(
        label=_("Operators' ids"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    sessions = forms.CharField(
        label=_("Sessions' ids"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    processes = forms.MultipleChoiceField(
        label=_("Taken over, or read"), required=False, choices=PROCESSES,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def clean_addresses(self) -> list[str]:
        try:
            return [
                str(ipaddress.ip_address(word)) for word in _words(self.cleaned_data["addresses"])
            ]
        except ValueError:
            raise ValidationError(_("An address such as 192.0.2.7, one a line.")) from None

    def clean_operators(self) -> list[UUID]:
        return _ids(self.cleaned_data["operators"])

    def clean_sessions(self) -> list[UUID]:
        return _ids(self.cleaned_data["sessions"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since >= until:
            self.add_error("until", _("The end comes after the beginning."))
        return data

    def indicators(self) -> Indicators:
        """Of a form that is valid."""
        data = self.cleaned_data
        return Indicators(
            since=_japanese(data["since"]), until=_japanese(data["until"]),
            addresses=data["addresses"], operators=data["operators"], sessions=data["sessions"],
            processes=data["processes"],
        )  # fmt: skip


class FactsForm(forms.Form):
    """A field for each fact that a report asks for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_japanese = (get_language() or "ja").startswith("ja")
        for name, ja, en in FACTS:
            self.fields[name] = forms.CharField(
                label=ja if is_japanese else en, required=False, max_length=4_000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip


def _words(text: str) -> list[str]:
    return re.split(r"[\s,]+", text.strip()) if text.strip() else []


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(word) for word in _words(text)]
    except ValueError:
        raise ValidationError(_("Ids as the ledger shows them, one a line.")) from None


def _japanese(moment: datetime) -> datetime:
    return moment.replace(tzinfo=JST)

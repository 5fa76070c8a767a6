"""The form of an issue of the magazine."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lockstitch.console.content_forms import area, both, text
from lockstitch.content.queries import Story
from lockstitch.coordinates.issues import Issue, Written
from lockstitch.kernel.text import localised


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


class IssueForm(forms.Form):
    name = text(
        _("Number or name"), 40, required=True,
        help_text=_("As coordinates name it under “Magazine issue”"),
    )  # fmt: skip
    theme_ja = text(_("Theme (Japanese)"))
    theme_en = text(_("Theme (English)"))
    text_ja = area(_("Text (Japanese)"))
    text_en = area(_("Text (English)"))
    since = _day(_("Out from"))
    until = _day(_("To"), required=False)
    stories = forms.MultipleChoiceField(
        label=_("Stories of it"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, stories: list[Story], kept: list[list[str]], **kw: Any) -> None:
        """Stories of before stay choosable, also while they are not shown."""
        super().__init__(*args, **kw)
        found = {f"{one.kind}/{one.slug}": localised(one.state.get("title", {})) for one in stories}
        former = {f"{kind}/{slug}": slug for kind, slug in kept}
        self.fields["stories"].choices = list({**former, **found}.items())  # type: ignore[attr-defined]

    @staticmethod
    def typed(row: Issue) -> dict[str, Any]:
        texts = {
            f"{name}_{code}": getattr(row, name).get(code, "")
            for name in ("theme", "text")
            for code in ("ja", "en")
        }
        return {
            **texts, "name": row.name, "since": row.since, "until": row.until,
            "stories": [f"{kind}/{slug}" for kind, slug in row.stories],
        }  # fmt: skip

    def written(self) -> Written:
        data = self.cleaned_data
        chosen = [one.partition("/") for one in data["stories"]]
        return Written(
            data["name"], data["since"], data["until"], both(data, "theme"), both(data, "text"),
            [(kind, slug) for kind, _slash, slug in chosen],
        )  # fmt: skip

"""The forms of coordinates and of who wears them."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lockstitch.console.offer_forms import in_japan
from lockstitch.coordinates.actions import Words
from lockstitch.coordinates.queries import Author
from lockstitch.coordinates.rules import KINDS
from lockstitch.looks.words_content import KIND_WORDS

AREA = {"rows": "3"}


def text(label: Any, most: int = 120, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, **{"required": False, **kwargs})


def area(label: Any, most: int = 4_000, rows: str = "3", **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}),
        **{"required": False, **kwargs},
    )  # fmt: skip


def moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d"],
    )  # fmt: skip


def height(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=50, max_value=230, required=False)


def both(data: dict[str, Any], name: str) -> dict[str, str]:
    """`title_ja` and `title_en` as a Text."""
    return {code: data[f"{name}_{code}"].strip() for code in ("ja", "en") if data[f"{name}_{code}"]}


class CoordinateForm(forms.Form):
    title_ja = text(_("Title (Japanese)"))
    title_en = text(_("Title (English)"))
    text_ja = area(_("Text (Japanese)"))
    text_en = area(_("Text (English)"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[(code, KIND_WORDS[code]) for code in KINDS])
    author = forms.ChoiceField(label=_("Shown by"), required=False)
    height_cm = height(_("Model's height (cm)"))
    season = text(_("Season"), 20)
    issue = text(_("Magazine issue"), 40)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, authors: list[Author], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        author: Any = self.fields["author"]
        author.choices = [("", "—"), *((str(one.id), str(one)) for one in authors)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("title_ja") or data.get("title_en")):
            self.add_error("title_ja", _("Please give it a title in one language at least."))
        return data

    def words(self) -> Words:
        data = self.cleaned_data
        return Words(
            title=both(data, "title"), text=both(data, "text"), kind=data["kind"],
            season=data["season"].strip(), issue=data["issue"].strip(),
            height_cm=data["height_cm"],
            author_id=UUID(data["author"]) if data["author"] else None,
        )  # fmt: skip


class PostForm(forms.Form):
    """A staff post, from the phone."""

    title_ja = text(_("Title"), required=True)
    text_ja = area(_("Text"))
    height_cm = height(_("Your height (cm)"))
    codes = area(
        _("JAN codes or SKUs of what you wear"), 1_000,
        help_text=_("One on each line; a scanner types them for you."),
    )  # fmt: skip


class DecideForm(forms.Form):
    since = moment(_("Shown from"))
    until = moment(_("Shown until"))
    reason = area(_("Why it is sent back"), 400, rows="2")

    def window(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "since": in_japan(data["since"]), "until": in_japan(data["until"]),
            "reason": data["reason"],
        }  # fmt: skip


class AuthorForm(forms.Form):
    slug = forms.SlugField(label=_("Address (slug)"), max_length=40)
    name_ja = text(_("Name on the page (Japanese)"), 40, required=True)
    name_en = text(_("Name on the page (English)"), 40)
    shop_ja = text(_("Shop (Japanese)"), 40)
    shop_en = text(_("Shop (English)"), 40)
    about_ja = area(_("About (Japanese)"), 400)
    about_en = area(_("About (English)"), 400)
    height_cm = height(_("Height (cm)"))
    mine = forms.BooleanField(label=_("My own login posts as this author"), required=False)
    left = forms.BooleanField(label=_("Has left: no longer named, the posts stay"), required=False)

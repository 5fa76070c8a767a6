"""The form of a set: all of it on one page."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lockstitch.console.content_forms import area, both, moment, text
from lockstitch.console.offer_forms import in_japan, shown_moment
from lockstitch.sets.actions import Written
from lockstitch.sets.queries import SetView


class SetForm(forms.Form):
    name_ja = text(_("Name (Japanese)"), required=True)
    name_en = text(_("Name (English)"))
    text_ja = area(_("Text (Japanese)"))
    text_en = area(_("Text (English)"))
    price_yen = forms.IntegerField(
        label=_("Price of the set (yen, tax incl.)"), min_value=1, max_value=9_999_999
    )
    parts = area(
        _("Parts"), rows="6", required=True,
        help_text=_("One a line: SKU code or JAN of any size, then how many pieces (1 if left out)."
                    " The shopper chooses the size."),
    )  # fmt: skip
    hides_contents = forms.BooleanField(
        label=_("Lucky bag: the shopper chooses a size only, and is not told what is in it"),
        required=False,
    )
    picture = forms.ChoiceField(
        label=_("Picture"), required=False,
        help_text=_("From the library. Without one, the picture of the first part is shown; of a"
                    " lucky bag, none."),
    )  # fmt: skip
    published_from = moment(_("Shown from"))
    published_until = moment(_("Shown until"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, media: list[tuple[UUID, str]], kept: SetView | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = {"": "—"}
        if kept and kept.row.picture_id:
            choices[str(kept.row.picture_id)] = str(_("As it is"))
        for n, (picture_id, title) in enumerate(media, start=1):
            choices[str(picture_id)] = title or f"#{n}"
        field: Any = self.fields["picture"]
        field.choices = list(choices.items())

    def clean_parts(self) -> list[tuple[str, int]]:
        found = []
        for line in self.cleaned_data["parts"].splitlines():
            words = line.split()
            if not words:
                continue
            code, *rest = words
            pieces = rest[0].removeprefix("×").removeprefix("x") if rest else "1"
            if len(rest) > 1 or not (pieces.isascii() and pieces.isdigit() and len(pieces) < 4):
                raise forms.ValidationError(
                    _("This line is not a code and a number of pieces: %(line)s"),
                    params={"line": line.strip()[:80]},
                )
            found.append((code, int(pieces)))
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("published_from"), data.get("published_until")
        if until and (since is None or until <= since):
            self.add_error("published_until", _("The end is after the beginning."))
        return data

    def written(self) -> Written:
        data = self.cleaned_data
        return Written(
            name=both(data, "name"), text=both(data, "text"), price_yen=data["price_yen"],
            parts=data["parts"], hides_contents=data["hides_contents"],
            published_from=in_japan(data["published_from"]),
            published_until=in_japan(data["published_until"]),
            picture_id=UUID(data["picture"]) if data["picture"] else None,
        )  # fmt: skip

    @staticmethod
    def typed(view: SetView) -> dict[str, Any]:
        row = view.row
        texts = {
            f"{name}_{code}": getattr(row, name).get(code, "")
            for name in ("name", "text")
            for code in ("ja", "en")
        }
        return {
            **texts, "price_yen": row.price_yen, "hides_contents": row.hides_contents,
            "parts": "\n".join(f"{one.code} {one.part.quantity}" for one in view.parts),
            "picture": str(row.picture_id or ""), "version": row.version,
            "published_from": shown_moment(row.published_from),
            "published_until": shown_moment(row.published_until),
        }  # fmt: skip

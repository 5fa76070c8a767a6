"""What people fill in. Typing is forgiven where the meaning is certain: width, hyphens, kana."""

import re
import unicodedata
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lockstitch.desk.postcodes import PREFECTURES, find_place
from lockstitch.kernel.japan import full_kana, phone_digits, postal_digits

NAME_FIELDS = ("family_name", "given_name", "family_kana", "given_kana")
PLACE_FIELDS = ("postal_code", "prefecture", "city", "street", "building")
ADDRESS_FIELDS = (*NAME_FIELDS, "email", "phone", *PLACE_FIELDS, "note")


def _text(
    label: Any, *, most: int, complete: str, required: bool = True, **attrs: str
) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, strip=True,
        widget=forms.TextInput(attrs={"autocomplete": complete, **attrs}),
    )  # fmt: skip


class PlainForm(forms.Form):
    """A form that asks for what is missing in the shop's own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("Please fill this in.")


class AddressForm(PlainForm):
    """Contact and address. `cleaned_data` holds exactly ADDRESS_FIELDS, normalised."""

    family_name = _text(_("Family name"), most=40, complete="family-name")
    given_name = _text(_("Given name"), most=40, complete="given-name")
    family_kana = _text(_("Family name (kana)"), most=40, complete="off", required=False)
    given_kana = _text(_("Given name (kana)"), most=40, complete="off", required=False)
    email = forms.EmailField(
        label=_("E-mail address"), max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip
    phone = _text(_("Phone number"), most=20, complete="tel", inputmode="tel")
    postal_code = _text(_("Postal code"), most=9, complete="postal-code", inputmode="numeric")
    postal_code.widget.attrs["data-postcode"] = "/postcode/"  # asked by the script of the page
    prefecture = forms.ChoiceField(
        label=_("Prefecture"), choices=[("", "—"), *((name, name) for name in PREFECTURES)],
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
    )  # fmt: skip
    city = _text(_("City, ward, town"), most=80, complete="address-level2")
    street = _text(_("Street and number"), most=120, complete="address-line1")
    building = _text(
        _("Building, room (optional)"), most=120, complete="address-line2", required=False
    )
    note = forms.CharField(
        label=_("A word to the shop (optional)"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (get_language() or "ja").startswith("ja"):
            self.fields["family_kana"].required = self.fields["given_kana"].required = True

    def clean_family_kana(self) -> str:
        return _kana(self.cleaned_data["family_kana"])

    def clean_given_kana(self) -> str:
        return _kana(self.cleaned_data["given_kana"])

    def clean_phone(self) -> str:
        try:
            return phone_digits(self.cleaned_data["phone"])
        except ValueError:
            message = _("Please give a phone number in Japan, such as 090-1234-5678.")
            raise ValidationError(message) from None

    def clean_postal_code(self) -> str:
        try:
            return postal_digits(self.cleaned_data["postal_code"])
        except ValueError:
            message = _("A postal code has seven digits, such as 150-0001.")
            raise ValidationError(message) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        place = find_place(data.get("postal_code", ""))
        if place and data.get("prefecture") and place.prefecture != data["prefecture"]:
            self.add_error("prefecture", _("This is not the prefecture of that postal code."))
        return data

    def completed(self) -> Self:
        """The same form with prefecture, city and town filled in from the postal code."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # always a QueryDict
        place = find_place(digits_of(data.get("postal_code", "")))
        if place is None:
            form = type(self)(data)
            form.add_error("postal_code", _("We do not know this postal code."))
            return form
        data["prefecture"], data["city"], data["street"] = place.prefecture, place.city, place.town
        return type(self)(initial=data.dict())

    def sealed_fields(self) -> dict[str, str]:
        return {name: str(self.cleaned_data.get(name, "")) for name in ADDRESS_FIELDS}


class RecipientForm(AddressForm):
    """Somebody who gets a parcel: no letters go to them, so no e-mail address is asked."""

    email = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("A message to go with the parcel (optional)")


def digits_of(text: str) -> str:
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))


def _kana(text: str) -> str:
    """Full-width katakana, from hiragana or half-width as well."""
    try:
        return full_kana(text)
    except ValueError:
        raise ValidationError(_("Please write this in kana.")) from None


class SignInForm(PlainForm):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), max_length=1024, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class OperatorSignInForm(SignInForm):
    totp = forms.CharField(
        label=_("Six-digit code"), max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip

    def clean_totp(self) -> str:
        return digits_of(self.cleaned_data["totp"])


class RegisterForm(SignInForm):
    family_name = _text(_("Family name"), most=40, complete="family-name")
    given_name = _text(_("Given name"), most=40, complete="given-name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs["autocomplete"] = "new-password"


class ResetForm(PlainForm):
    email = SignInForm.base_fields["email"]


class CodeForm(PlainForm):
    code = OperatorSignInForm.base_fields["totp"]

    def clean_code(self) -> str:
        return digits_of(self.cleaned_data["code"])


class NewPasswordForm(CodeForm):
    password = forms.CharField(
        label=_("New password"), max_length=1024, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

"""The forms of offers, terms, members' rules, segments and letters."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lockstitch.kernel.clock import JST
from lockstitch.looks.words import CONSENT_WORDS, OFFER_WORDS

JAPAN: ZoneInfo = JST
AREA = {"rows": "4"}


def _yen(label: Any, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=100_000_000, **{"required": False, **kwargs}
    )


def _text(label: Any, most: int = 80, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, **{"required": False, **kwargs})


def _area(label: Any, most: int = 20_000, hint: Any = "", **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, help_text=hint, widget=forms.Textarea(attrs=AREA),
        **{"required": False, **kwargs},
    )  # fmt: skip


def _flag(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d"],
    )  # fmt: skip


def in_japan(moment: dt.datetime | None) -> dt.datetime | None:
    """What was typed is the time in Japan, whatever the server's is."""
    return moment.replace(tzinfo=JAPAN) if moment else None


def shown_moment(moment: dt.datetime | None) -> str:
    return moment.astimezone(JAPAN).strftime("%Y-%m-%dT%H:%M") if moment else ""


def words(text: str) -> list[str]:
    """What stands between commas or on lines, each once."""
    found = text.replace("、", ",").replace("\n", ",").split(",")
    return list(dict.fromkeys(word.strip() for word in found if word.strip()))


class OfferForm(forms.Form):
    name_ja = _text(_("Name (Japanese)"), required=True)
    name_en = _text(_("Name (English)"))
    kind = forms.ChoiceField(label=_("Kind"), choices=list(OFFER_WORDS.items()))
    yen = _yen(_("Yen (off, or the price of a set)"))
    per_cent = forms.DecimalField(
        label=_("Per cent"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    pieces = _yen(_("Pieces (of a set, or from which on)"))
    gift_code = _text(_("SKU of the gift"))
    products = _area(_("Only these products"), hint=_("Addresses (slugs), with commas"))
    categories = _area(_("Only these categories"), hint=_("Addresses (slugs), with commas"))
    brands = _area(_("Only these brands"))
    excludes_sale = _flag(_("Not goods that are reduced already"))
    from_yen = _yen(_("From so many yen of these goods"))
    from_pieces = _yen(_("From so many pieces of these goods"))
    exclusive = _flag(_("Does not combine with others"))
    priority = forms.IntegerField(
        label=_("Turn among equals"), initial=0, min_value=-1_000, max_value=1_000, required=False
    )
    needs_coupon = _flag(_("Only by a code"))
    ranks = _area(_("Only for these ranks"), hint=_("Codes, with commas"))
    members_only = _flag(_("Only for members"))
    starts_at = _moment(_("From (in Japan)"))
    ends_at = _moment(_("Until (in Japan)"))
    active = forms.BooleanField(label=_("Active"), required=False, initial=True)


class CodeForm(forms.Form):
    code = _text(_("Code"), 60, required=True)
    total_limit = _yen(_("How often in all"))
    member_limit = _yen(_("How often each member"))
    first_order = _flag(_("Only for a first order"))
    granted_only = _flag(_("Only for whom it is given to"))


class TermsForm(forms.Form):
    shipping_yen = _yen(_("Shipping charge"), required=True)
    free_shipping_from_yen = _yen(_("Ships free from"))
    free_measures_before = _flag(_("That limit looks at prices before discounts"))
    shipping_by_prefecture = _area(_("Other charges by prefecture"), hint="沖縄県, 1650")
    weight_fees = _area(_("Added by weight"), hint=_("up to grams, yen"))
    islands = _area(_("Added for islands"), hint=_("first three digits of the postal code, yen"))
    cod_fees = _area(_("Cash-on-delivery fees"), hint=_("up to this total, yen"))
    wrappings = _area(_("Gift wrapping"), hint="box, 330, ギフトボックス, Gift box")
    bank_days = _yen(_("Days to pay by bank transfer"), required=True)
    lead_days = _yen(_("Days until a parcel can arrive"), required=True)
    preorder_charge = forms.ChoiceField(
        label=_("Cards for pre-orders are charged"),
        choices=[
            ("order", _("with the order")),
            ("hold", _("when they are sent, or a day before the card's hold ends (about a week)")),
        ],
    )
    hold_minutes = _yen(_("Minutes that goods are held while paying"), required=True)
    return_days = _yen(_("Days to return goods after delivery"), required=True)
    return_fee_yen = _yen(_("Charge for a return"), required=True)
    closed_days = _area(_("Days on which nothing is sent"), hint="2027-01-01")
    registration_number = _text(_("Registration number (qualified invoices)"), 16)
    issuer_name = _text(_("Issuer of invoices"))
    issuer_address = _text(_("Address of the issuer"), 200)
    issuer_phone = _text(_("Phone number of the issuer"), 30)


class GateForm(forms.Form):
    product = _text(_("Product"), 160, required=True, help_text=_("Its address (slug)"))
    opens_at = _moment(_("Opens for everyone (empty: never)"))
    by_rank = _area(_("Earlier for ranks"), hint="gold, 2026-12-01T10:00")
    link_opens_at = _moment(_("Opens for those with the link"))


class ProgrammeForm(forms.Form):
    per_cent = forms.DecimalField(
        label=_("Points for money, per cent"), min_value=0, max_value=100, decimal_places=2
    )
    points_live_months = _yen(_("Months until points expire (empty: never)"))
    rank_by = forms.ChoiceField(
        label=_("Ranks by"), choices=[("spend", _("Yen")), ("count", _("Orders"))]
    )
    rank_window_months = forms.IntegerField(
        label=_("Months that count for ranks"), min_value=1, max_value=120
    )
    welcome_points = _yen(_("Points for joining"), required=True)
    birthday_points = _yen(_("Points in the month of birth"), required=True)
    ladder = _area(
        _("Ranks, lowest first"),
        hint=_("code, threshold, per cent off, times the points, name, English name"),
    )


class PointRuleForm(forms.Form):
    name_ja = _text(_("Name (Japanese)"), required=True)
    name_en = _text(_("Name (English)"))
    add_per_cent = forms.DecimalField(
        label=_("More points, per cent of the price"), min_value=0, max_value=100,
        decimal_places=2, required=False,
    )  # fmt: skip
    times = forms.DecimalField(
        label=_("Times the usual points"), min_value=0, max_value=100, decimal_places=2, initial=1
    )
    products = OfferForm.base_fields["products"]
    categories = OfferForm.base_fields["categories"]
    brands = OfferForm.base_fields["brands"]
    ranks = OfferForm.base_fields["ranks"]
    starts_at = _moment(_("From (in Japan)"))
    ends_at = _moment(_("Until (in Japan)"))


class SegmentForm(forms.Form):
    name = _text(pgettext_lazy("thing", "Name"), required=True)
    days = _yen(_("Orders of the last days"))
    orders_min = _yen(_("At least so many orders"))
    orders_max = _yen(_("At most so many orders"))
    spend_min = _yen(_("At least so many yen"))
    spend_max = _yen(_("At most so many yen"))
    quiet_days = _yen(_("No order for so many days, but one before"))
    products = _area(_("Bought one of these products"), hint=_("Addresses (slugs), with commas"))
    categories = _area(_("Bought of these categories"), hint=_("Addresses (slugs), with commas"))
    brands = _area(_("Bought of these brands"))
    sizes = _area(_("Bought in these sizes"))
    ranks = _area(_("Has one of these ranks"), hint=_("Codes, with commas"))
    prefectures = _area(_("Lives in these prefectures"))
    favourites = _area(
        _("Has one of these as a favourite"), hint=_("Addresses (slugs), with commas")
    )
    points_min = _yen(_("Has at least so many points"))
    points_expire_days = _yen(_("Points expire within days"))
    birth_months = _area(_("Born in these months"), hint="3, 4")

    def criteria(self) -> dict[str, Any]:
        """In the form of `crm.rules.Criteria`; what was left empty is not there."""
        found: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if name == "name" or value in (None, ""):
                continue
            found[name] = value if isinstance(value, int) else words(value)
        if "birth_months" in found:
            found["birth_months"] = [int(m) for m in found["birth_months"] if m.isdecimal()]
        return found


class LetterForm(forms.Form):
    subject = _text(_("Subject"), 200, required=True)
    text = _area(_("Text"), required=True)
    html = _area(_("HTML (optional)"), 50_000)


class CampaignForm(forms.Form):
    name = _text(pgettext_lazy("thing", "Name"), required=True)
    segment = forms.ChoiceField(label=_("To"))
    purpose = forms.ChoiceField(label=_("Consent to"), choices=list(CONSENT_WORDS.items()))
    per_minute = forms.IntegerField(
        label=_("Letters a minute"), min_value=1, max_value=6_000, initial=60
    )
    subject_ja = _text(_("Subject (Japanese)"), 200)
    text_ja = _area(_("Text (Japanese)"))
    html_ja = _area(_("HTML (Japanese, optional)"), 50_000)
    subject_en = _text(_("Subject (English)"), 200)
    text_en = _area(_("Text (English)"))
    html_en = _area(_("HTML (English, optional)"), 50_000)

"""The forms of the platform's staff."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lockstitch.tenancy.queries import all_companies, all_sites

ROLES = [
    ("owner", _("Owner")), ("merchandiser", _("Merchandiser")), ("orders", _("Order desk")),
    ("support", _("Support")), ("readonly", _("Read only")),
]  # fmt: skip


class CompanyForm(forms.Form):
    name = forms.CharField(label=_("Company"), max_length=120)


class OfCompany(forms.Form):
    company = forms.TypedChoiceField(label=_("Company"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        companies = {str(company.id): company for company in all_companies()}
        field: Any = self.fields["company"]
        field.choices = [(key, company.name) for key, company in companies.items()]
        field.coerce = lambda key: companies[key].id


class SiteForm(OfCompany):
    slug = forms.SlugField(label=_("Short name"), max_length=40)
    name = forms.CharField(label=_("Shop's name"), max_length=120)
    name_ja = forms.CharField(label=_("Shop's name in Japanese"), max_length=120, required=False)
    host = forms.CharField(label=_("Host"), max_length=253)
    mail_from = forms.EmailField(label=_("Sender of mails"))

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).lower()
        if not re.fullmatch(r"(?!desk\.)([a-z0-9-]+\.)+[a-z]+", host):
            raise ValidationError(_("A host name such as brand.example.jp."))
        return host


class OperatorForm(OfCompany):
    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("E-mail address"))
    handle = forms.SlugField(label=_("Handle (shown in the console)"), max_length=40)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    sites = forms.TypedMultipleChoiceField(label=_("Shops"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = {str(site.id): site for site in all_sites()}
        field: Any = self.fields["sites"]
        field.choices = [(key, f"{s.company.name} / {s.name}") for key, s in sites.items()]
        field.coerce = lambda key: sites[key].id
        self.company_of = {site.id: site.company_id for site in sites.values()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        company = data.get("company")
        if any(self.company_of[site] != company for site in data.get("sites", [])):
            self.add_error("sites", _("These shops belong to another company."))
        return data

"""ブランド別サイズ表: what the sizes on a brand's tags are in other systems, and what they mean."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.catalogue.garments import GARMENTS
from lockstitch.catalogue.own_sizes import CLOTHES, KINDS, Read, read, written
from lockstitch.catalogue.size_tables import (
    brands,
    drop_size_table,
    find_size_table,
    keep_size_table,
    size_tables,
)
from lockstitch.console.content_forms import area, text
from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.text import localised

GENDERS = {"": _("Of every"), "women": _("Women"), "men": _("Men"), "unisex": _("Unisex")}


def kind_word(kind: str) -> str:
    return str(_("Clothes")) if kind == CLOTHES else localised(GARMENTS[kind].name)


def kind_choices() -> list[tuple[str, str]]:
    return [(code, kind_word(code)) for code in KINDS]


class TableForm(forms.Form):
    brand = text(_("Brand"), required=True)
    kind = forms.ChoiceField(label=_("Kind of goods"), choices=kind_choices)
    gender = forms.ChoiceField(label=_("For"), choices=list(GENDERS.items()), required=False)
    table = area(
        _("Table"), 8_000, rows="9", required=True,
        help_text=_(
            "One line a size, cells by tabs or commas, as copied from a spreadsheet. The first "
            "line names the columns; the first column is the size on the tag. The column S-XL, "
            "or cm for shoes, says what it means."
        ),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["brand"].widget.attrs["list"] = "brands"
        self.fields["table"].widget.attrs.update({"class": "code", "spellcheck": "false"})

    def clean_table(self) -> Read:
        try:
            return read(self.cleaned_data["table"])
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None


@require_safe
@at_site("goods.see")
def listing(request: WorkRequest) -> HttpResponse:
    rows = [(row, kind_word(row.kind), GENDERS[row.gender]) for row in size_tables()]
    context = {"rows": rows, "may_edit": request.worker.may("goods.edit")}
    return render(request, "console/size_tables.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("goods.edit")
def edit(request: WorkRequest, table_id: UUID | None = None) -> HttpResponse:
    row = find_size_table(table_id) if table_id else None
    if table_id and row is None:
        raise Http404
    if row and request.POST.get("do") == "drop":
        drop_size_table(row.id)
        return redirect("console_size_tables", request.work_site.slug)
    typed = (
        {"brand": row.brand, "kind": row.kind, "gender": row.gender, "table": written(row)}
        if row else None
    )  # fmt: skip
    form = TableForm(request.POST or None, initial=typed)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            keep_size_table(
                table_id, brand=data["brand"].strip(), kind=data["kind"], gender=data["gender"],
                table=data["table"],
            )  # fmt: skip
            return redirect("console_size_tables", request.work_site.slug)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "row": row, "brands": brands()}
    status = 422 if form.errors else 200
    return render(request, "console/size_table.html", context, status=status)

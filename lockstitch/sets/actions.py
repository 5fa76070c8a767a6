"""Writing a set down: all of it in one go, as its form says."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.catalogue.models import Picture, Sku
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.text import Text, folded
from lockstitch.sets.models import GoodsSet, SetPart
from lockstitch.sets.rules import refused_parts
from lockstitch.tenancy.numbering import add_numbered


@dataclass(frozen=True)
class Written:
    """A set as it was filled in; `parts` are (code of a SKU or JAN, pieces): the SKU's colour."""

    name: Text
    price_yen: int
    parts: Sequence[tuple[str, int]]
    text: Text = field(default_factory=dict)
    hides_contents: bool = False
    published_from: dt.datetime | None = None
    published_until: dt.datetime | None = None
    picture_id: UUID | None = None


def keep_set(number: int | None, written: Written, *, version: int = 0) -> GoodsSet:
    """Makes a set (None) or rewrites one. Raises Refused, and keeps nothing, when the parts make
    no set, a code is unknown, or somebody else has saved it meanwhile."""
    colours = _colours(written.parts)
    said = {
        "parts": _("A set has two to twelve parts."),
        "pieces": _("A set has at most twenty pieces, and one or more of each part."),
    }
    if why := refused_parts([pieces for _code, pieces in written.parts]):
        raise Refused(said[why])
    if written.picture_id and not Picture.objects.filter(id=written.picture_id).exists():
        raise Refused(_("That picture is no longer there."))
    values = {name: value for name, value in vars(written).items() if name != "parts"}
    with transaction.atomic():
        row = (
            add_numbered(GoodsSet, **values)
            if number is None
            else _changed(number, values, version)
        )
        SetPart.objects.filter(goods_set=row).delete()
        SetPart.objects.bulk_create(
            SetPart.here(goods_set=row, colour_id=colour, quantity=pieces, position=n)
            for n, (colour, (_code, pieces)) in enumerate(zip(colours, written.parts, strict=True))
        )
        return row


def _colours(parts: Sequence[tuple[str, int]]) -> list[UUID]:
    """Each part's colour. Raises Refused with every code that names none, or names it again."""
    codes = [code for code, _pieces in parts]
    skus = Sku.objects.filter(active=True)
    known: dict[str, UUID] = {}
    for sku in skus.filter(code_folded__in=[folded(code) for code in codes]):
        known[sku.code_folded] = sku.colour_id
    for sku in skus.filter(gtin__in=codes):
        known.setdefault(folded(sku.gtin), sku.colour_id)
    if unknown := [code for code in codes if folded(code) not in known]:
        raise Refused(
            _("No item with that number, code or JAN: %(text)s") % {"text": ", ".join(unknown)}
        )
    colours = [known[folded(code)] for code in codes]
    twice = [code for n, code in enumerate(codes) if colours[n] in colours[:n]]
    if twice:
        raise Refused(
            _("This colour is in the set already; write how many instead: %(text)s")
            % {"text": ", ".join(twice)}
        )
    return colours


def _changed(number: int, values: dict[str, object], version: int) -> GoodsSet:
    row: GoodsSet | None = GoodsSet.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise NotFound(_("There is no such set."))
    if row.version != version:
        raise Refused(
            _("Somebody else has changed this meanwhile. Please look at it and save again.")
        )
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    return row

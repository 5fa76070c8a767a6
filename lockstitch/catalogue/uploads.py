"""Pictures that operators send for a colour: made by the worker, shown in the colour's order."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from uuid import UUID

from django.db import transaction

from lockstitch.catalogue.actions import keep_picture, store_picture
from lockstitch.catalogue.images import taken
from lockstitch.catalogue.models import Colour, ColourPicture, Picture, Sku
from lockstitch.files.actions import examine
from lockstitch.files.decoding import Undecodable
from lockstitch.files.queries import Upload
from lockstitch.kernel.text import folded

USE = "colour"
BY_NAME = "named"  # the file's name says the colour: 品番_色_連番, or a SKU
NUMBERED = re.compile(r"(?P<code>.+?)(?:_(?P<place>\d{1,3}))?")


def take_in(upload_id: UUID) -> None:
    """A file came."""
    examine(upload_id, _made)


def _made(upload: Upload, data: bytes) -> tuple[str, Callable[[], list[str]]]:
    made, kind = taken(data)

    def put() -> list[str]:
        if upload.use == BY_NAME:
            colour, place = _named(upload.name)
        else:
            colour, place = upload.target, None
        picture = store_picture(made)
        if place is None:
            _show(colour, picture)
        else:
            keep_picture(colour, place, picture=picture)
        return [rendition["key"] for rendition in picture.renditions]

    return kind, put


def _named(name: str) -> tuple[UUID, int | None]:
    """(colour, place from 0 or none). Letter case and width do not tell. Raises Undecodable."""
    stem = PurePosixPath(name).stem.strip()
    hit = NUMBERED.fullmatch(stem)
    if hit is None:
        raise Undecodable("unmatched")
    place = max(0, int(hit["place"]) - 1) if hit["place"] else None
    sku = Sku.objects.filter(code_folded__in=[folded(hit["code"]), folded(stem)]).first()
    if sku is not None:
        return sku.colour_id, place if folded(stem) != sku.code_folded else None
    number, _bar, colour = hit["code"].rpartition("_")
    rows = Colour.objects.filter(product__item_number__iexact=number, code__iexact=colour)
    found = list(rows.values_list("id", flat=True)[:2])
    if len(found) != 1:
        raise Undecodable("unmatched")
    return found[0], place


def arrange(colour_id: UUID, picture_id: UUID, *, drop: bool) -> None:
    """Puts a picture of the colour first, or takes it away; the others keep their order."""
    with transaction.atomic():
        Colour.objects.select_for_update().filter(id=colour_id).first()
        rows = list(ColourPicture.objects.filter(colour=colour_id).order_by("position"))
        chosen = [row for row in rows if row.picture_id == picture_id]
        others = [row for row in rows if row.picture_id != picture_id]
        ColourPicture.objects.filter(colour=colour_id).delete()
        ColourPicture.objects.bulk_create(
            ColourPicture.here(colour_id=colour_id, picture_id=row.picture_id, position=position)
            for position, row in enumerate(others if drop else chosen + others)
        )


def _show(colour_id: UUID, picture: Picture) -> None:
    """In place of a drawing that stood in, else behind the others; the same picture only once."""
    if not Colour.objects.select_for_update().filter(id=colour_id).exists():
        raise Undecodable("gone")
    rows = ColourPicture.objects.filter(colour=colour_id).select_related("picture")
    shown = list(rows.order_by("position"))
    if any(row.picture.source_sha256 == picture.source_sha256 for row in shown):
        return
    drawn = (row.position for row in shown if not row.picture.source_sha256)
    last = max((row.position for row in shown), default=-1)
    keep_picture(colour_id, next(drawn, last + 1), picture=picture)

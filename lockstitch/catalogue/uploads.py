"""Pictures that operators send for a colour: made by the worker, shown in the colour's order."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from lockstitch.catalogue.actions import keep_picture, store_picture
from lockstitch.catalogue.images import taken
from lockstitch.catalogue.models import Colour, ColourPicture, Picture
from lockstitch.files.actions import examine
from lockstitch.files.decoding import Undecodable
from lockstitch.files.queries import Upload

USE = "colour"


def take_in(upload_id: UUID) -> None:
    """A file came."""
    examine(upload_id, _made)


def _made(upload: Upload, data: bytes) -> tuple[str, Callable[[], list[str]]]:
    made, kind = taken(data)

    def put() -> list[str]:
        picture = store_picture(made)
        _show(upload.target, picture)
        return [rendition["key"] for rendition in picture.renditions]

    return kind, put


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

"""Pictures that operators send into the library: made by the worker."""

from collections.abc import Callable
from uuid import UUID

from lockstitch.catalogue.actions import store_picture
from lockstitch.catalogue.images import taken
from lockstitch.content.actions import add_medium
from lockstitch.files.actions import examine
from lockstitch.files.queries import Upload

USE = "library"


def take_in(upload_id: UUID) -> None:
    """A file came for the library."""
    examine(upload_id, _made)


def _made(upload: Upload, data: bytes) -> tuple[str, Callable[[], list[str]]]:
    made, kind = taken(data)

    def put() -> list[str]:
        medium = add_medium(store_picture(made), title=upload.name, by=upload.by)
        return [rendition["key"] for rendition in medium.picture.renditions]

    return kind, put

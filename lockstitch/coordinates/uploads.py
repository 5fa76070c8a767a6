"""Pictures that operators send for a coordinate: made by the worker, put behind the others."""

from collections.abc import Callable
from uuid import UUID

from lockstitch.catalogue.actions import store_picture
from lockstitch.catalogue.images import taken
from lockstitch.coordinates.actions import add_picture, keep_loose_picture
from lockstitch.files.actions import examine
from lockstitch.files.decoding import Undecodable
from lockstitch.files.framing import Frame
from lockstitch.files.queries import Upload
from lockstitch.kernel.errors import Refused

USE = "coordinate"


def take_in(upload_id: UUID) -> None:
    """A file came for a coordinate."""
    examine(upload_id, _made)


def _made(upload: Upload, data: bytes) -> tuple[str, Callable[[], list[str]]]:
    made, kind = taken(data, Frame.kept(upload.frame))

    def put() -> list[str]:
        picture = keep_loose_picture(store_picture(made))
        try:
            add_picture(upload.target, picture.id)
        except Refused:
            raise Undecodable("gone") from None
        return [rendition["key"] for rendition in picture.renditions]

    return kind, put

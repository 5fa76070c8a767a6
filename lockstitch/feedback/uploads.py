"""Pictures that members send with a review: made by the worker like every other, unseen until the
shop has looked at them."""

from collections.abc import Callable
from uuid import UUID

from lockstitch.catalogue.actions import store_picture
from lockstitch.catalogue.images import taken
from lockstitch.coordinates.actions import keep_loose_picture
from lockstitch.feedback.models import Review, ReviewPicture
from lockstitch.feedback.rules import PICTURES_MAX
from lockstitch.files.actions import examine
from lockstitch.files.decoding import Undecodable
from lockstitch.files.queries import Upload


def take_in(upload_id: UUID) -> None:
    """A file came for a review."""
    examine(upload_id, _made)


def _made(upload: Upload, data: bytes) -> tuple[str, Callable[[], list[str]]]:
    made, kind = taken(data)

    def put() -> list[str]:
        review = Review.objects.select_for_update().filter(id=upload.target).first()
        if review is None or review.state != "waiting":
            raise Undecodable("late")
        pictures = ReviewPicture.objects.filter(review=review)
        if pictures.count() >= PICTURES_MAX:
            raise Undecodable("late")
        picture = keep_loose_picture(store_picture(made))
        if not pictures.filter(picture=picture).exists():
            ReviewPicture.here(review=review, picture=picture).save(force_insert=True)
        return [rendition["key"] for rendition in picture.renditions]

    return kind, put

"""Pictures for products that came from a file: fetched where possible, else drawn."""

import io
from collections.abc import Iterable
from uuid import UUID

from PIL.Image import Image

from lockstitch.catalogue.actions import fill_picture, keep_picture, store_picture
from lockstitch.catalogue.fetching import PictureFetcher, Unfetched
from lockstitch.catalogue.images import Taken, take
from lockstitch.catalogue.queries import Missing, missing_pictures
from lockstitch.cli.progress import Advance
from lockstitch.cli.standins import stand_in
from lockstitch.kernel.errors import Refused


def fill_pictures(slugs: Iterable[str], *, fetch: bool, advance: Advance) -> dict[str, int]:
    """Every place that lacks its picture. Harmless to interrupt and to repeat: what is there
    already is not drawn again, and what was only drawn is tried again when `fetch`."""
    fetcher = PictureFetcher() if fetch else None
    done = {"fetched": 0, "drawn": 0}
    rows = missing_pictures(slugs)
    filled: set[UUID] = set()
    for number, row in enumerate(rows, start=1):
        advance(number, len(rows))
        if row.picture is not None and row.picture.id in filled:
            continue
        if row.picture is not None:
            filled.add(row.picture.id)
        how = _fill(row, fetcher)
        if how:
            done[how] += 1
    return done


def _fill(row: Missing, fetcher: PictureFetcher | None) -> str:
    """Which of the two it was; "" when the place stays as it is."""
    if row.picture is not None and fetcher is not None:
        try:
            taken = take(fetcher.fetch(row.picture.source_url))
            fill_picture(row.picture.id, store_picture(taken))
            return "fetched"
        except (Unfetched, Refused):
            pass  # a drawing has to do
    if row.position > 0 or (row.picture is not None and row.picture.renditions):
        return ""
    shown = store_picture(_drawn(row), stand_in=True)
    if row.picture is None:
        keep_picture(row.colour.id, 0, picture=shown)
    else:
        fill_picture(row.picture.id, shown)
    return "drawn"


def _drawn(row: Missing) -> Taken:
    return as_uploaded(stand_in(title=row.title, category=row.category, hex_colour=row.colour.hex))


def as_uploaded(image: Image) -> Taken:
    """A drawing, as it comes out of the door that uploads come in by."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95, subsampling=0)  # a fifth of the time of PNG
    return take(file.getvalue())

"""A coordinate that is whole, for tests."""

import datetime as dt
from itertools import count
from uuid import UUID, uuid4

from lockstitch.catalogue.models import Picture, Sku
from lockstitch.coordinates import actions, counting
from lockstitch.coordinates.actions import Words
from lockstitch.coordinates.issues import Written, keep_issue
from lockstitch.coordinates.models import Credit
from lockstitch.coordinates.queries import Coordinate
from lockstitch.coordinates.rules import Point
from tests import world

_picture = count(1)


def new_picture() -> Picture:
    return actions.keep_loose_picture(
        Picture(width=4, height=5, source_sha256=f"{next(_picture):064d}")
    )


def new_coordinate(skus: list[UUID] | None = None, *, by: UUID | None = None) -> Coordinate:
    """A draft with a picture, a point, and two colours of a new product."""
    skus = skus or world.new_product(slug=f"look-{uuid4().hex[:8]}")
    row = actions.begin(by=by, words=Words(title={"ja": "秋の装い", "en": "Autumn"}, text={}))
    shot = actions.add_picture(row.id, new_picture().id)
    pieces = [actions.add_piece(row.number, Sku.objects.get(id=sku)) for sku in skus[::2]]
    actions.place(row.number, shot.id, {pieces[0].id: Point(250, 500)})
    return row


def shown(skus: list[UUID] | None = None) -> Coordinate:
    return actions.decide(new_coordinate(skus).number, "approve", by=None)


def fill(sku: UUID, order: UUID) -> None:
    """A row in every table of coordinates."""
    author = actions.keep_author(
        "mugi", name={"ja": "むぎ"}, shop={}, about={}, height_cm=160, operator_id=uuid4()
    )
    keep_issue(None, Written("12", dt.date(2026, 11, 1)))
    row = new_coordinate()
    counting.added(row.id, uuid4(), [sku])
    counting.follow(author.id, member_id=uuid4(), token_digest=None)
    Credit.here(
        coordinate=row, order_id=order, sku_id=sku, pieces=1, net_yen=1, day="2026-11-26"
    ).save()

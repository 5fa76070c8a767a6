"""Stock rooms for tests: locations, and one row in every table of the stock room."""

import datetime as dt
from uuid import UUID, uuid4

from lockstitch.inventory import holds, sheets
from lockstitch.inventory.actions import move
from lockstitch.inventory.locations import keep_location
from lockstitch.inventory.models import Allotment
from lockstitch.inventory.queries import Location, locations

OPERATOR = UUID(int=7)


def new_location(code: str, position: int, **values: object) -> Location:
    return keep_location(code, name={"ja": code, "en": code}, position=position, **values)


def main_location() -> Location:
    return locations()[0]


def put(sku: UUID, pieces: int, at: Location) -> None:
    move({sku: pieces}, reason="receipt", reference=uuid4(), at=at.id)


def fill_stock_room(sku: UUID) -> None:
    assert holds.hold(uuid4(), {sku: 1}, minutes=10) is not None
    sheets.open_sheet(
        "receipt", location_id=main_location().id, pieces={sku: 2}, by=OPERATOR,
        expected_on=dt.date(2026, 12, 1),
    )  # fmt: skip
    Allotment.here(
        reference=uuid4(), sku_id=sku, location=main_location(), quantity=1, step=uuid4()
    ).save()

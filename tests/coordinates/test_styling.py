"""A staff post from the shop floor: codes, frames, and what the worker makes of them."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lockstitch.catalogue.models import Sku
from lockstitch.coordinates.models import Coordinate, Shot
from lockstitch.coordinates.uploads import take_in
from lockstitch.files.models import Upload
from lockstitch.tenancy.queries import Site
from tests import world
from tests.coordinates.world import new_coordinate
from tests.files.conftest import Key, key, quarantine
from tests.files.hostile import picture
from tests.members.test_pages import Visitor, operator, plain_files

__all__ = ["key", "plain_files", "quarantine"]
pytestmark = pytest.mark.usefixtures("database")
JAN = "4901234567894"


@pytest.fixture
def staff(site: Site) -> Visitor:
    """Of the order desk: may post and may not approve."""
    return operator(site, "orders")


def post(site: Site, staff: Visitor, **fields: str) -> object:
    image = SimpleUploadedFile("a.png", picture("PNG", Image.new("RGB", (400, 200), "navy")))
    words = {"title_ja": "通勤", "text_ja": "", "codes": "", "height_cm": "158"}
    return staff.client.post(
        f"/s/{site.slug}/coordinates/post/", {**words, "file": image, **fields},
        HTTP_HOST=staff.host, HTTP_ACCEPT_LANGUAGE="en",
    )  # fmt: skip


def test_what_an_editor_sends_is_whole_unless_it_is_said(site: Site) -> None:
    row, owner = new_coordinate(), operator(site, "owner")
    for fields in ({}, {"framing": "middle"}):
        image = SimpleUploadedFile("a.png", picture("PNG", Image.new("RGB", (400, 200), "navy")))
        answer = owner.client.post(
            f"/s/{site.slug}/coordinates/{row.number}/pictures/", {"file": image, **fields},
            HTTP_HOST=owner.host,
        )  # fmt: skip
        assert answer.status_code == 302
    kept = Upload.objects.order_by("id").values_list("frame", flat=True)
    assert list(kept) == [None, [0, 0, 1000, 1000, 3, 4]]


MARKED = {"framing": "marked", "x-0": "0", "y-0": "0", "w-0": "300", "h-0": "800"}


@pytest.mark.parametrize(
    ("fields", "kept"),
    [({}, [0, 0, 1000, 1000, 3, 4]), ({"framing": "whole"}, None),
     ({"framing": "nonsense"}, [0, 0, 1000, 1000, 3, 4]), (MARKED, [0, 0, 300, 800, 3, 4]),
     ({"framing": "marked"}, [0, 0, 1000, 1000, 3, 4])],
)  # fmt: skip
def test_a_picture_is_framed_as_was_chosen(
    site: Site, staff: Visitor, fields: dict[str, str], kept: list[int] | None
) -> None:
    answer = post(site, staff, **fields)
    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert Upload.objects.get().frame == kept


@pytest.mark.parametrize("wrong", [{"w-0": "2000"}, {"x-0": "many"}, {"h-0": ""}])
def test_a_frame_outside_the_picture_is_told_of_and_no_word_is_lost(
    site: Site, staff: Visitor, wrong: dict[str, str]
) -> None:
    answer = post(site, staff, **(MARKED | wrong))
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "lie inside the picture: picture 1" in page
    assert "通勤" in page
    assert not Coordinate.objects.exists()
    assert not Upload.objects.exists()


def test_the_worker_cuts_it(site: Site, key: Key, staff: Visitor, quarantine: Path) -> None:
    post(site, staff, **MARKED)
    upload = Upload.objects.get()
    take_in(upload.id)
    shown = Shot.objects.select_related("picture").get().picture
    assert (shown.width, shown.height) == (120, 160)


def test_a_scanned_code_is_named_and_worn(site: Site, staff: Visitor) -> None:
    Sku.objects.filter(id=world.new_product(slug="parka")[0]).update(gtin=JAN)
    address = f"/s/{site.slug}/coordinates/item/"
    assert "/" in staff.get(address, code=JAN).json()["name"]
    assert staff.get(address, code="4912345678904").json() == {}
    post(site, staff, codes=JAN)
    piece = Coordinate.objects.get().pieces.get()
    assert piece.worn is not None
    assert piece.worn.gtin == JAN


def test_only_where_codes_are_scanned_may_a_page_ask_for_the_camera(
    site: Site, staff: Visitor
) -> None:
    camera = {
        path: "camera=(self)" in staff.get(f"/s/{site.slug}/{path}")["Permissions-Policy"]
        for path in ("coordinates/post/", "coordinates/", "orders/")
    }
    assert camera == {"coordinates/post/": True, "coordinates/": False, "orders/": False}

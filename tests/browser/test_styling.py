"""On a phone, on the shop floor: a code is scanned, a picture is framed by finger and by keys, and
what comes of it has the frame's shape."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import StorageState

from lockstitch.cli.demo_range import new_products
from lockstitch.kernel.clock import now
from tests.browser import axe
from tests.browser.barcodes import NO_CAMERA, barcode, camera, data_uri, detector
from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.window import PHONE, Window
from tests.files.hostile import picture


@pytest.fixture(scope="module")
def codes() -> dict[str, str]:
    """JAN -> SKU, of the first shop's range."""
    return {sku.gtin: sku.code for product in new_products("north", now()) for sku in product.skus}


@pytest.fixture
def floor(opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState]) -> Window:
    return opened(PHONE, language="en", storage_state=signed_in(demo.logins.owner))


def begin(floor: Window, demo: Demo, *scripts: str) -> None:
    for script in scripts:
        floor.context.add_init_script(script)
    floor.goto(f"{demo.console}/s/north/coordinates/post/")


def scanned(floor: Window) -> str:
    """What stands under the camera once a code was read."""
    floor.choose("[data-start]")
    line = floor.page.locator("[data-found] li", has_text=": ")
    line.wait_for()
    return line.inner_text()


@pytest.mark.parametrize("turn", [0, 90, 4, 180])
def test_a_code_is_read_from_its_picture(
    floor: Window, demo: Demo, codes: dict[str, str], turn: int
) -> None:
    code = next(iter(codes))
    begin(floor, demo, "delete window.BarcodeDetector", camera(data_uri(barcode(code, turn=turn))))
    said = scanned(floor)
    assert said.startswith(f"{code}: ")
    assert "No item" not in said
    floor.page.wait_for_timeout(600)  # the camera looks on; the same code comes once
    assert floor.value("codes") == code
    floor.choose("[data-stop]")
    assert not floor.page.locator("[data-view]").is_visible()
    ended = "cameraStream.getTracks().every((one) => one.readyState === 'ended')"
    assert floor.page.evaluate(ended)


def test_the_browsers_own_reader_is_used_and_what_was_typed_stays(
    floor: Window, demo: Demo, codes: dict[str, str]
) -> None:
    first, second = list(codes)[:2]
    begin(floor, demo, detector(second), camera(data_uri(Image.new("L", (64, 64), 128))))
    floor.page.fill("[name=codes]", first)
    asked = []
    floor.page.on("request", lambda request: asked.append(request.url))
    scanned(floor)
    assert floor.value("codes").split() == [first, second]
    assert not [url for url in asked if "ean13" in url]


def test_an_unknown_code_is_told_of_and_no_camera_is_no_dead_end(floor: Window, demo: Demo) -> None:
    begin(floor, demo, detector("4912345678904"), camera(data_uri(Image.new("L", (64, 64), 128))))
    assert "No item has this code" in scanned(floor)
    floor.context.add_init_script(NO_CAMERA)
    floor.page.reload()
    floor.choose("[data-start]")
    floor.page.get_by_text("Please type the code").wait_for()
    assert floor.page.locator("[data-start]").is_visible()


@pytest.fixture
def shots(tmp_path: Path) -> list[str]:
    """Two pictures that are wider than the frame, blue on the left and red on the right."""
    made = []
    for n in range(2):
        image = Image.new("RGB", (1200, 800), "#0000c0")
        image.paste("#c00000", (600, 0, 1200, 800 - n))
        path = tmp_path / f"{n}.png"
        path.write_bytes(picture("PNG", image))
        made.append(str(path))
    return made


def numbers(floor: Window, at: int) -> tuple[int, ...]:
    x, y, w, h = (int(floor.value(f"{axis}-{at}")) for axis in "xywh")
    return x, y, w, h


def test_a_picture_is_framed_by_finger_by_keys_and_by_numbers(
    floor: Window, demo: Demo, codes: dict[str, str], shots: list[str]
) -> None:
    page = floor.page
    begin(floor, demo)
    page.set_input_files("[name=file]", shots)
    page.locator(".framing__box").nth(1).wait_for()
    assert numbers(floor, 0) == (250, 0, 500, 1000)  # 600 by 800 in the middle
    box = page.locator(".framing__box").first
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 30, place["y"] + 30)
    page.mouse.down()
    page.mouse.move(place["x"] - 300, place["y"] + 30, steps=4)
    page.mouse.up()
    assert numbers(floor, 0) == (0, 0, 500, 1000)
    corner = page.locator(".framing__corner").first.bounding_box()
    assert corner is not None
    page.mouse.move(corner["x"] + 20, corner["y"] + 20)
    page.mouse.down()
    page.mouse.move(corner["x"] - 40, corner["y"] + 20, steps=4)
    page.mouse.up()
    x, y, w, h = numbers(floor, 0)
    assert (x, y) == (0, 0)
    assert w < 450
    assert abs(h - 2 * w) <= 1
    box.focus()
    for key in ("-", "ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    assert numbers(floor, 0)[:3] == (10, 50, w - 10)
    page.fill("[name=x-1]", "9999")
    page.keyboard.press("Tab")
    assert numbers(floor, 1) == (500, 0, 500, 1000)
    assert axe.violations(floor) == []
    floor.fill({"title_ja": "店頭から", "codes": "\n".join(list(codes)[:2])})
    floor.press("main form .button--main")
    _both_are_cut(floor)


def _both_are_cut(floor: Window) -> None:
    shown = floor.page.locator(".placing__shot img")
    for _n in range(60):
        if len(floor.texts(".placing__shot")) == 2:
            break
        floor.page.wait_for_timeout(500)
    sides = shown.evaluate_all(
        """all => Promise.all(all.map(async (one) => {
          one.loading = "eager";
          await one.decode();
          const paper = new OffscreenCanvas(9, 9).getContext("2d");
          paper.drawImage(one, 0, 0, 9, 9);
          const [red, , blue] = paper.getImageData(4, 4, 1, 1).data;
          return [one.naturalWidth / one.naturalHeight, red > blue];
        }))"""
    )
    assert {is_red for _ratio, is_red in sides} == {True, False}
    assert all(abs(ratio - 0.75) < 0.02 for ratio, _is_red in sides)


def test_without_a_script_the_middle_or_the_whole_is_taken(
    opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState], shots: list[str]
) -> None:
    plain = opened(
        PHONE, language="en", storage_state=signed_in(demo.logins.owner), java_script_enabled=False
    )
    plain.goto(f"{demo.console}/s/north/coordinates/post/")
    assert not plain.page.locator("[data-start]").is_visible()
    assert plain.page.locator("[name=framing]:visible").count() == 2
    plain.page.set_input_files("[name=file]", shots[:1])
    plain.page.check("[value=whole]")
    plain.fill({"title_ja": "そのまま"})
    plain.press("main form .button--main")
    for _n in range(60):
        if plain.page.locator(".placing__shot img").count():
            break
        plain.page.wait_for_timeout(500)
        plain.page.reload()
    sides = plain.page.locator(".placing__shot img").first.bounding_box()
    assert sides is not None
    assert abs(sides["width"] / sides["height"] - 1.5) < 0.02

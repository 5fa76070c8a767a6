"""An operator sends pictures from a phone, among them one that is none, and sees what became of
each; the shop shows the pictures."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import StorageState

from tests.browser.conftest import Opener
from tests.browser.demo import Demo, in_stock
from tests.browser.window import PHONE, Window
from tests.files.hostile import PHP, SCRIPT, picture

SLUG = "crescent-shoulder-bag"


def shot(colour: str, number: int) -> Image.Image:
    image = Image.new("RGB", (1600, 2000), colour)
    ImageDraw.Draw(image).ellipse((300, 400, 1300, 1400), outline="white", width=20 * number)
    return image


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Three pictures, one of which carries a web shell, and a page with the name of a picture."""
    made = {
        "front.jpg": picture("JPEG", shot("#35546b", 1), quality=90),
        "back.png": picture("PNG", shot("#6b4a35", 2)),
        "inside.jpg": picture("JPEG", shot("#46623f", 3), comment=PHP),
        "detail.jpg": b"<!doctype html>" + SCRIPT,
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return [str(tmp_path / name) for name in made]


def sent_in(phone: Window) -> dict[str, str]:
    """File -> its state and reason, once every one has been looked at."""
    for _n in range(60):
        rows = phone.texts(".sent")
        if rows and not any("検査中" in row for row in rows):
            return {row.split()[0]: row for row in rows}
        phone.page.wait_for_timeout(500)
    raise AssertionError("still waiting")


def test_pictures_from_a_phone(
    opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState], files: list[str]
) -> None:
    colour = in_stock(SLUG).colour
    phone = opened(PHONE, storage_state=signed_in(demo.logins.owner))
    phone.goto(f"{demo.console}/s/north/products/{SLUG}/")
    phone.press("a[href$='/pictures/']")
    phone.page.select_option("[name=colour]", colour)
    phone.page.set_input_files("[name=file]", files)
    phone.press("main form[enctype] .button--main")
    states = sent_in(phone)
    assert {name: "取込済み" in said for name, said in states.items()} == {
        "front.jpg": True, "back.png": True, "inside.jpg": True, "detail.jpg": False,
    }  # fmt: skip
    assert "ではありません" in states["detail.jpg"]
    phone.goto(f"{demo.console}/s/north/products/{SLUG}/pictures/")
    phone.shot("phone-ja-pictures")

    phone.press(".sent a:has-text('inside.jpg')")
    assert "php" in phone.text()
    assert "30日間" in phone.text()
    phone.shot("phone-ja-verdict")
    phone.press("main p.small a")
    assert phone.page.locator(".tag--critical").count() == 2
    assert phone.page.locator(".tag--refused").count() == 1
    phone.shot("phone-ja-files")

    shopper = opened(PHONE)
    shopper.goto(f"{demo.shop()}/items/{SLUG}/{colour}/")
    shots = shopper.page.locator(".gallery picture img")
    assert shots.count() >= 5  # the two there were, and three more
    for number in range(shots.count()):  # swiped through: each is loaded when it comes near
        shots.nth(number).scroll_into_view_if_needed()
        assert shots.nth(number).evaluate("one => one.decode().then(() => one.naturalWidth)")
    shopper.shot("phone-ja-product-pictures")


def test_a_picture_is_put_first_and_taken_away(console: Window, demo: Demo) -> None:
    """After the test above: the colour has several."""
    console.goto(f"{demo.console}/s/north/products/{SLUG}/pictures/")
    several = console.page.locator("section:has(.shots li + li + li)").first
    names = several.locator(".shots li picture img").evaluate_all("all => all.map((o) => o.src)")
    console.press(several.locator("[name=first]").last)
    now = several.locator(".shots li picture img").evaluate_all("all => all.map((o) => o.src)")
    assert now == [names[-1], *names[:-1]]
    console.press(several.locator("[name=drop]").first)
    now = several.locator(".shots li picture img").evaluate_all("all => all.map((o) => o.src)")
    assert now == names[:-1]

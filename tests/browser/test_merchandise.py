"""A merchandiser makes a product from nothing: three colours, four sizes, measured, with pictures;
schedules it, previews it on a phone, takes a mistake back, and sees it go live."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import StorageState

from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.window import PHONE, WIDE, Window

NUMBER = "NN-2699"
COLOURS = [
    ("04", "エクリュ", "Ecru", "white", "#e8e1d3"),
    ("58", "ネイビー", "Navy", "navy", "#27324a"),
    ("33", "キャメル", "Camel", "brown", "#b1895c"),
]
SIZES = ["S", "M", "L", "XL"]
MEASURES = {"length": 64, "chest": 54, "shoulder": 48, "sleeve": 57}


def shot(colour: str) -> Image.Image:
    image = Image.new("RGB", (1200, 1500), "#e4ded4")
    ImageDraw.Draw(image).rounded_rectangle((250, 250, 950, 1300), 120, fill=colour)
    return image


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    made = []
    for code, _ja, _en, _family, value in COLOURS:
        path = tmp_path / f"{NUMBER}_{code}_1.jpg"
        shot(value).save(path, quality=88)
        made.append(str(path))
    return made


def step(window: Window, text: str) -> None:
    window.press(f"button:text-is('{text}') >> nth=0")


def add_rows(window: Window) -> None:
    """Colours and sizes, a row more each time; nothing is saved by it."""
    for n, (code, ja, en, family, value) in enumerate(COLOURS):
        at = f"colour-{n}"
        window.fill({f"{at}-code": code, f"{at}-ja": ja, f"{at}-en": en, f"{at}-hex": value})
        window.page.select_option(f"[name={at}-family]", family)
        window.press("[formaction='#colours-h']")
    for n, size in enumerate(SIZES):
        window.fill({f"size-{n}-code": size, f"size-{n}-label": size})
        window.press("[formaction='#sizes-h']")


def test_a_product_from_nothing_to_on_sale(
    opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState], pictures: list[str]
) -> None:
    state = signed_in(demo.logins.owner)
    desk = opened(WIDE, storage_state=state)
    desk.goto(f"{demo.console}/s/north/products/")
    desk.press("a[href$='/goods/new/']")
    desk.fill({
        "item_number": NUMBER, "name_ja": "試験用 ニット", "name_en": "Trial knit",
        "brand": "NORTH & NEEDLE", "description_ja": "<p>やわらかな一枚。</p>",
    })  # fmt: skip
    desk.page.select_option("[name=category]", "knitwear")
    desk.page.select_option("[name=gender]", "women")
    add_rows(desk)
    assert desk.page.input_value("[name=name_ja]") == "試験用 ニット"
    desk.shot("wide-ja-merch-1-rows")

    # A row fills the column; then something is wrong, and everything is still there.
    desk.fill({"fill-price": "19800", "fill-stock": "5", "fill-weight": "420"})
    desk.press("[name=step][value=fill]")
    desk.press("[name=step][value=gtins]")
    assert desk.page.input_value("[name=cell-2-3-price]") == "19800"
    assert desk.page.input_value("[name=cell-2-3-code]") == f"{NUMBER}-33-XL"
    assert len(desk.page.input_value("[name=cell-2-3-gtin]")) == 13
    for n, size in enumerate(SIZES):
        desk.fill({f"size-{n}-m-{p}": str(cm + 2 * n) for p, cm in MEASURES.items()})
        assert desk.page.input_value(f"[name=size-{n}-label]") == size
    desk.page.select_option("[name=part-0-fibre-0]", "wool")
    desk.fill({"part-0-percent-0": "90", "cell-0-0-price": "free"})
    for code in ("110", "200", "300"):
        desk.page.check(f"[name=care][value='{code}']")
    desk.press(".goods__save [value=save]")
    assert desk.page.locator("#part-0").count() == 1
    assert desk.page.input_value("[name=cell-0-0-price]") == "free"
    assert desk.page.is_checked("[name=care][value='300']")
    desk.shot("wide-ja-merch-2-faults")

    desk.fill({"part-0-percent-0": "100", "cell-0-0-price": "19800"})
    desk.press(".goods__save [value=save]")
    address = desk.page.url.partition("?")[0]
    assert address.endswith(f"/{NUMBER.lower()}/")
    assert desk.page.locator(".tag--draft").count() == 1
    desk.shot("wide-ja-merch-3-saved")

    # Pictures by their names, all three at once.
    desk.goto(f"{demo.console}/s/north/goods/imports/")
    desk.page.set_input_files("#pics", pictures)
    desk.press("[name=pictures]")
    desk.page.locator(".sent .tag--taken").nth(2).wait_for()
    desk.shot("wide-ja-merch-4-pictures")

    preview(opened, demo, desk, address)
    schedule(opened, demo, desk, address)


def preview(opened: Opener, demo: Demo, desk: Window, address: str) -> None:
    """Two widths in the console, and the link by itself on a phone; nobody else sees the draft."""
    desk.goto(f"{address}preview/")
    link = desk.page.input_value("#link")
    frame = desk.page.frame_locator(".preview--phone")
    frame.locator("h1").wait_for()
    assert "試験用 ニット" in frame.locator("h1").inner_text()
    desk.shot("wide-ja-merch-5-preview")

    phone = opened(PHONE)
    answer = phone.page.goto(link)
    assert answer is not None
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert "64" in phone.page.locator(".measures").inner_text()
    assert phone.page.locator(".symbols svg").count() == 3
    phone.press(f".colour[href*='/{COLOURS[1][0]}/']")
    assert "/draft/" in phone.page.url
    phone.shot("phone-ja-merch-6-preview")
    port = demo.up.port
    unseen = httpx.get(
        f"http://127.0.0.1:{port}/items/{NUMBER.lower()}/",
        headers={"Host": f"north.localhost:{port}"},
    )
    assert unseen.status_code == 404


def schedule(opened: Opener, demo: Demo, desk: Window, address: str) -> None:
    """Planned for another day; then now; the history says so, and a price is taken back."""
    desk.goto(address)
    desk.fill({"published": "2099-01-01T10:00"})
    desk.press(".goods__save [value=save]")
    assert desk.page.locator(".tag--planned").count() == 1
    desk.fill({"published": ""})
    desk.press(".goods__save [value=save]")
    desk.press(".goods__save [value=publish]")
    assert desk.page.locator(".tag--shown").count() == 1
    desk.shot("wide-ja-merch-7-shown")

    shopper = opened(PHONE)
    shopper.goto(f"{demo.shop()}/items/{NUMBER.lower()}/{COLOURS[0][0]}/")
    assert "19,800" in shopper.text()
    shopper.shot("phone-ja-merch-8-on-sale")

    desk.fill({"cell-0-0-price": "1980"})
    desk.press(".goods__save [value=save]")
    desk.page.locator("#history details summary").first.click()
    assert "1980" in desk.page.locator("#history li").first.inner_text()
    desk.press("#history [name=to] >> nth=0")
    assert desk.page.input_value("[name=cell-0-0-price]") == "19800"
    desk.shot("wide-ja-merch-9-history")


def test_the_scanner_and_the_other_editor(console: Window, opened: Opener, demo: Demo) -> None:
    """A JAN leads to its product; who saves an older version sees what the other changed."""
    console.goto(f"{demo.console}/s/north/products/")
    console.fill({"q": "NN-2603-01-M"})
    console.press("main form[role=search] .button--main")
    assert "/products/broadcloth-shirt/" in console.page.url
    seen = console.page.input_value("[name=version]")
    console.fill({"collection": "A"})
    console.press(".goods__save [value=save]")
    console.page.evaluate("v => { document.querySelector('[name=version]').value = v }", seen)
    console.fill({"collection": "B"})
    console.press(".goods__save [value=save]")
    assert console.page.locator("[role=alert]").count() == 1
    console.page.locator("[role=alert] summary").click()
    assert "A" in console.page.locator("[role=alert] ins").all_inner_texts()
    assert console.page.input_value("[name=collection]") == "B"
    console.press(".goods__save [value=save]")
    assert console.page.input_value("[name=collection]") == "B"
    assert console.page.locator("[role=alert]").count() == 0

"""ささげ: a draft that lacks everything, its sample by its code, and no publication before."""

from collections.abc import Callable

from playwright.sync_api import StorageState

from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.window import PHONE, WIDE

NUMBER = "NN-2698"


def test_a_draft_is_prepared_before_it_is_shown(
    opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState]
) -> None:
    state = signed_in(demo.logins.owner)
    desk = opened(WIDE, storage_state=state)
    desk.goto(f"{demo.console}/s/north/goods/new/")
    desk.fill({
        "item_number": NUMBER, "name_ja": "試験用 ベスト", "name_en": "Trial vest",
        "colour-0-code": "04", "colour-0-ja": "エクリュ", "size-0-code": "M", "size-0-label": "M",
    })  # fmt: skip
    desk.page.select_option("[name=category]", "knitwear")
    desk.press("[formaction='#sizes-h']")
    desk.fill({"cell-0-0-price": "9900", "cell-0-0-code": f"{NUMBER}-04-M"})
    desk.press("[name=step][value=save] >> nth=0")
    desk.shot("wide-ja-preparing-draft")
    assert "kept=1" in desk.page.url

    queue = f"{demo.console}/s/north/goods/preparing/"
    phone = opened(PHONE, storage_state=state)
    phone.goto(queue)
    phone.page.fill("#code", f"{NUMBER}-04-m")
    phone.page.fill("#place", "棚 3")
    phone.shot("phone-ja-preparing")
    phone.press("button[value=come]")
    row = f"tr:has-text('{NUMBER}')"
    assert phone.page.input_value(f"{row} [name=place]") == "棚 3"
    phone.press(f"{row} button[value=take]")
    phone.page.wait_for_selector(f"{row} button[value=leave]")
    phone.fill({"code": "4900000000000"})
    phone.press("button[value=come]")
    assert "4900000000000" in phone.page.inner_text("[role=alert]")
    assert phone.page.input_value("#code") == "4900000000000"

    desk.goto(queue)
    desk.page.check("[name=steps][value=shot]")
    desk.press("button[value=require]")
    desk.shot("wide-ja-preparing")
    desk.press(f"{row} a >> nth=0")
    desk.press("[name=step][value=publish]")
    assert "画像" in desk.page.inner_text("[role=alert]")
    desk.shot("wide-ja-preparing-refused")
    desk.goto(queue)
    desk.page.uncheck("[name=steps][value=shot]")
    desk.press("button[value=require]")

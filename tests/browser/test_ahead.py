"""予約の引当 at the console: who waits, whom a receipt would serve, and whom it did."""

from tests.browser import steps
from tests.browser.demo import Demo, in_stock
from tests.browser.window import Window


def test_goods_come_in_for_who_waits(phone: Window, console: Window, demo: Demo) -> None:
    piece = in_stock("satin-slip-dress")
    number, _email = steps.buy(phone, demo, piece, "bank")
    late, _email = steps.buy(phone, demo, piece, "bank")
    work, page = f"{demo.console}/s/north", console.page
    console.goto(f"{work}/orders/{late}/")
    console.press("text=入荷待ち 1点")
    assert page.locator("tbody tr").last.inner_text().startswith(late)
    console.goto(f"{page.url}?coming=1")
    assert page.locator("tbody tr").last.locator("td").last.inner_text() == "0"
    page.click("details summary")
    page.select_option("#order", late)
    page.fill("#why", "撮影用に先にお渡し")
    console.press("details .button--main")
    assert page.locator("tbody tr").first.inner_text().startswith(late)
    console.shot("stock-waiting")

    console.goto(f"{work}/stock/sheets/")
    page.select_option("#kind", "receipt")
    page.select_option("#location", "main")
    page.fill("#pieces", f"{piece.sku}, 2")
    console.press("main form .button--main")
    page.fill("[name^=found-]", "1")
    console.press("[value=save]")
    unserved = page.inner_text("section[aria-labelledby=coming]")
    assert number in unserved
    assert late not in unserved
    console.shot("stock-receipt")
    console.press("[value=post]")
    assert late in page.inner_text("section[aria-labelledby=served]")

    console.goto(f"{work}/orders/{late}/")
    assert "入荷待ち" not in page.inner_text("main")
    assert "撮影用に先にお渡し" in page.inner_text(".events")
    console.goto(f"{work}/orders/{number}/")
    assert "入荷待ち" in page.inner_text("main")


def test_the_month_is_all_that_is_promised(phone: Window, demo: Demo) -> None:
    steps.into_cart(phone, demo, in_stock("satin-slip-dress"))
    promised = next(line for line in phone.text().splitlines() if "発送" in line)
    steps.to_delivery(phone)
    assert phone.page.locator("[name=delivery_date]").count() == 0
    phone.choose(".choice:has([value=bank])")
    phone.press(steps.MAIN_BUTTON)
    phone.page.wait_for_url("**/confirm/")
    assert promised in phone.text()
    assert "日以内に発送" not in phone.text()
    phone.shot("phone-ja-preorder-confirm")

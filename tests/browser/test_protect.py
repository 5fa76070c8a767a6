"""緊急対応: an owner stops every look at people, and the platform lifts it."""

from tests.browser import steps
from tests.browser.demo import Demo, in_stock
from tests.browser.window import Window
from tests.instance import call


def test_an_owner_stops_every_look(phone: Window, demo: Demo, console: Window) -> None:
    number, _email = steps.buy(phone, demo, in_stock("dense-jersey-tee"))
    console.goto(demo.console)
    console.press("a[href$='/s/north/protect/']")
    console.shot("protect")
    console.press("button[value=freeze]")
    try:
        assert "表示停止中" in console.text()
        console.shot("protect-stopped")
        console.fine.add(403)
        console.goto(f"{demo.console}/s/north/orders/{number}/")
        frame = console.frame("/reveal/")
        frame.click(".button--main")
        frame.wait_for_selector("text=現在表示できません")
    finally:
        assert call(demo.up.data, "contain", "thaw", "--site", "north").returncode == 0
    console.page.reload()
    frame = console.frame("/reveal/")
    frame.click(".button--main")
    frame.wait_for_selector("[data-revealed]")

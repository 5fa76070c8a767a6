"""An editor lays words on a dark picture, is told that they cannot be read, and lays a ground under
them. Nothing is published: the home's draft is looked at in its preview."""

from pathlib import Path

from PIL import Image

from tests.browser import axe
from tests.browser.demo import Demo
from tests.browser.window import Window
from tests.files.hostile import picture

NAME = "night.png"


def _into_library(console: Window, demo: Demo, path: Path) -> None:
    path.write_bytes(picture("PNG", Image.new("RGB", (1500, 700), "#20242c")))
    console.goto(f"{demo.console}/s/south/library/")
    console.page.set_input_files("[name=file]", str(path))
    console.press("main form[enctype] .button")
    for _n in range(60):
        console.goto(f"{demo.console}/s/south/content/home/home/")
        if console.page.locator(f"select[name$='-picture'] option:text-is('{NAME}')").count():
            return
        console.page.wait_for_timeout(500)
    raise AssertionError("the picture did not come")


def test_words_on_a_dark_picture_get_a_ground(demo: Demo, console: Window, tmp_path: Path) -> None:
    _into_library(console, demo, tmp_path / NAME)
    page, save = console.page, "button[value='save'].button--main"
    page.locator("select[name$='-picture']").first.select_option(label=NAME)
    console.press(save)
    found = page.locator("#findings li")
    ratios = [text for text in found.all_inner_texts() if "4.5" in text]
    assert len(ratios) == 1
    assert axe.violations(console) == []
    page.locator("form[action$='/publish/'] .button--main").click()
    assert page.evaluate("document.querySelector('[name=seen]').validity.valueMissing")
    page.locator("select[name$='-scrim']").first.select_option("dark")
    console.press(save)
    assert not [text for text in found.all_inner_texts() if "4.5" in text]
    console.goto(page.locator(".preview__frame").get_attribute("src") or "")
    words = page.locator(".hero__words")
    style = words.evaluate("one => [getComputedStyle(one).color, getComputedStyle(one).background]")
    assert style[0] == "rgb(255, 255, 255)"
    assert "rgba(0, 0, 0, 0.72)" in style[1]
    assert axe.violations(console) == []

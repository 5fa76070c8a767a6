"""Debian's chromium, and one visitor's window of it that notices whatever goes wrong."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Frame,
    Locator,
    Page,
    Request,
    Response,
    sync_playwright,
)

from lockstitch.cli.instance import ROOT

SCREENS = ROOT / "screens"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True,
    "has_touch": True,
}  # fmt: skip
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
LOCALES = {"ja": "ja-JP", "en": "en-GB"}
PATIENCE_MS = 15_000
# The browser's own words on a page that was left, or shown, before its fade-in was over.
FADED = {
    "Transition was skipped",
    "Transition was aborted because of invalid state. Page already revealed",
}
FORM_ANSWERS = frozenset({409, 422})  # how a form says that something is to be mended

# Said on the console, where every other fault of a page is said too. The layout's width, not
# innerWidth: a phone zooms out until a page that is too wide fits.
NOTICE_OVERFLOW = """addEventListener("load", () => setTimeout(() => {
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth)
    console.error(`wider than the window: ${page.scrollWidth} > ${page.clientWidth}`);
}));"""
SCROLL_THROUGH = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight * 0.8) {
    scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 40));
  }
  scrollTo(0, 0);
}"""
PICTURES_ARE_THERE = """() => [...document.images]
  .filter((image) => image.checkVisibility()).every((image) => image.complete)
  && document.getAnimations().every((one) => one.playState !== "running")"""
DECODED = """() => Promise.all(
  [...document.images].filter((image) => image.checkVisibility())
    .map((image) => image.decode().catch(() => image.currentSrc)))"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. AssertionError when it is not installed: these tests are never skipped."""
    path = shutil.which("chromium")
    if path is None:
        raise AssertionError("the browser tests want chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Window:
    """A visitor with a window of their own. `faults` must be empty in the end."""

    def __init__(self, browser: Browser, *, language: str = "ja", **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(locale=LOCALES[language], **options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(NOTICE_OVERFLOW)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.fine = set(FORM_ANSWERS)
        self.taps = 0
        self._touch = bool(options.get("has_touch"))
        self.page.on("console", self._said)
        self.page.on("pageerror", self._threw)
        self.page.on("response", self._answered)
        self.page.on("requestfailed", self._failed)

    def _said(self, message: ConsoleMessage) -> None:
        # A status is judged by `_answered`, which knows which were expected.
        # A preview's frame runs no script, not even NOTICE_OVERFLOW.
        is_known = re.match(
            r"Failed to load|Blocked script execution in '\S+/preview/", message.text
        )
        if message.type == "error" and not is_known:
            self.faults.append(f"console at {self.page.url}: {message.text}")

    def _threw(self, error: Error) -> None:
        if error.message not in FADED:
            self.faults.append(f"script: {error.message}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.fine:
            self.faults.append(f"{response.status} {response.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a picture of a page that was left
            self.faults.append(f"{request.failure} {request.url}")

    def goto(self, url: str) -> None:
        self.page.goto(url)

    def press(self, what: str | Locator, inside: Frame | None = None) -> None:
        """Presses it and waits for the page it leads to."""
        place = inside or self.page
        target = place.locator(what).first if isinstance(what, str) else what
        with self.page.expect_navigation():
            self.choose(target)

    def choose(self, what: str | Locator) -> None:
        """Presses something that leads nowhere. A phone is tapped, and its taps are counted."""
        target = self.page.locator(what).first if isinstance(what, str) else what
        self.taps += 1
        if self._touch:
            target.tap()
        else:
            target.click()

    def texts(self, what: str) -> list[str]:
        """Of a page that renews itself: when it does so meanwhile, of the next."""
        while True:
            try:
                return self.page.locator(what).all_inner_texts()
            except Error as error:
                if "navigation" not in error.message:
                    raise
                self.page.wait_for_load_state()

    def fill(self, fields: dict[str, str]) -> None:
        for name, value in fields.items():
            field = self.page.locator(f"[name={name}]")
            if field.evaluate("field => field.localName") == "select":
                field.select_option(value)
            else:
                field.fill(value)

    def value(self, name: str) -> str:
        return self.page.input_value(f"[name={name}]")

    def text(self) -> str:
        return self.page.inner_text("main")

    def frame(self, ending: str) -> Frame:
        """The frame of the page whose address ends so, loaded."""
        frame = self.page.wait_for_selector(f'iframe[src$="{ending}"]').content_frame()  # type: ignore[union-attr]
        assert frame is not None
        frame.wait_for_load_state()
        return frame

    def shot(self, name: str) -> Path:
        """A picture of the whole page, every lazy picture of it loaded."""
        SCREENS.mkdir(exist_ok=True)
        path = SCREENS / f"{name}.png"
        self.settle()
        self.page.screenshot(path=path, full_page=True)
        return path

    def settle(self) -> None:
        """Scrolls through the page and waits until nothing moves."""
        self.page.evaluate(SCROLL_THROUGH)
        for frame in self.page.frames:
            frame.wait_for_load_state()
        self.page.wait_for_function(PICTURES_ARE_THERE)
        self.page.evaluate(DECODED)

    def close(self) -> list[str]:
        """What went wrong."""
        self.context.close()
        return self.faults

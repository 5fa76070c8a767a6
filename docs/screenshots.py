"""The pictures of the README: `python docs/screenshots.py` starts a demo in a temporary folder,
walks through it and writes `docs/images/*.webp`. It wants chromium and a Japanese font."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import tests.conftest  # noqa: E402, F401 - sets Django up, as for the tests
from tests.browser import steps  # noqa: E402
from tests.browser.demo import Authenticator, Demo, in_stock  # noqa: E402
from tests.browser.window import PHONE, WIDE, Window, chromium  # noqa: E402
from tests.instance import folder, started  # noqa: E402

IMAGES = ROOT / "docs" / "images"
BYTES_MAX = 150_000
QUALITIES = (86, 80, 72, 64, 56)
TALL = {**WIDE, "viewport": {"width": 1280, "height": 960}}


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with folder() as data, started(data, "--demo") as up, chromium() as browser:
        demo = Demo.of(up)

        @contextmanager
        def opened(screen: dict[str, object], language: str) -> Iterator[Window]:
            window = Window(browser, language=language, **screen)
            yield window
            if faults := window.close():
                raise SystemExit("\n".join(faults))

        for brand in ("north", "south"):
            with opened(TALL, "ja") as window:
                window.goto(demo.shop(brand))
                keep(window, brand)
        with opened(TALL, "en") as window:
            window.goto(demo.shop("east"))
            keep(window, "east")
        with opened(PHONE, "ja") as window:
            window.goto(f"{demo.shop()}/coordinates/")
            window.press(".looks a >> nth=0")
            keep(window, "coordinate")
            product(window, demo)
            contact(window, demo)
        with opened(TALL, "en") as window:
            number = member(window, demo)
            console(window, demo, number)
            window.goto(f"{demo.desk()}/account/who-saw/?lang=en")
            keep(window, "who-saw")


def product(window: Window, demo: Demo) -> None:
    window.goto(f"{demo.shop('south')}/items/left-hook-hoodie/")
    keep(window, "product")


def contact(window: Window, demo: Demo) -> None:
    steps.into_cart(window, demo, in_stock("lambswool-crew"))
    window.press(steps.TO_CHECKOUT)
    person = {**steps.PERSON, "email": "minami@example.jp"}
    window.fill({name: person[name] for name in ("family_name", "given_name", "family_kana")})
    window.fill({"given_kana": person["given_kana"], "email": person["email"]})
    keep(window, "contact")


def member(window: Window, demo: Demo) -> str:
    """The number of a member's order."""
    steps.sign_in(window, demo, demo.logins.member, demo.logins.password)
    steps.into_cart(window, demo, in_stock("chesterfield-coat"))
    window.press(steps.TO_CHECKOUT)
    window.press(steps.MAIN_BUTTON)
    window.page.wait_for_url("**/checkout/**")
    return steps.place(window)


def console(window: Window, demo: Demo, number: str) -> None:
    code = Authenticator(demo.logins.totp_secret).code()
    steps.sign_in_to_console(window, demo, demo.logins.owner, code)
    window.goto(f"{demo.console}/s/north/orders/{number}/")
    frame = window.frame(f"/orders/{number}/reveal/")
    frame.click(".button--main")
    frame.wait_for_selector("dl.person")
    keep(window, "console")


def keep(window: Window, name: str) -> None:
    """What the window shows, as a picture small enough for the repository."""
    window.settle()
    path = IMAGES / f"{name}.webp"
    shot = path.with_suffix(".png")
    window.page.screenshot(path=shot)
    with Image.open(shot) as image:
        for quality in QUALITIES:
            image.save(path, "WEBP", quality=quality, method=6)
            if path.stat().st_size <= BYTES_MAX:
                break
    shot.unlink()
    sys.stdout.write(f"{path.relative_to(ROOT)} {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()

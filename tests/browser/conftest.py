"""One demo and one chromium for all of these tests, and a window for each visitor."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser import steps
from tests.browser.demo import Authenticator, Demo
from tests.browser.window import PHONE, WIDE, Window, chromium
from tests.fakes.running import Running
from tests.fakes.running import started as provider_started
from tests.filled import demo as running_demo

Opener = Callable[..., Window]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def stripe() -> Iterator[Running]:
    """The provider that the demo's shops may connect to."""
    with provider_started("stripe") as fake:
        yield fake


@pytest.fixture(scope="session")
def demo(stripe: Running) -> Iterator[Demo]:
    environment = {"LOCKSTITCH_PROVIDERS": f"stripe={stripe.url}"}
    with running_demo(environment) as up:
        yield Demo.of(up)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """Opens a window: `opened(PHONE, language="en")`. What went wrong in any fails the test."""
    windows: list[Window] = []

    def open_window(screen: dict[str, Any], **options: Any) -> Window:
        windows.append(Window(browser, **screen, **options))
        return windows[-1]

    yield open_window
    faults = [fault for window in windows for fault in window.close()]
    assert faults == []


@pytest.fixture
def language() -> str:
    """The visitor's; a test that wants both gives them as parameters."""
    return "ja"


@pytest.fixture
def phone(opened: Opener, language: str) -> Window:
    return opened(PHONE, language=language)


@pytest.fixture
def wide(opened: Opener, language: str) -> Window:
    return opened(WIDE, language=language)


@pytest.fixture(scope="session")
def authenticator(demo: Demo) -> dict[str, Authenticator]:
    """By login: each account has a used code of its own."""
    known = (demo.logins.owner, demo.logins.orders, demo.logins.staff)
    return {login: Authenticator(demo.logins.totp_secret) for login in known}


@pytest.fixture(scope="session")
def signed_in(
    demo: Demo, browser: Browser, authenticator: dict[str, Authenticator]
) -> Callable[[str], StorageState]:
    """The cookies of an operator; each signs in once, for codes are good once."""
    known: dict[str, StorageState] = {}

    def cookies_of(login: str) -> StorageState:
        if login not in known:
            window = Window(browser, **WIDE)
            steps.sign_in_to_console(window, demo, login, authenticator[login].code())
            known[login] = window.context.storage_state()
            assert window.close() == []
        return known[login]

    return cookies_of


@pytest.fixture
def console(
    opened: Opener, demo: Demo, signed_in: Callable[[str], StorageState], language: str
) -> Window:
    """The owner of both shops, at the console."""
    return opened(WIDE, language=language, storage_state=signed_in(demo.logins.owner))

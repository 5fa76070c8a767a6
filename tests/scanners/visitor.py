"""Signs in as the demo's people, and walks through pages to learn which addresses and forms there
are: all of it through the relay, so that the session belongs to the address that scans."""

import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import httpx
import pyotp

from lockstitch.cli.demo_logins import Logins
from tests.scanners.openapi import NOT_SENT
from tests.shopper import Page, Shopper, _cookie

CODE_S = 30
PAGES_MAX = 120
ALONE = re.compile(r"sign-out|signed-out|/language/")


@dataclass
class Walked:
    """For each route: values of its path's parameters, and fields of the forms that post to it."""

    seen: dict[str, dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    fields: dict[str, dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    queries: set[str] = field(default_factory=set)  # addresses with a question mark
    posts: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)  # route -> a form


class Visitor(Shopper):
    def __init__(self, relay: str, shop: str) -> None:
        super().__init__(shop)
        self._http.close()
        self._http = httpx.Client(proxy=relay, timeout=60, trust_env=False)

    def cookies(self, host: str) -> str:
        return _cookie(self._jars.get(host, httpx.Cookies()))

    def csrf(self, host: str, surface: str) -> str:
        return str(self._jars[host].get(f"{surface}-csrf", ""))

    def sign_in_operator(self, desk: str, email: str, known: Logins) -> None:
        """A code is good once, and one secret serves several logins: the next is waited for."""
        for _attempt in range(3):
            form = self.get(f"{desk}/sign-in/").form(having="totp")
            code = pyotp.TOTP(known.totp_secret).now()
            page = self.submit(form, email=email, password=known.password, totp=code)
            if page.status == 200 and "/sign-in/" not in page.url:
                return
            time.sleep(CODE_S - time.time() % CODE_S + 1)
        raise SystemExit(f"{email} could not sign in: {page.status} {page.url}")

    def sign_in_member(self, known: Logins) -> None:
        page = self.get(f"{self.shop}/account/")
        page = self.submit(
            page.form(having="password"), email=known.member, password=known.password
        )
        if page.status != 200 or not page.url.startswith(self.shop):
            raise SystemExit(f"the member could not sign in: {page.status} {page.url}")

    def shop_a_little(self) -> str:
        """Buys one thing and puts another into the cart; the address of the order's page."""
        links = self.get(f"{self.shop}/items/").links
        slugs = [found[1] for link in links if (found := re.search(r"/items/([\w-]+)/$", link))]
        placed = self.buy(slugs[0])
        self.into_cart(slugs[1])
        return placed.url

    def walk(self, starts: tuple[str, ...], routes: list[tuple[str, re.Pattern[str]]]) -> Walked:
        """Breadth first, each route's pages at most five times."""
        origin, walked = "/".join(starts[0].split("/", 3)[:3]), Walked()
        left, done, often = list(starts), set[str](), defaultdict[str, int](int)
        while left and len(done) < PAGES_MAX:
            url = left.pop(0)
            route = _note(walked.seen, routes, url)
            if url in done or often[route] >= 5 or ALONE.search(url):
                continue
            done.add(url)
            often[route] += 1
            page = self.get(url)
            for link in (each.partition("#")[0] for each in page.links):
                if link.startswith(origin + "/"):
                    _note(walked.seen, routes, link)
                    walked.queries.update([link] if "?" in link else [])
                    left.append(link)
            _note_forms(walked, page, routes, origin)
        return walked


def _note_forms(
    walked: Walked, page: Page, routes: list[tuple[str, re.Pattern[str]]], origin: str
) -> None:
    for form in page.forms:
        if not form.action.startswith(origin + "/"):
            continue
        if form.method != "post":
            chosen = {name: values[0] for name, values in form.choices.items()}
            asked = {name: value or "1" for name, value in {**form.values, **chosen}.items()}
            walked.queries.update([f"{form.action}?{urlencode(asked)}"] if asked else [])
            continue
        route = _note(walked.seen, routes, form.action)
        if not ALONE.search(form.action):
            chosen = {name: values[0] for name, values in form.choices.items()}
            walked.posts[route] = form.action, {**form.values, **chosen, **dict(form.buttons[:1])}
        for name, value in {**form.values, **dict(form.buttons)}.items():
            if name not in NOT_SENT:
                walked.fields[route][name].add(value)
        for name, values in form.choices.items():
            walked.fields[route][name].update(values)


def _note(
    seen: dict[str, dict[str, set[str]]], routes: list[tuple[str, re.Pattern[str]]], url: str
) -> str:
    """The route of this address, its parameters kept; empty when it is none."""
    path = urlsplit(url).path
    for route, pattern in routes:
        if found := pattern.fullmatch(path):
            for name, value in found.groupdict().items():
                seen[route][name].add(value)
            return route
    return ""

"""Which pages: of every shop the home page, and one of each kind that home or the list lead to."""

import re
import urllib.request
from urllib.parse import urljoin, urlsplit

from lockstitch.cli.demo_logins import NAMES
from tests.instance import Running

LISTS = ("/items/", "/sets/", "/coordinates/", "/magazine/", "/staff/")
KINDS = (  # the first address on the home page or these lists that fits each
    re.compile(r"^/items/$"), re.compile(r"^/items/c/[^/]+/$"),
    re.compile(r"^/items/(?!c/)[^/]+/([^/]+/)?$"), re.compile(r"^/coordinates/$"),
    re.compile(r"^/coordinates/\d+/$"), re.compile(r"^/features/[^/]+/$"),
    re.compile(r"^/news/[^/]+/$"), re.compile(r"^/faq/$"), re.compile(r"^/pages/[^/]+/$"),
    re.compile(r"^/ranking/$"), re.compile(r"^/cart/$"), re.compile(r"^/brands/[^/]+/$"),
    re.compile(r"^/sets/$"), re.compile(r"^/sets/\d+/$"), re.compile(r"^/staff/$"),
    re.compile(r"^/staff/[^/]+/$"), re.compile(r"^/magazine/$"), re.compile(r"^/magazine/[^/]+/$"),
    re.compile(r"^/lookbook/.+/$"),
)  # fmt: skip


def addresses(up: Running) -> list[str]:
    found = []
    for brand in NAMES:
        home = up.shop(f"{brand}.localhost") + "/"
        links = _links(home)
        links += [link for path in LISTS if path in links for link in _links(urljoin(home, path))]
        found.append(home)
        for kind in KINDS:
            found += [urljoin(home, link) for link in links if kind.match(link)][:1]
    return found


def read(url: str) -> bytes:
    """Resolvers do not all know the names below localhost, so it is asked for by its Host."""
    parts = urlsplit(url)
    request = urllib.request.Request(
        f"http://127.0.0.1:{parts.port}{parts.path}", headers={"Host": parts.netloc}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        text: bytes = answer.read()
    return text


def _links(url: str) -> list[str]:
    links = re.findall(r'href="(/[^"]*)"', read(url).decode())
    return [link.partition("?")[0] for link in links]

"""Two web processes: what changed is seen in both within a second, what did not is still kept."""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from lockstitch.storefront.pieces import LATE_S
from tests.filled import demo
from tests.instance import Running, wait_until

HOST = "north.localhost"
TEE, COAT = "/items/dense-jersey-tee/", "/items/chesterfield-coat/"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def process(self) -> str:
        return re.search(r"pid=(\d+)", self.headers["x-page"])[1]

    @property
    def how(self) -> str:
        return self.headers["x-page"].partition(";")[0]


def ask(up: Running, path: str, method: str = "GET", body: str = "", **more: str) -> Answer:
    """A connection of its own, so that either process may answer."""
    with socket.create_connection(("127.0.0.1", up.port)) as line:
        headers = {
            "Host": f"{HOST}:{up.port}", "Connection": "close", "Accept-Language": "ja",
            **({"Content-Length": str(len(body))} if body else {}),
            **({"Content-Type": "application/x-www-form-urlencoded"} if body else {}),
            **{name.replace("_", "-"): value for name, value in more.items()},
        }  # fmt: skip
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        line.sendall(f"{method} {path} HTTP/1.1\r\n{lines}\r\n{body}".encode())
        held = b""
        while got := line.recv(65_536):
            held += got
    head, _, content = held.partition(b"\r\n\r\n")
    status, *rest = head.decode("latin-1").split("\r\n")
    pairs = (row.partition(": ") for row in rest)
    return Answer(
        int(status.split()[1]), {name.lower(): value for name, _, value in pairs}, content.decode()
    )


def in_both(up: Running, path: str) -> dict[str, Answer]:
    """What each of the two processes answers, asked until both have."""
    found: dict[str, Answer] = {}
    wait_until(lambda: len(found | {(a := ask(up, path)).process: a}) and
               (found.update({a.process: a}) or len(found) == 2))  # fmt: skip
    return found


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with demo({"LOCKSTITCH_WORKERS": "2"}) as up:
        yield up


def sql(up: Running, text: str) -> None:
    with psycopg.connect(up.instance.cluster.superuser_url(), autocommit=True) as connection:
        connection.execute(text)


def warm(up: Running, *paths: str) -> None:
    for path in paths:
        wait_until(lambda path=path: all(a.how == "hit" for a in in_both(up, path).values()))


def seen_within_a_second(up: Running, path: str, text: str) -> None:
    until, found = time.monotonic() + 1.0, {}
    while time.monotonic() < until:
        answer = ask(up, path)
        found[answer.process] = text in answer.body
        if len(found) == 2 and all(found.values()):
            return
    raise AssertionError(f"{text} within a second: {found}")


SKU = (
    "SELECT k.id FROM catalogue_sku k JOIN catalogue_product p ON p.id = k.product_id"
    " WHERE p.slug = '{}'"
)
SLUG = "(SELECT id FROM catalogue_product WHERE slug = 'dense-jersey-tee')"
CHANGES = {
    "price": (
        f"UPDATE catalogue_sku SET price_yen = 6543 WHERE product_id = {SLUG}", "¥6,543"
    ),
    "stock word": (
        "UPDATE inventory_stock SET on_hand = allocated + held WHERE sku_id IN"
        f" ({SKU.format('dense-jersey-tee')})", 'button--wide" disabled',
    ),
    "text": (
        f"UPDATE catalogue_product SET description = '{{\"ja\": \"まったく新しい\"}}'"
        f" WHERE id = {SLUG}", "まったく新しい",
    ),
    "colour": (
        "UPDATE catalogue_colour SET name = '{\"ja\": \"ひすい\"}'"
        f" WHERE code = '65' AND product_id = {SLUG}", "ひすい",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", list(CHANGES))
def test_a_change_is_seen_in_both(running: Running, what: str) -> None:
    change, text = CHANGES[what]
    warm(running, TEE, COAT)
    assert all(text not in answer.body for answer in in_both(running, TEE).values())
    sql(running, change)
    seen_within_a_second(running, TEE, text)
    assert {answer.how for answer in in_both(running, COAT).values()} == {"hit"}


def test_a_card_in_a_list_follows_too(running: Running) -> None:
    warm(running, "/items/", "/items/c/outerwear/")
    sql(running, f"UPDATE catalogue_sku SET price_yen = 7654 WHERE product_id = {SLUG}")
    seen_within_a_second(running, "/items/", "¥7,654")
    assert {a.how for a in in_both(running, "/items/c/outerwear/").values()} == {"hit"}


def test_a_new_look_is_on_every_page(running: Running) -> None:
    warm(running, COAT)
    look = '{"tagline": {"ja": "あたらしい看板"}}'
    sql(running, f"UPDATE tenancy_site SET look = look || '{look}' WHERE slug = 'north'")
    seen_within_a_second(running, COAT, "あたらしい看板")
    warm(running, COAT)
    assert all("あたらしい看板" in answer.body for answer in in_both(running, COAT).values())


def test_a_story_is_kept_and_told(running: Running) -> None:
    story = re.search(r'href="(/features/[^"/]+/)"', ask(running, "/features/").body)[1]
    warm(running, story, "/features/", "/pages/law/", "/faq/")
    for path in (story, "/pages/law/", "/faq/"):
        nonces = set()
        for answer in (ask(running, path), ask(running, path)):
            nonce = re.search(r"'nonce-([^']+)'", answer.headers["content-security-policy"])[1]
            assert set(re.findall(r'nonce="([^"]+)"', answer.body)) == {nonce}
            nonces.add(nonce)
        assert len(nonces) == 2
    sql(
        running, "UPDATE content_document SET live = jsonb_set(live, '{title,ja}', '\"新しい題\"')"
        f" WHERE slug = '{story.split('/')[2]}'",
    )  # fmt: skip
    seen_within_a_second(running, story, "新しい題")
    seen_within_a_second(running, "/features/", "新しい題")


def test_a_coordinate_is_kept_and_told(running: Running) -> None:
    look = re.search(r'href="(/coordinates/\d+/)"', ask(running, "/coordinates/").body)[1]
    page = ask(running, look).body
    goods = re.search(r'class="piece__words"><h3><a href="/items/([^"/]+)/', page)[1]
    staff = re.search(r'href="(/staff/[^"/]+/)"', ask(running, "/staff/").body)[1]
    lists = ("/coordinates/", "/coordinates/?height=160", staff)
    warm(running, look, *lists)
    sql(
        running, "UPDATE catalogue_sku SET price_yen = 8765, list_price_yen = NULL WHERE"
        f" product_id = (SELECT id FROM catalogue_product WHERE slug = '{goods}')",
    )  # fmt: skip
    seen_within_a_second(running, look, "¥8,765")
    assert {a.how for a in in_both(running, staff).values()} == {"hit"}  # shows no price
    warm(running, look, *lists)
    number = look.split("/")[2]
    sql(
        running, "UPDATE coordinates_coordinate SET title = '{\"ja\": \"まちの題\"}'"
        f" WHERE number = {number}",
    )  # fmt: skip
    seen_within_a_second(running, look, "まちの題")
    seen_within_a_second(running, "/coordinates/", "まちの題")
    own = {"Origin": f"http://{HOST}:{running.port}", "Sec_Fetch_Site": "same-origin"}
    for path, body, back in (
        ("/favourites/keep/", f"coordinate={number}", look), (f"{staff}follow/", "", staff),
    ):  # fmt: skip
        warm(running, back)
        cookie = ask(running, path, "POST", body or "x=1", **own).headers["set-cookie"]
        mine = ask(running, back, Cookie=cookie.partition(";")[0])
        assert (mine.how, "★" in mine.body) == ("hit", True)
        assert "★" not in ask(running, back).body
    piece, sku = re.search(
        r'name="sku-([^"]+)".*?<option value="([^"]{36})"(?! disabled)', page, re.S
    ).groups()
    chosen = f"pick-{piece}=1&sku-{piece}={sku}"
    assert ask(running, f"{look}cart/", "POST", chosen).status == 403
    assert ask(running, f"{look}cart/", "POST", chosen, **own).headers["location"] == "/cart/"


def test_a_former_address_leads_on(running: Running) -> None:
    warm(running, COAT)
    slug = "UPDATE catalogue_product SET slug = '{}' WHERE slug = '{}'"
    sql(running, slug.format("long-coat", "chesterfield-coat"))
    until, found = time.monotonic() + 1.0, {}
    while len(found) < 2:  # in neither process is the old page shown
        answer = ask(running, COAT)
        if answer.status == 301:
            assert answer.headers["location"] == "/items/long-coat/"
            found[answer.process] = True
        assert time.monotonic() < until
    sql(running, slug.format("chesterfield-coat", "long-coat"))
    warm(running, COAT)


def test_publication_ends_and_begins(running: Running) -> None:
    warm(running, TEE, "/items/")
    sql(running, f"UPDATE catalogue_product SET published_until = now() WHERE id = {SLUG}")
    until = time.monotonic() + 1.0
    while any(answer.status != 404 for answer in (ask(running, TEE), ask(running, TEE))):
        assert time.monotonic() < until
    sql(
        running, "UPDATE catalogue_product SET published_until = NULL,"
        f" published_from = now() + interval '3 seconds' WHERE id = {SLUG}",
    )  # fmt: skip
    page = ask(running, "/items/")
    assert "dense-jersey-tee" not in page.body
    time.sleep(3.0)  # by the clock alone: nothing tells anybody
    seen_within_a_second(running, "/items/", "dense-jersey-tee")


def settled(up: Running) -> None:
    """The worker has followed the clock, and no page is left that was made before it had."""
    waiting = (
        "SELECT (SELECT count(*) FROM search_goods WHERE changes_at <= now())"
        " + (SELECT count(*) FROM search_dirty)"
    )

    def none() -> bool:
        with psycopg.connect(up.instance.cluster.superuser_url()) as connection:
            return connection.execute(waiting).fetchone() == (0,)

    wait_until(none)
    time.sleep(LATE_S + 0.1)


def test_pieces_that_change_no_word_drop_nothing(running: Running) -> None:
    settled(running)
    sql(
        running, "UPDATE inventory_stock SET on_hand = allocated + held + 50 WHERE sku_id IN"
        f" ({SKU.format('chesterfield-coat')})",
    )  # fmt: skip
    warm(running, COAT)
    sql(
        running, "UPDATE inventory_stock SET on_hand = on_hand - 1 WHERE sku_id IN"
        f" ({SKU.format('chesterfield-coat')})",
    )  # fmt: skip
    time.sleep(0.5)
    assert {answer.how for answer in in_both(running, COAT).values()} == {"hit"}


def test_the_same_headers_and_a_nonce_of_its_own(running: Running) -> None:
    warm(running, TEE)
    kept, again = ask(running, TEE), ask(running, TEE)
    anew = ask(running, f"{TEE}?anew=1")
    assert (kept.how, anew.how) == ("hit", "pass")
    own = {"content-security-policy", "x-page", "date", "content-length", "vary"}
    assert {k: v for k, v in kept.headers.items() if k not in own} == {
        k: v for k, v in anew.headers.items() if k not in own
    }
    nonces = []
    for answer in (kept, again, anew):
        policy = answer.headers["content-security-policy"]
        nonce = re.search(r"'nonce-([^']+)'", policy)[1]
        assert set(re.findall(r'nonce="([^"]+)"', answer.body)) == {nonce}
        nonces.append((nonce, policy.replace(nonce, "")))
    assert len({nonce for nonce, _ in nonces}) == 3
    assert len({policy for _, policy in nonces}) == 1
    assert "set-cookie" not in kept.headers


def test_holes_are_filled_for_whom_they_are(running: Running) -> None:
    warm(running, TEE)
    sku = re.search(r'name="sku" value="([^"]+)"', ask(running, TEE).body)[1]
    own = {"Origin": f"http://{HOST}:{running.port}", "Sec_Fetch_Site": "same-origin"}
    added = ask(running, "/cart/add/", "POST", f"sku={sku}&quantity=1", **own)
    assert added.status == 302
    cookie = added.headers["set-cookie"].partition(";")[0]
    mine = ask(running, TEE, Cookie=cookie)
    assert mine.how == "hit"
    assert '<span class="badge number" id="cart-count">1</span>' in mine.body
    assert 'id="cart-count" hidden' in ask(running, TEE).body
    liked = ask(running, "/favourites/set/", "POST", "product=dense-jersey-tee", **own)
    heart = liked.headers["set-cookie"].partition(";")[0]
    assert "★" in ask(running, TEE, Cookie=heart).body
    assert "★" not in ask(running, TEE).body
    place = ask(
        running, "/place/", "POST", "prefecture=京都府&next=/".encode().decode("latin-1"), **own
    )
    assert place.status == 302


def test_another_origin_is_refused(running: Running) -> None:
    warm(running, TEE)
    sku = re.search(r'name="sku" value="([^"]+)"', ask(running, TEE).body)[1]
    body = f"sku={sku}&quantity=1"
    for said in (
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site", "Origin": f"http://desk.{HOST}:{running.port + 1}"}, {},
    ):  # fmt: skip
        answer = ask(running, "/cart/add/", "POST", body, **said)
        assert answer.status == 403, said
    # A view that is not marked wants its token, whatever the origin.
    own = {"Origin": f"http://{HOST}:{running.port}", "Sec_Fetch_Site": "same-origin"}
    assert ask(running, "/cart/set/", "POST", body, **own).status == 403


def test_methods_and_bodies_stop_at_the_door_first(running: Running) -> None:
    warm(running, TEE)
    assert ask(running, TEE, "PUT").status == 405
    assert ask(running, TEE, "POST", "a=1", Origin=f"http://{HOST}:{running.port}").status == 405
    assert ask(running, TEE, Transfer_Encoding="chunked").status in (400, 411)
    assert ask(running, TEE, "HEAD").body == ""


def test_a_lost_listener_empties_the_store(running: Running) -> None:
    warm(running, TEE, COAT)
    sql(
        running, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = 'ls_shop' AND query IN ('SELECT 1', 'LISTEN lockstitch_page')",
    )  # fmt: skip
    anew: set[str] = set()  # the next look at either may find what was kept since

    def both_made_it_anew() -> bool:
        answer = ask(running, COAT)
        if answer.how != "hit":
            anew.add(answer.process)
        return len(anew) == 2

    wait_until(both_made_it_anew, 5)
    warm(running, COAT)

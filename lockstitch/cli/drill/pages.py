"""S15 and S16: scripts through a form, and pages that somebody changed."""

import re
import time
from pathlib import Path
from urllib.parse import urlsplit

from lockstitch.cli.browser import BrowserError, browser
from lockstitch.cli.drill.ground import Ground
from lockstitch.cli.drill.report import Stage
from lockstitch.cli.drill.visitor import NoFormError, Visitor
from lockstitch.cli.monitor import snapshot, tell

PAYLOADS = (
    "<script>DRILL()</script>", "<img src=x onerror=DRILL()>", '"><svg onload=DRILL()>',
    "{{7*7}}{% debug %}", "javascript:DRILL()", "=HYPERLINK(\"http://drill.invalid\")",
)  # fmt: skip
TYPED = ("given_name", "city", "street", "building", "note")
RAW = re.compile(r"<(?:script|img|svg)[^>]*(?:DRILL|onerror|onload)", re.I)
STRICT = ("script-src 'nonce-", "object-src 'none'", "base-uri 'none'", "require-trusted-types-for")


def forms(ground: Ground, stage: Stage) -> None:
    """S15: a shopper writes scripts wherever a shopper may; then every view of the operator."""
    numbers: list[str] = []

    def order(number: int) -> None:
        fields = ground.person(90_000 + number) | dict.fromkeys(TYPED, PAYLOADS[number])
        fields |= {"postal_code": "1500001", "prefecture": "東京都"}
        try:
            numbers.append(buy(ground, ground.visitor(15, number + 1), fields))
        except NoFormError as other:
            stage.leaked(f"no order could be placed: {other}")

    stage.expect("input.script", lambda: order(0))
    for number in range(1, len(PAYLOADS)):
        order(number)
    viewer = ground.visitor(15, 100)
    ground.sign_in("reader", viewer)
    for placed in numbers:
        _view(ground, stage, viewer, placed)
    stage.note(f"{len(numbers)} orders with scripts in five fields each")
    stage.allowed = len(stage.disclosed)  # their own writer's, opened by the drill


def _view(ground: Ground, stage: Stage, viewer: Visitor, number: str) -> None:
    console = ground.instance.shop_url("console.localhost").rstrip("/")
    pages = [
        viewer.get(f"{console}/s/{ground.site.slug}/orders/"),
        viewer.get(f"{console}/s/{ground.site.slug}/orders/{number}/"),
    ]
    frame = ground.console_desk(f"/s/{ground.site.slug}/orders/{number}/reveal/")
    shown = viewer.submit(viewer.get(frame).form(having="purpose"), purpose="order.check")
    if ground.finds(shown.text.encode()):  # an honest look, of which the assessment has to know
        stage.disclosed.add(ground.person_of(number))
    else:
        stage.leaked(f"the frame of {number} shows nothing ({shown.status})")
    for page in [*pages, shown]:
        is_plain = RAW.search(page.text) is None and "49{%" not in page.text
        stage.check(page.url, is_stopped=is_plain, by="escaped, as text")
    jar = viewer.jars["desk.console.localhost"]
    cookies = {"Cookie": "; ".join(f"{k}={v}" for k, v in jar.items())}
    _status, headers, _body = viewer.ask("GET", frame, headers=cookies)
    policy = headers.get("content-security-policy", "")
    missing = [word for word in STRICT if word not in policy]
    stage.check(f"a policy without {missing or 'holes'}", is_stopped=not missing,
                by="CSP with nonces, Trusted Types")  # fmt: skip


def buy(ground: Ground, visitor: Visitor, fields: dict[str, str]) -> str:
    """The number of an order placed at the real pages. Raises NoFormError."""
    links = [each for each in visitor.get(ground.shop()).links if "/items/" in each]
    for link in dict.fromkeys(links):
        page = visitor.get(link)
        try:
            form = page.form("/cart/add/")
        except NoFormError:
            continue
        if skus := form.choices.get("sku"):
            cart = visitor.submit(form, sku=skus[0], quantity="1")
            break
    else:
        raise NoFormError("nothing is on sale")
    contact = visitor.submit(cart.form("/checkout/"))
    delivery = visitor.submit(contact.form(having="family_name"), **fields)
    confirm = visitor.submit(delivery.form(having="delivery_slot"), method="cod")
    placed = visitor.submit(confirm.form(having="total"))
    found = re.search(r"\d{6}-[0-9A-Z]{6}", placed.text)
    if found is None:
        raise NoFormError(f"not placed: {placed.status} {placed.url}")
    return found.group()


def tampering(ground: Ground, stage: Stage) -> None:
    """S16: the right to write where scripts lie. The page where people sign in loads one."""
    page = ground.desk("/sign-in/")
    visitor = ground.visitor(16)
    script = re.search(r'<script[^>]+src="(/[^"]+)"', visitor.get(page).text)
    folder = ground.instance.data / "static" / "desk"
    if script is None:
        stage.leaked("the page has no script to change")
        return
    path = folder / urlsplit(script.group(1)).path.removeprefix("/static/")
    kept = {each: each.read_bytes() for each in (path, path.with_name(f"{path.name}.gz"))}
    try:
        with browser() as window:
            before = snapshot(window.look(page))
            try:
                stage.expect("file.changed", lambda: _change(kept), about=f"%{path.name}%")
                if snapshot(window.look(page)) == before:
                    stage.stopped("serve the changed script", "files are read at the start")
                ground.restart("desk")
                at, began = stage.now(), time.perf_counter()
                after = snapshot(window.look(page))
                parts = [part for part in after if after[part] != before[part]]
                if parts:
                    tell(ground.instance, "drill/sign-in", ground.site.id, parts)
                stage.see("page.changed", at, began, about="drill/sign-in", within="D3")
            finally:
                _restore(kept)
                ground.restart("desk")
    except BrowserError as error:
        stage.note(f"no browser here, the page monitor was not tried: {error}")
    policy = visitor.ask("GET", page)[1].get("content-security-policy", "")
    for word in ("form-action", "connect-src", "script-src 'nonce-"):
        stage.check(f"a page without {word}", is_stopped=word in policy, by="CSP")


def _change(kept: dict[Path, bytes]) -> None:
    for path, data in kept.items():
        if path.suffix == ".gz":  # else it would be served in place of the changed one
            path.unlink()
        else:
            path.write_bytes(f"/* DRILL {time.time_ns()} */\n".encode() + data)


def _restore(kept: dict[Path, bytes]) -> None:
    for path, data in kept.items():
        path.write_bytes(data)

"""`lockstitch monitor`: looks at the pages where people type, as a visitor's browser gets them, and
raises an alert when a script, a form's address or a security header is not as it was approved."""

import json
import re
import time
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import click
import psycopg

from lockstitch.cli.browser import Browser, BrowserError, browser
from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import say
from lockstitch.cli.shops import on_sale, visit

if TYPE_CHECKING:
    from lockstitch.tenancy.queries import Site

HEADERS = (
    "content-security-policy", "strict-transport-security", "referrer-policy",
    "cross-origin-opener-policy", "permissions-policy", "x-content-type-options", "x-frame-options",
)  # fmt: skip
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NONCE = re.compile(r"'nonce-[^']+'")

type Snapshot = dict[str, Any]


@click.command()
@click.option("--approve", is_flag=True, help="What is there now is right: remember it.")
@click.option("--once", is_flag=True, help="One round; exit code 1 when something differs.")
@click.option("--every", default=60.0, show_default=True, help="Seconds between two rounds.")
@click.pass_obj
def monitor(instance: Instance, *, approve: bool, once: bool, every: float) -> None:
    """Watches the pages where people type, in a real browser.

    Sign-in, contact and payment of each shop, and the console's sign-in: their scripts with their
    hashes, where their forms go, what they frame, and their headers. After a change of your own:

      lockstitch monitor --approve
    """
    setup(instance)
    kept = instance.data / "guard" / "pages.json"
    if not approve and not kept.exists():
        raise click.ClickException("nothing is approved yet: lockstitch monitor --approve")
    try:
        with browser() as window:
            if approve:
                found = _round(instance, window)
                kept.write_text(json.dumps({name: shot for name, _, shot in found}, indent=1))
                say(f"{len(found)} pages are approved.")
                return
            while True:
                differs = _compare(instance, window, json.loads(kept.read_text()))
                if once:
                    raise click.exceptions.Exit(1 if differs else 0)
                time.sleep(every)
    except BrowserError as error:
        raise click.ClickException(str(error)) from None


def _compare(instance: Instance, window: Browser, approved: dict[str, Snapshot]) -> bool:
    """Tells the watch of each page that is not as approved. Whether there was one."""
    differs = False
    for name, site_id, shot in _round(instance, window):
        was = approved.get(name, {})
        parts = [part for part in shot if shot[part] != was.get(part)]
        if parts:
            differs = True
            say(f"{name}: {', '.join(parts)}")
            tell(instance, name, site_id, parts)
    return differs


def tell(instance: Instance, name: str, site_id: UUID | None, parts: list[str]) -> None:
    with psycopg.connect(instance.cluster.url("ls_owner"), autocommit=True) as db:
        db.execute(
            "INSERT INTO guard.signal (kind, site_id, source, detail)"
            " VALUES ('page', %s, 'monitor', %s)",
            [site_id, json.dumps({"page": name, "what": ", ".join(parts)})],
        )


def _round(instance: Instance, window: Browser) -> list[tuple[str, UUID | None, Snapshot]]:
    from lockstitch.tenancy.queries import all_sites
    from lockstitch.tenancy.scope import scope

    console = instance.desk_url("console.localhost")
    found: list[tuple[str, UUID | None, Snapshot]] = [
        ("console/sign-in", None, snapshot(window.look(f"{console}sign-in/")))
    ]
    for site in all_sites():
        with scope(site.id):
            pages = _pages(instance, window, site)
        found += [
            (f"{site.slug}/{name}", site.id, snapshot(window.look(url)))
            for name, url in pages.items()
        ]
    return found


def _pages(instance: Instance, window: Browser, site: "Site") -> dict[str, str]:
    """Their addresses; a cart and a checkout of the monitor's own lead to the later ones."""
    desk, shop = instance.desk_url(site.hosts[0]), instance.shop_url(site.hosts[0])
    pages = {"sign-in": f"{desk}sign-in/"}
    if (visit := _checkout(instance, site)) is not None:
        checkout_id, token = visit
        window.cookie(shop, "cart", token)
        pages |= {
            "contact": f"{desk}contact/{checkout_id}/", "payment": f"{shop}checkout/{checkout_id}/",
        }  # fmt: skip
    return pages


def _checkout(instance: Instance, site: "Site") -> tuple[UUID, str] | None:
    """The same one each time, while it lasts; None when nothing is on sale."""
    from lockstitch.checkout import actions as checkout
    from lockstitch.checkout.queries import find_checkout

    kept = instance.data / "guard" / f"monitor-{site.slug}"
    if kept.exists():
        known, token = kept.read_text().split()
        if (found := find_checkout(UUID(known))) is not None and found.placed_at is None:
            return found.id, token
    sku = next(iter(on_sale()), None)
    if sku is None:
        return None
    made, token = visit(sku)
    checkout.keep_contact(
        made.id, record_id=uuid4(), buyer_hint="監＊ ＊＊", prefecture="東京都", postal_zone="150"
    )
    kept.write_text(f"{made.id} {token}")
    return made.id, token


def snapshot(seen: dict[str, Any]) -> Snapshot:
    """What must not change without being approved, without what changes each time."""
    return {
        "status": seen["status"],
        "scripts": sorted([_same(src), text.strip()] for src, text in seen["scripts"]),
        "loaded": {_same(url): found for url, found in sorted(seen["loaded"].items())},
        "forms": sorted({f"{method} {_same(action)}" for action, method in seen["forms"]}),
        "frames": sorted(map(_same, seen["frames"])),
        "headers": {name: _same(seen["headers"].get(name, "")) for name in HEADERS},
    }


def _same(text: str) -> str:
    return NONCE.sub("'nonce'", ID.sub("<id>", text))

"""A small world for tests: a site, a product, a checkout that is ready to be placed."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from uuid import UUID, uuid4
from zlib import crc32

from django.db import connection, connections

from lockstitch.catalogue.actions import NewColour, NewProduct, NewSku
from lockstitch.catalogue.rules import in_store_gtin
from lockstitch.checkout import actions as checkout
from lockstitch.checkout.filling import add_to_cart
from lockstitch.checkout.queries import find_cart, find_checkout, show_checkout
from lockstitch.inventory.intake import take_in
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.orders.actions import By
from lockstitch.orders.queries import Order
from lockstitch.pricing.actions import set_terms
from lockstitch.tenancy.actions import open_company, open_site
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope

_number = count(1)
OPERATOR = By("operator", UUID(int=7))
TRACKING = f"12345678901{12345678901 % 7}"
COD_FEES = [[9_999, 330], [99_999, 660]]


def new_site(slug: str = "") -> Site:
    slug = slug or f"site-{next(_number)}"
    company = open_company(name=f"Company of {slug}")
    site = open_site(
        company_id=company.id, slug=slug, name=f"Shop {slug}", hosts=[f"{slug}.localhost"],
        mail_from=f"shop@{slug}.example",
    )  # fmt: skip
    with scope(site.id):
        set_terms(cod_fees=COD_FEES)
    return site


def _gtin(code: str) -> str:
    return in_store_gtin(crc32(code.encode()))


def new_product(*, stock: int = 10, price_yen: int = 4_400, slug: str = "shirt") -> list[UUID]:
    """A product of two colours in two sizes, on sale; returns its four SKUs."""
    product = NewProduct(
        slug=slug, item_number=slug.upper(), name={"ja": "シャツ", "en": "Shirt"},
        colours=[
            NewColour("white", {"ja": "白", "en": "White"}), NewColour("navy", {"ja": "紺"}),
        ],
        sizes=[("S", "S"), ("M", "M")],
        skus=[
            NewSku(c, s, code := f"{slug}-{c}-{s}", price_yen, gtin=_gtin(code))
            for c in ("white", "navy")
            for s in ("S", "M")
        ],
        published=now(), category="tops", category_name={"ja": "トップス", "en": "Tops"},
    )  # fmt: skip
    take_in([product], {sku.code: stock for sku in product.skus})
    from lockstitch.catalogue.queries import find_product

    view = find_product(slug)
    assert view is not None
    return [cell.sku.id for colour in view.colours for cell in colour.cells if cell.sku]


def ready_checkout(pieces: dict[UUID, int], *, method: str = "cod") -> tuple[UUID, int]:
    """(checkout, the total that its buyer was shown)."""
    token = new_token()
    for sku, quantity in pieces.items():
        add_to_cart(token, sku, quantity)
    return ready_with(token, method=method)


def ready_with(
    token: str, *, member: UUID | None = None, method: str = "cod"
) -> tuple[UUID, int]:  # fmt: skip
    """The same of a cart that is filled."""
    cart = find_cart(token)
    assert cart is not None
    made = checkout.begin_checkout(cart, member_id=member, language="ja")
    checkout.keep_contact(
        made.id, record_id=uuid4(), buyer_hint="山＊ ＊＊", prefecture="東京都", postal_zone="150"
    )
    checkout.choose_method(made.id, method)
    shown = find_checkout(made.id)
    assert shown is not None
    return made.id, show_checkout(shown).quote.total_yen


def place_at_once(
    site: Site, ready: Sequence[tuple[UUID, int]]
) -> tuple[list[Order], list[Refused]]:  # fmt: skip
    """All these checkouts, each with a connection of its own and at one moment: what was placed,
    and what was refused."""
    start = threading.Barrier(len(ready))

    def place(pair: tuple[UUID, int]) -> Order | Refused:
        try:
            start.wait(60)
            with scope(site.id):
                return checkout.place(pair[0], shown_total_yen=pair[1])
        except Refused as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(ready)) as pool:
        found = list(pool.map(place, ready))
    placed = [each for each in found if not isinstance(each, Refused)]
    return placed, [each for each in found if isinstance(each, Refused)]


def placed_order(pieces: dict[UUID, int], *, method: str = "cod") -> Order:
    checkout_id, total = ready_checkout(pieces, method=method)
    return checkout.place(checkout_id, shown_total_yen=total)


def guard_session() -> UUID:
    """Of somebody who is signed in at the guard."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guard.principal (principal_id, kind, scope, login_index, handle, sealed,"
            " state) VALUES (uuidv7(), 'staff', uuidv7(), sha256(uuid_send(uuidv7())), 'x', '',"
            " 'active') RETURNING principal_id"
        )
        cursor.execute(
            "INSERT INTO guard.session (token_hash, principal_id, address, agent, expires_at)"
            " VALUES (sha256(uuid_send(uuidv7())), %s, '', '', now() + interval '1 hour')"
            " RETURNING session_id",
            cursor.fetchone(),
        )
        [session_id] = cursor.fetchone() or [None]
    assert isinstance(session_id, UUID)
    return session_id

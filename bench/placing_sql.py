"""The statements of one placing, as a script of pgbench: the database's own limit for it.

The real action is run once with its SQL written down; then what is its own (order, checkout, cart,
numbers) becomes a variable, so that each run of the script places another prepared checkout.
"""

import re
import uuid
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lockstitch.checkout import actions as checkout
from lockstitch.checkout.models import Cart, CartLine, Checkout
from lockstitch.checkout.queries import find_checkout, show_checkout
from lockstitch.kernel.ids import digest

TABLE = "bench_ready"


def ready(skus: list[UUID], count: int) -> list[tuple[UUID, UUID]]:
    """So many checkouts before their last button: (checkout, cart)."""
    carts = Cart.objects.bulk_create(
        Cart.here(token_digest=digest(f"bench-{uuid.uuid4()}")) for _n in range(count)
    )
    CartLine.objects.bulk_create(
        CartLine.here(cart=cart, sku_id=skus[0], quantity=1, price_seen_yen=0) for cart in carts
    )
    made = Checkout.objects.bulk_create(
        Checkout.here(
            cart=cart, record_id=uuid.uuid4(), buyer_hint="山＊ ＊＊", prefecture="東京都",
            postal_zone="150", method="cod",
        )
        for cart in carts
    )  # fmt: skip
    return [(each.pk, each.cart_id) for each in made]


def script(checkout_id: UUID, cart_id: UUID, path: Path) -> int:
    """Places this one, writes the script to `path`; how many statements it has."""
    found = find_checkout(checkout_id)
    assert found
    total = show_checkout(found).quote.total_yen
    with CaptureQueriesContext(connection) as asked:
        order = checkout.place(checkout_id, shown_total_yen=total)
    lines = [
        f"SELECT checkout_id AS checkout, cart_id AS cart FROM {TABLE}"
        f" WHERE n = (SELECT nextval('{TABLE}_next')) \\gset",
        "\\set number random(1, 1000000000000)",
    ]
    for query in asked.captured_queries:
        sql = query["sql"].strip()
        sql = _with(sql, found.record_id, "gen_random_uuid()")
        sql = _with(sql, checkout_id, "':checkout'::uuid")
        sql = _with(sql, cart_id, "':cart'::uuid")
        sql = sql.replace(f"'{order.number}'", "'B' || :number")
        if sql.startswith('INSERT INTO "orders_order" '):
            sql = re.sub(r'RETURNING "orders_order"."id"', "RETURNING id AS order_id", sql)
            lines.append(_one_line(sql) + " \\gset")
            continue
        sql = _with(sql, order.pk, "':order_id'::uuid")
        sql = sql.replace(str(order.pk), ":order_id")
        lines.append(_one_line(sql) + ";")
    path.write_text("\n".join(lines) + "\n")
    return len(asked.captured_queries)


def _with(sql: str, key: UUID | None, new: str) -> str:
    """Every way in which the driver writes a key, replaced."""
    if key is None:
        return sql
    for text in (f"'{key.hex}'::uuid", f"'{key}'::uuid", f"'{key.hex}'", f"'{key}'"):
        sql = sql.replace(text, new)
    return sql


def _one_line(sql: str) -> str:
    return " ".join(sql.split())

"""Orders that were placed elsewhere, long ago: set-based, with a sealed record each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from uuid import UUID, uuid4

import psycopg
from django.db import transaction

from guard.client import seal
from lockstitch.catalogue.models import Sku
from lockstitch.cli.instance import Instance
from lockstitch.cli.progress import Advance
from lockstitch.cli.world.people import hint, person
from lockstitch.cli.world.preset import SitePlan, buyer_of, placed_at
from lockstitch.kernel.money import included_tax
from lockstitch.orders.models import Destination, Order, OrderEvent, OrderLine
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope

BATCH = 500
TAX_BP = 1_000
_DEPOSIT = """INSERT INTO guard.inbox
    (record_id, site_id, kind, key_id, suite, sealed, source, deposited_at)
    VALUES (%s, %s, 'order', %s, %s, %s, 'desk', %s) ON CONFLICT DO NOTHING"""


@dataclass(frozen=True)
class Past:
    """An order that was placed long ago: `place` of it in its shop's row, and whose it is."""

    place: int
    number: str
    at: datetime
    fields: Mapping[str, str]


def take_in(instance: Instance, site: Site, plan: SitePlan, advance: Advance) -> None:
    """A repeat goes on after the last whole batch. They move no stock and no money: history."""
    with scope(site.id):
        there = Order.objects.filter(channel="import").count()
    for batch in batched(range(there, plan.orders), BATCH, strict=False):
        write(instance, site, [_past(plan, number) for number in batch])
        advance(batch[-1] + 1, plan.orders)


def _past(plan: SitePlan, place: int) -> Past:
    at = placed_at(place, plan.orders)
    fields = person(plan.slug, buyer_of(place, plan.orders, plan.buyers))
    note = {"note": "ギフト用の箱に入れてください。"} if place % 9 == 0 else {}
    return Past(place, f"{at:%y%m%d}-{place:06}", at, {**fields, **note})


def write(instance: Instance, site: Site, past: Sequence[Past]) -> list[UUID]:
    """Their records' ids. The shop's half first: else there is a person without an order."""
    records = [uuid4() for _order in past]
    with scope(site.id), transaction.atomic():
        _write(past, records)
        _deposit(instance, site, past, records)
    return records


def _write(past: Sequence[Past], records: Sequence[UUID]) -> None:
    skus = list(Sku.objects.select_related("product", "colour").order_by("code"))
    orders, places, lines, events = [], [], [], []
    for each, record in zip(past, records, strict=True):
        fields, sku = each.fields, skus[each.place % len(skus)]
        quantity = 1 + each.place % 2
        items = sku.price_yen * quantity
        where = {
            "prefecture": fields["prefecture"], "postal_zone": fields["postal_code"][:3],
        }  # fmt: skip
        order = Order.here(
            id=uuid4(), number=each.number, checkout_id=uuid4(), record_id=record,
            buyer_hint=hint(fields), channel="import", method="transfer", items_yen=items,
            shipping_yen=0, fee_yen=0, total_yen=items, status="completed", payment="captured",
            taxes={str(TAX_BP): included_tax(items, TAX_BP)}, fulfilment="delivered",
            placed_at=each.at, **where,
        )  # fmt: skip
        orders.append(order)
        places.append(
            Destination.here(order=order, record_id=record, hint=order.buyer_hint, **where)
        )
        lines.append(
            OrderLine.here(
                order=order, position=1, sku_id=sku.pk, product_id=sku.product_id,
                sku_code=sku.code, name=sku.product.name, colour=sku.colour.name, size=sku.size,
                unit_price_yen=sku.price_yen, quantity=quantity, tax_rate_bp=TAX_BP,
                total_yen=items, net_yen=items, shipped=quantity,
            )
        )  # fmt: skip
        events.append(OrderEvent.here(order=order, kind="placed", by_kind="system", at=each.at))
    for model, rows in (
        (Order, orders), (Destination, places), (OrderLine, lines), (OrderEvent, events)
    ):  # fmt: skip
        model.objects.bulk_create(rows)


def _deposit(instance: Instance, site: Site, past: Sequence[Past], records: Sequence[UUID]) -> None:
    """As the desk does it, with the role and to the key that the desk has."""
    with psycopg.connect(instance.cluster.url("ls_desk")) as db:
        db.execute("SELECT set_config('lockstitch.site_ids', %s, true)", [str(site.id)])
        row = db.execute(
            "SELECT key_id, suite, public_key FROM guard.site_public_key WHERE site_id = %s"
            " AND retired_at IS NULL ORDER BY key_id DESC LIMIT 1", [site.id],
        ).fetchone()  # fmt: skip
        if row is None:
            raise LookupError(f"{site.slug} has no key")
        key_id, suite, public = row
        rows = []
        for each, record in zip(past, records, strict=True):
            sealed = seal(
                bytes(public), suite, site_id=site.id, record_id=record, kind="order",
                key_id=key_id, fields=dict(each.fields),
            )  # fmt: skip
            rows.append([record, site.id, key_id, suite, sealed, each.at])
        with db.cursor() as cursor:
            cursor.executemany(_DEPOSIT, rows)

"""What always holds of a site, whatever was done to it. Used by the random lives of orders, and
by the runs with killed processes."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from lockstitch.accounting import queries as books
from lockstitch.accounting.actions import post
from lockstitch.inventory import queries as stock
from lockstitch.inventory.grid import stock as counted
from lockstitch.members import queries as members
from lockstitch.orders.models import Order, OrderLine, Reduction
from lockstitch.orders.rules import tax_of
from lockstitch.payments.models import Payment, ProviderCall
from lockstitch.returns.models import ReturnLine
from lockstitch.tenancy.scope import current_site_id


def check(initial: Mapping[UUID, int], fakes: Mapping[str, Any], *, settled: bool = False) -> None:
    """`initial`: SKU -> pieces at the start. `settled`: nothing is under way at a provider."""
    assert stock.disagreements() == []
    assert members.disagreements() == []
    orders = list(Order.objects.prefetch_related("lines"))
    payments = {p.order_id: p for p in Payment.objects.all()}
    _goods(initial, orders)
    for order in orders:
        _sums(order)
        _owed(order, payments[order.pk])
        _at_the_provider(order, payments[order.pk], fakes, settled=settled)
        if settled:
            _settled(order, payments[order.pk])
    post()
    assert books.disagreements() == []
    assert sum(row.yen for row in books.trial_balance()) == 0
    assert _told_to_the_watch() == []


def _told_to_the_watch() -> list[Any]:
    """No daily work looks like a state that was flipped, or like money that nobody took."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, detail FROM guard.signal WHERE site_id = %s"
            " AND kind IN ('state', 'capture')", [current_site_id()],
        )  # fmt: skip
        return cursor.fetchall()


def _goods(initial: Mapping[UUID, int], orders: list[Order]) -> None:
    """Stock is what was there, less what is with buyers or written off; promises are what is open
    in live orders and put aside for returns."""
    away: Counter[UUID] = Counter()
    promised: Counter[UUID] = Counter()
    for order in orders:
        for line in order.current_lines:
            away[line.sku_id] += line.kept
            if order.status in ("pending", "placed", "completed"):
                promised[line.sku_id] += line.open
    for row in ReturnLine.objects.select_related("line", "ret"):
        if row.disposition == "scrap":
            away[row.line.sku_id] += row.accepted or 0
        if row.wanted_sku_id and not row.exchanged and row.ret.state in ("asked", "approved"):
            promised[row.wanted_sku_id] += row.quantity
        if row.exchanged and row.ret.at_once and row.ret.state != "closed":
            away[row.line.sku_id] += row.quantity  # given up on paper, not here yet
    for sku, (on_hand, allocated) in counted(list(initial)).items():
        assert on_hand == initial[sku] - away[sku], (sku, on_hand, away[sku])
        assert allocated == promised[sku], (sku, allocated, promised[sku])


def _sums(order: Order) -> None:
    lines = order.current_lines
    assert sum(line.total_yen for line in lines) == order.items_yen
    assert sum(line.discount_yen for line in lines) == order.discount_yen
    given = Reduction.objects.filter(order=order, line__in=lines)
    charges = Reduction.objects.filter(order=order, line=None)
    reduced = sum(row.yen for row in given) + sum(row.yen for row in charges)
    if order.revision == 1:
        assert reduced == order.reduced_yen
    left = [line.net_yen - line.net_yen * line.given_back // line.quantity for line in lines]
    charges_left = order.charges_yen - sum(row.yen for row in charges)
    assert order.net_yen == sum(left) + charges_left
    _taxes(order, lines, left, charges_left)


def _taxes(order: Order, lines: list[OrderLine], left: list[int], charges_left: int) -> None:
    bases: Counter[int] = Counter({1000: charges_left})
    for line, yen in zip(lines, left, strict=True):
        bases[line.tax_rate_bp] += yen
    given: Counter[int] = Counter()
    for row in Reduction.objects.filter(order=order):
        if row.line is None or row.line.revision == order.revision:
            given.update({int(rate): tax for rate, tax in row.taxes.items()})
    now = {int(rate): tax - given[int(rate)] for rate, tax in order.taxes.items()}
    assert {r: t for r, t in now.items() if t} == {r: t for r, t in tax_of(bases).items() if t}


def _owed(order: Order, payment: Payment) -> None:
    owed = payment.amount_yen - payment.given_back_yen
    if order.status in ("cancelled", "lapsed") or order.payment == "void":
        assert owed == 0
    else:
        assert owed == order.money_yen, (order.number, owed, order.money_yen)


def _at_the_provider(
    order: Order, payment: Payment, fakes: Mapping[str, Any], *, settled: bool
) -> None:
    moved = [row for fake in fakes.values() for row in fake.journal(order=order.number)]
    captured = sum(row["yen"] for row in moved if row["kind"] == "captured")
    paid = sum(row["yen"] for row in moved if row["kind"] == "paid")
    refunded = sum(row["yen"] for row in moved if row["kind"] == "refunded")
    charges = [row for row in moved if row["kind"] in ("captured", "paid")]
    assert len(charges) <= 1, f"charged twice: {charges}"
    assert refunded <= captured + paid
    if settled:
        assert captured + paid == (payment.captured_yen if payment.provider else 0)
        assert refunded == (payment.refunded_yen if payment.provider else 0)


def _settled(order: Order, payment: Payment) -> None:
    """When all work is done, what was received less what was refunded is what the order says."""
    assert not ProviderCall.objects.filter(
        attempt__payment=payment, state__in=["pending", "unknown"]
    ).exists()
    held = payment.captured_yen - payment.refunded_yen
    if order.payment in ("captured", "refunded") and order.fulfilment in ("shipped", "delivered"):
        assert held == order.money_yen, (order.number, held, order.money_yen)
    if order.payment == "void":
        assert held == 0

"""Orders of several lines and recipients, and one row in every table of shipping."""

import datetime as dt
from itertools import count
from uuid import UUID, uuid4

from lockstitch.fulfilment import planning, terms
from lockstitch.fulfilment.papers.issuing import issue
from lockstitch.inventory.actions import move
from lockstitch.orders import actions as orders
from lockstitch.orders.models import Destination, Order, OrderLine
from lockstitch.payments import actions as payments
from tests import world

_numbers = count(10_000_000_001)


def tracking() -> str:
    """A number never used before."""
    number = next(_numbers)
    return f"{number}{number % 7}"


def order_of(
    lines: list[tuple[UUID, int, int, int]], *, method: str = "cod", points_yen: int = 0,
    shipping_yen: int = 0, pickup_at: UUID | None = None, rates: tuple[int, ...] = (1000,),
    wishes: dict[int, dict] | None = None, discount_yen: int = 0,
) -> Order:  # fmt: skip
    """An order as placing writes one: `lines` are (SKU, pieces, unit price, destination)."""
    items = sum(pieces * price for _, pieces, price, _ in lines)
    total = items - discount_yen + shipping_yen
    order = Order.here(
        checkout_id=uuid4(), record_id=uuid4(), buyer_hint="山＊ ＊＊", prefecture="東京都",
        postal_zone="150", method=method, items_yen=items, shipping_yen=shipping_yen, fee_yen=0,
        total_yen=total, points_yen=points_yen, discount_yen=discount_yen, taxes={},
    )  # fmt: skip
    written, left = [], discount_yen
    bases: dict[int, int] = {}
    for number, (sku, pieces, price, to) in enumerate(lines):
        share = min(left, pieces * price)
        left -= share
        rate = rates[number % len(rates)]
        bases[rate] = bases.get(rate, 0) + pieces * price - share
        written.append(
            OrderLine(
                sku_id=sku,
                sku_code=f"SKU-{number}",
                name={"ja": "シャツ", "en": "Shirt"},
                colour={"ja": "白", "en": "White"},
                size="M",
                unit_price_yen=price,
                quantity=pieces,
                tax_rate_bp=rate,
                total_yen=pieces * price,
                discount_yen=share,
                net_yen=pieces * price - share,
                destination=to,
            )  # fmt: skip
        )
    bases[1000] = bases.get(1000, 0) + shipping_yen
    order.taxes = {str(rate): base * rate // (10_000 + rate) for rate, base in bases.items()}
    people = [
        Destination(
            no=no, record_id=order.record_id if no == 1 else uuid4(), hint="山＊ ＊＊",
            prefecture="東京都", postal_zone="150",
            pickup_location_id=pickup_at, **(wishes or {}).get(no, {}),
        )
        for no in sorted({to for *_, to in lines})
    ]  # fmt: skip
    orders.write(order, written, people)
    wanted: dict[UUID, int] = {}
    for sku, pieces, _price, _to in lines:
        wanted[sku] = wanted.get(sku, 0) + pieces
    move(wanted, reason="allocate", reference=order.pk, at=pickup_at)
    payments.promise(order, bank_days=7)
    return order


def fill_parcels(order: Order, sku: UUID) -> None:
    """`order` was paid; a second one is planned."""
    terms.set_dispatch_terms(contents="衣料品")
    later = order_of([(sku, 1, 1_000, 1)])
    planning.plan_batch([later], carrier="yamato", ships_on=dt.date(2026, 12, 1), by=world.OPERATOR)
    issue(order, "receipt", by=world.OPERATOR)

"""Rules over orders: money that was taken for goods that do not leave (how 2016 came to light)."""

from datetime import UTC, datetime, timedelta

from guard.db import Db, every, one
from guard.watch.rules import Finding

EVERY = timedelta(seconds=30)
# Of a card the money is taken when the goods leave; other buyers pay first.
CARD_AFTER, OTHERS_AFTER = timedelta(minutes=2), timedelta(days=7)
LOOKED_AT = timedelta(days=60)
FOUND_MAX = 100

# Row policies hold for the guard too: it asks for all of its sites by name.
_SCOPE = """SELECT set_config('lockstitch.site_ids',
    (SELECT coalesce(string_agg(site_id::text, ','), '') FROM guard.site), true)"""
# What was promised for later is late after that: the end of the month, or the day it is made by.
_UNSHIPPED = """SELECT site_id, number, at FROM (
    SELECT o.site_id, o.number, o.method, o.charge, max(c.at) AS at, greatest(max(c.at), (
        SELECT max(greatest(l.ships_on::timestamptz, CASE WHEN l.preorder_month <> '' THEN
            to_date(left(l.preorder_month, 7), 'YYYY-MM') + interval '1 month' END))
        FROM public.orders_orderline l WHERE l.site_id = o.site_id AND l.order_id = o.id
        AND l.revision = o.revision)) AS due
    FROM public.orders_order o JOIN public.payments_payment p
        ON p.site_id = o.site_id AND p.order_id = o.id
    JOIN public.payments_capture c ON c.site_id = p.site_id AND c.payment_id = p.id
    WHERE o.status = 'placed' AND o.fulfilment = 'unshipped' AND o.payment = 'captured'
    GROUP BY o.site_id, o.id) AS one
    WHERE due >= %(from)s AND CASE WHEN method = 'card' AND charge = 'ship' THEN at <= %(card)s
        ELSE due <= %(others)s END
    ORDER BY at LIMIT %(most)s"""


class Trade:
    """Asked often, looks seldom: it is a sweep, the instant ones are triggers in the database."""

    def __init__(self) -> None:
        self._next = datetime.now(UTC)

    async def look(self, db: Db) -> list[Finding]:
        now = datetime.now(UTC)
        if now < self._next:
            return []
        self._next = now + EVERY
        tables = await one(db, "SELECT to_regclass('public.payments_capture') AS there")
        if not tables or tables["there"] is None:
            return []  # a guard on a database of its own
        await db.execute(_SCOPE)
        values = {
            "from": now - LOOKED_AT, "card": now - CARD_AFTER, "others": now - OTHERS_AFTER,
            "most": FOUND_MAX,
        }  # fmt: skip
        rows = await every(db, _UNSHIPPED, values)
        return [
            Finding("payment.unshipped", row["number"], row["at"], row["site_id"]) for row in rows
        ]

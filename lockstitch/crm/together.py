"""What is bought together: the goods that most often stand in one order, reckoned each night from
the orders themselves. Of two who bought both, nobody is named."""

import datetime as dt
from typing import Any

from django.db import connection

from lockstitch.crm.queries import COUNTED
from lockstitch.kernel.clock import now
from lockstitch.tenancy.scope import current_site_id

DAYS, TIMES, MOST = 180, 2, 8  # from so many orders on it is no chance

# What stays as it is is not written, so that its pages stay kept.
_RECKON = """WITH sold AS (
        SELECT DISTINCT l.order_id, l.product_id FROM orders_order o JOIN orders_orderline l
        ON l.site_id = o.site_id AND l.order_id = o.id AND l.revision = o.revision
        WHERE o.site_id = %(site)s AND o.placed_at >= %(since)s AND o.status = ANY(%(counted)s)
        AND NOT l.is_gift AND l.product_id IS NOT NULL
    ), pairs AS (
        SELECT a.product_id, b.product_id AS other_id, count(*) AS times FROM sold a
        JOIN sold b ON b.order_id = a.order_id AND b.product_id <> a.product_id
        GROUP BY 1, 2 HAVING count(*) >= %(times)s
    ), best AS (
        SELECT product_id, other_id, row_number() OVER (
            PARTITION BY product_id ORDER BY times DESC, other_id) - 1 AS position FROM pairs
    ), shown AS (
        SELECT b.* FROM best b JOIN catalogue_product p ON p.site_id = %(site)s
        AND p.id = b.product_id JOIN catalogue_product q ON q.site_id = %(site)s
        AND q.id = b.other_id WHERE b.position < %(most)s
    ), gone AS (
        DELETE FROM catalogue_pairing c WHERE c.site_id = %(site)s AND NOT EXISTS (
            SELECT FROM shown s WHERE s.product_id = c.product_id AND s.other_id = c.other_id)
    )
    INSERT INTO catalogue_pairing AS c (site_id, product_id, other_id, position)
    SELECT %(site)s, product_id, other_id, position FROM shown
    ON CONFLICT (site_id, product_id, other_id) DO UPDATE SET position = excluded.position
    WHERE c.position <> excluded.position"""


def reckon_together() -> None:
    """Each night; again changes nothing. One statement."""
    values: dict[str, Any] = {
        "site": current_site_id(), "since": now() - dt.timedelta(days=DAYS), "times": TIMES,
        "counted": list(COUNTED), "most": MOST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RECKON, values)

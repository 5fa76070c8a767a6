"""Rows of the first release: each order gets its destination, each line its sum and counters."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_parts")]

    operations = [
        migrations.RunSQL(
            """
            DROP TRIGGER IF EXISTS append_only ON orders_orderline;
            ALTER TABLE orders_order NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE orders_orderline NO FORCE ROW LEVEL SECURITY;
            INSERT INTO orders_destination (site_id, order_id, no, record_id, hint, prefecture,
                postal_zone, carrier, delivery_date, delivery_slot, wrapping, has_message,
                hides_prices)
            SELECT site_id, id, 1, record_id, buyer_hint, prefecture, postal_zone, '',
                delivery_date, delivery_slot, '', false, false FROM orders_order;
            UPDATE orders_orderline SET net_yen = total_yen;
            UPDATE orders_orderline l SET shipped = quantity FROM orders_order o
                WHERE o.site_id = l.site_id AND o.id = l.order_id AND o.fulfilment = 'shipped';
            UPDATE orders_orderline l SET cancelled = quantity FROM orders_order o
                WHERE o.site_id = l.site_id AND o.id = l.order_id AND o.status = 'cancelled';
            UPDATE orders_order SET reduced_yen = total_yen, money_back_yen = total_yen
                WHERE status = 'cancelled';
            """,
            migrations.RunSQL.noop,
        )
    ]

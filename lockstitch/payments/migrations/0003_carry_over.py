"""Rows of the first release: each payment gets the counters that its captures and order say."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_providers"), ("orders", "0003_carry_over")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE payments_payment NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE payments_capture NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE orders_order NO FORCE ROW LEVEL SECURITY;
            UPDATE payments_payment p SET captured_yen = c.amount_yen FROM payments_capture c
                WHERE c.site_id = p.site_id AND c.payment_id = p.id;
            UPDATE payments_payment p SET given_back_yen = p.amount_yen FROM orders_order o
                WHERE o.site_id = p.site_id AND o.id = p.order_id AND o.status = 'cancelled';
            """,
            migrations.RunSQL.noop,
        )
    ]

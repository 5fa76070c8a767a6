"""Rows of the first release: each shipment becomes the one parcel of its order."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0002_parcels"),
        ("inventory", "0004_places_are_known"),
        ("orders", "0004_rules"),
        ("payments", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE fulfilment_shipment NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE orders_order NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE orders_orderline NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE inventory_location NO FORCE ROW LEVEL SECURITY;
            INSERT INTO fulfilment_parcel (id, site_id, order_id, no, destination, location_id,
                revision, carrier, tracking_number, state, money_yen, tax_yen, code, by,
                planned_at, shipped_at)
            SELECT s.id, s.site_id, s.order_id, 1, 1, l.id, 1, s.carrier, s.tracking_number,
                'shipped', o.total_yen, 0, '', s.by, s.shipped_at, s.shipped_at
                FROM fulfilment_shipment s
                JOIN orders_order o ON o.site_id = s.site_id AND o.id = s.order_id
                JOIN inventory_location l ON l.site_id = s.site_id AND l.code = 'main';
            INSERT INTO fulfilment_parcelline (site_id, parcel_id, line_key, sku_id, quantity)
            SELECT l.site_id, p.id, l.key, l.sku_id, l.shipped FROM fulfilment_parcel p
                JOIN orders_orderline l ON l.site_id = p.site_id AND l.order_id = p.order_id
                WHERE l.shipped > 0;
            INSERT INTO fulfilment_parcelevent (site_id, parcel_id, kind, facts, by, at)
            SELECT site_id, id, 'shipped', '{}', by, shipped_at FROM fulfilment_parcel;
            """,
            migrations.RunSQL.noop,
        )
    ]

"""Rows of the first release: each site gets a first location, where everything was so far, and
what is promised to orders is written down per order."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_locations")]

    operations = [
        migrations.RunSQL(
            """
            DROP TRIGGER IF EXISTS append_only ON inventory_movement;
            ALTER TABLE inventory_stock NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE inventory_movement NO FORCE ROW LEVEL SECURITY;
            INSERT INTO inventory_location (site_id, code, name, kind, position, sells_online,
                buffer, pickup, pickup_days, prefecture, address, hours, active)
            SELECT id, 'main', '{"ja": "倉庫", "en": "Warehouse"}', 'warehouse', 0, true,
                0, false, 7, '', '{}', '{}', true FROM tenancy_site;
            UPDATE inventory_stock s SET location_id = l.id FROM inventory_location l
                WHERE l.site_id = s.site_id;
            UPDATE inventory_movement m SET location_id = l.id FROM inventory_location l
                WHERE l.site_id = m.site_id;
            INSERT INTO inventory_allocation (site_id, reference, sku_id, location_id, quantity)
            SELECT site_id, reference, sku_id, location_id, sum(allocated_delta)
                FROM inventory_movement WHERE reference IS NOT NULL
                GROUP BY site_id, reference, sku_id, location_id HAVING sum(allocated_delta) > 0;
            """,
            migrations.RunSQL.noop,
        )
    ]

"""Outlet goods are a facet. The rest of the index's functions is as it was."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("lockstitch.search.migrations.0005_size_meanings")
ROWS = BEFORE.changed(
    BEFORE.ROWS,
    ("        || CASE WHEN p.preorder_month <> ''",
     "        || CASE WHEN p.is_outlet THEN ARRAY['o:outlet'] ELSE '{}' END\n"
     "        || CASE WHEN p.preorder_month <> ''"),
)
FILL = """
DO $$ DECLARE one uuid;
BEGIN
    FOR one IN SELECT id FROM tenancy_site LOOP
        PERFORM set_config('lockstitch.site_ids', one::text, true);
        INSERT INTO search_dirty (site_id, product_id)
        SELECT site_id, id FROM catalogue_product WHERE site_id = one AND is_outlet;
    END LOOP;
    PERFORM set_config('lockstitch.site_ids', '', true);
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [("search", "0006_due"), ("catalogue", "0011_promises")]

    operations = [migrations.RunSQL([ROWS, FILL], migrations.RunSQL.noop)]

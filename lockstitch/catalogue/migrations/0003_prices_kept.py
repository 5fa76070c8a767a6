"""Every price a SKU was ever offered at is kept, whoever writes it: the proof behind a price that
is struck through (景品表示法, 二重価格)."""

from django.db import migrations

KEPT = """
CREATE FUNCTION prices_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO catalogue_pricerecord
            (site_id, sku_id, price_yen, sale_price_yen, sale_from, sale_until)
        SELECT site_id, id, price_yen, sale_price_yen, sale_from, sale_until FROM added;
    ELSE
        INSERT INTO catalogue_pricerecord
            (site_id, sku_id, price_yen, sale_price_yen, sale_from, sale_until)
        SELECT n.site_id, n.id, n.price_yen, n.sale_price_yen, n.sale_from, n.sale_until
        FROM added n JOIN gone o ON o.site_id = n.site_id AND o.id = n.id
        WHERE (n.price_yen, n.sale_price_yen, n.sale_from, n.sale_until)
            IS DISTINCT FROM (o.price_yen, o.sale_price_yen, o.sale_from, o.sale_until);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER prices_kept_new AFTER INSERT ON catalogue_sku
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION prices_kept();
CREATE TRIGGER prices_kept_changed AFTER UPDATE ON catalogue_sku
    REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION prices_kept();
"""
BACK = "DROP FUNCTION prices_kept CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_garments")]
    operations = [migrations.RunSQL(KEPT, BACK)]

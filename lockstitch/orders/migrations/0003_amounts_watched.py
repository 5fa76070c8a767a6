"""An order whose sums change without the event of an amendment is told to the guard's watch: an
amount made smaller between the order and its capture was how money left in 2016."""

from django.db import migrations

WATCHED = """
CREATE FUNCTION order_amounts_watched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    sites text := current_setting('lockstitch.site_ids', true);
BEGIN
    PERFORM set_config('lockstitch.site_ids', NEW.site_id::text, true);
    IF NOT EXISTS (SELECT FROM orders_orderevent e WHERE e.site_id = NEW.site_id
        AND e.order_id = NEW.id AND e.at >= now() AND e.kind IN ('amended', 'extended'))
    THEN
        INSERT INTO guard.signal (kind, site_id, source, detail)
        VALUES ('state', NEW.site_id, session_user, jsonb_build_object('number', NEW.number,
            'machine', 'amount', 'was', OLD.total_yen, 'became', NEW.total_yen));
    END IF;
    PERFORM set_config('lockstitch.site_ids', coalesce(sites, ''), true);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER amounts_watched AFTER UPDATE OF total_yen ON orders_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.total_yen <> OLD.total_yen) EXECUTE FUNCTION order_amounts_watched();
"""
BACK = "DROP FUNCTION order_amounts_watched CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_watched")]
    operations = [migrations.RunSQL(WATCHED, BACK)]

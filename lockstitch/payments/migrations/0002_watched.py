"""Money of a provider is taken when the provider has said so, and only the worker is told. Who else
writes it down is told to the guard's watch, by the database itself."""

from django.db import migrations

WATCHED = """
CREATE FUNCTION capture_watched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    sites text := current_setting('lockstitch.site_ids', true);
    found text;
BEGIN
    PERFORM set_config('lockstitch.site_ids', NEW.site_id::text, true);
    IF TG_TABLE_NAME = 'payments_capture' THEN
        SELECT o.number INTO found FROM payments_payment p JOIN orders_order o
            ON o.site_id = p.site_id AND o.id = p.order_id
            WHERE p.site_id = NEW.site_id AND p.id = NEW.payment_id AND p.provider <> ''
            AND session_user IN ('ls_shop', 'ls_desk');
    ELSE  -- an order that says so, and no capture does
        SELECT NEW.number INTO found FROM payments_payment p
            WHERE p.site_id = NEW.site_id AND p.order_id = NEW.id AND p.provider <> ''
            AND NOT EXISTS (SELECT FROM payments_capture c
                WHERE c.site_id = p.site_id AND c.payment_id = p.id);
    END IF;
    IF found IS NOT NULL THEN
        INSERT INTO guard.signal (kind, site_id, source, detail) VALUES ('capture', NEW.site_id,
            session_user, jsonb_build_object('number', found, 'table', TG_TABLE_NAME));
    END IF;
    PERFORM set_config('lockstitch.site_ids', coalesce(sites, ''), true);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER watched AFTER INSERT ON payments_capture
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION capture_watched();
CREATE CONSTRAINT TRIGGER capture_watched AFTER UPDATE OF payment ON orders_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.payment = 'captured' AND OLD.payment <> 'captured')
    EXECUTE FUNCTION capture_watched();
"""
BACK = "DROP FUNCTION capture_watched CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("orders", "0002_watched")]
    operations = [migrations.RunSQL(WATCHED, BACK)]

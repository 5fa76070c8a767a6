"""A state that changes past its machine, or without its event, is told to the guard's watch: as the
transaction ends, by the database itself, whoever wrote it."""

from django.db import migrations

WATCHED = """
CREATE FUNCTION order_may_move(machine text, was text, became text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (machine, was, became) IN (
        ('status', 'pending', 'placed'), ('status', 'pending', 'lapsed'),
        ('status', 'placed', 'completed'), ('status', 'placed', 'cancelled'),
        ('status', 'completed', 'placed'),
        ('payment', 'awaiting', 'authorised'), ('payment', 'awaiting', 'captured'),
        ('payment', 'awaiting', 'void'), ('payment', 'awaiting', 'failed'),
        ('payment', 'failed', 'awaiting'), ('payment', 'failed', 'authorised'),
        ('payment', 'failed', 'void'),
        ('payment', 'authorised', 'capturing'), ('payment', 'authorised', 'captured'),
        ('payment', 'authorised', 'void'),
        ('payment', 'capturing', 'captured'), ('payment', 'capturing', 'authorised'),
        ('payment', 'captured', 'capturing'), ('payment', 'captured', 'refund_due'),
        ('payment', 'captured', 'awaiting'), ('payment', 'captured', 'authorised'),
        ('payment', 'refund_due', 'captured'), ('payment', 'refund_due', 'refunded'),
        ('fulfilment', 'unshipped', 'part'), ('fulfilment', 'unshipped', 'shipped'),
        ('fulfilment', 'unshipped', 'stopped'), ('fulfilment', 'part', 'shipped'),
        ('fulfilment', 'shipped', 'delivered'), ('fulfilment', 'shipped', 'part'),
        ('fulfilment', 'delivered', 'part'))
$$;

CREATE FUNCTION order_watched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    step record;
    sites text := current_setting('lockstitch.site_ids', true);
BEGIN
    PERFORM set_config('lockstitch.site_ids', NEW.site_id::text, true);
    FOR step IN
        SELECT * FROM (VALUES ('status', OLD.status, NEW.status),
            ('payment', OLD.payment, NEW.payment), ('fulfilment', OLD.fulfilment, NEW.fulfilment)
        ) AS s (machine, was, became) WHERE was <> became
    LOOP
        IF NOT order_may_move(step.machine, step.was, step.became) OR NOT EXISTS (
            SELECT FROM orders_orderevent e WHERE e.site_id = NEW.site_id AND e.order_id = NEW.id
            AND e.at >= now() AND e.machine = step.machine AND e.was = step.was
            AND e.became = step.became)
        THEN
            INSERT INTO guard.signal (kind, site_id, source, detail)
            VALUES ('state', NEW.site_id, session_user, jsonb_build_object('number', NEW.number,
                'machine', step.machine, 'was', step.was, 'became', step.became));
        END IF;
    END LOOP;
    PERFORM set_config('lockstitch.site_ids', coalesce(sites, ''), true);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER watched AFTER UPDATE OF status, payment, fulfilment ON orders_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.status, OLD.payment, OLD.fulfilment)
        IS DISTINCT FROM (NEW.status, NEW.payment, NEW.fulfilment))
    EXECUTE FUNCTION order_watched();
"""
BACK = "DROP FUNCTION order_watched CASCADE; DROP FUNCTION order_may_move;"


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.RunSQL(WATCHED, BACK)]

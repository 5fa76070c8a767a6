"""What no program can write past: an entry that does not balance, or one in a closed month."""

from django.db import migrations

BALANCE = """
CREATE FUNCTION accounting_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(yen) FROM accounting_line WHERE site_id = NEW.site_id AND entry_id = NEW.entry_id)
        <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balance AFTER INSERT ON accounting_line DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION accounting_balance();

CREATE FUNCTION accounting_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM accounting_books
               WHERE site_id = NEW.site_id AND locked_until >= NEW.day) THEN
        RAISE EXCEPTION 'the books are closed until that day' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER locked BEFORE INSERT ON accounting_entry
    FOR EACH ROW EXECUTE FUNCTION accounting_lock();
"""
BACK = "DROP FUNCTION accounting_balance CASCADE; DROP FUNCTION accounting_lock CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("accounting", "0001_initial")]
    operations = [migrations.RunSQL(BALANCE, BACK)]

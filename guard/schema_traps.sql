-- Step 12 of guard/schema.sql, in a file of its own: traps for whoever reads what is not theirs.

--step 12
ALTER TABLE guard.signal DROP CONSTRAINT signal_kind_check;
ALTER TABLE guard.signal ADD CONSTRAINT signal_kind_check CHECK (kind IN ('method', 'missing',
    'scanner', 'host', 'framing', 'report', 'script', 'state', 'capture', 'payment', 'page',
    'deposit', 'decoy', 'file', 'upload', 'process', 'stolen', 'damaged'));
DROP POLICY others_tell ON guard.signal;
CREATE POLICY others_tell ON guard.signal FOR INSERT TO ls_shop, ls_desk, ls_worker
    WITH CHECK (kind IN ('method', 'missing', 'scanner', 'host', 'framing', 'report', 'script',
        'payment', 'upload'));

-- A passkey that was not added through the guard has no mac that its keys make.
ALTER TABLE guard.passkey ADD COLUMN mac bytea NOT NULL DEFAULT '';

-- A list of customers of nobody. No program reads it; who dumps all they can read, does. A sequence
-- is not taken back with the transaction, so the watch hears of it whatever the reader does then.
CREATE SEQUENCE guard.touched_shop;
CREATE SEQUENCE guard.touched_desk;
CREATE SEQUENCE guard.touched_worker;
GRANT SELECT ON SEQUENCE guard.touched_shop, guard.touched_desk, guard.touched_worker TO ls_guard;
CREATE FUNCTION guard.customer_mark() RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = '' AS $$
    SELECT nextval(('guard.touched_' || substr(session_user, 4))::regclass) > 0
$$;
CREATE VIEW guard.customer_export AS
    SELECT id, name, email, phone FROM (VALUES
        (1, '佐々木 結', 'yui.sasaki@people.example', '070-0000-4101'),
        (2, '井上 大和', 'yamato.inoue@people.example', '070-0000-4102'),
        (3, '森 千尋', 'chihiro.mori@people.example', '070-0000-4103')
    ) AS customer (id, name, email, phone) WHERE guard.customer_mark();
REVOKE ALL ON FUNCTION guard.customer_mark() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.customer_mark() TO ls_shop, ls_desk, ls_worker;
GRANT SELECT ON guard.customer_export TO ls_shop, ls_desk, ls_worker;

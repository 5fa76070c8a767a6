-- Step 7 of guard/schema.sql, in a file of its own: the watch.

--step 7
-- What the watch found. A repeat within the rule's cooldown counts up the open one.
CREATE TABLE guard.alert (
    alert_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('notice', 'warning', 'critical')),
    site_id uuid,                         -- null: the platform's own
    subject text NOT NULL CHECK (length(subject) <= 300),  -- an id, address, path, order number
    evidence jsonb NOT NULL,              -- ids, counts, seqs: never a personal datum
    happened_at timestamptz NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    times integer NOT NULL DEFAULT 1,
    action text NOT NULL DEFAULT '',      -- what was done by itself
    handled_at timestamptz,
    handled_by text,
    handled_note text NOT NULL DEFAULT ''
);
CREATE INDEX ON guard.alert (rule, subject) WHERE handled_at IS NULL;
CREATE INDEX ON guard.alert (alert_id) WHERE handled_at IS NULL;
CREATE INDEX ON guard.alert (site_id, alert_id);

-- What is still to be told to the webhook.
CREATE TABLE guard.alert_call (
    alert_id bigint PRIMARY KEY REFERENCES guard.alert,
    attempts integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER ring AFTER INSERT ON guard.alert_call
    FOR EACH STATEMENT EXECUTE FUNCTION guard.ring();

-- Border 4: what the others noticed. Inserted and never read by them; gone after a day.
CREATE TABLE guard.signal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL CHECK (kind IN ('method', 'missing', 'scanner', 'host', 'framing', 'report',
        'script', 'state', 'capture', 'payment', 'page', 'deposit', 'decoy', 'file')),
    site_id uuid,
    source text NOT NULL DEFAULT '' CHECK (length(source) <= 64),
    detail jsonb NOT NULL DEFAULT '{}' CHECK (octet_length(detail::text) <= 2048),
    read_at timestamptz
);
CREATE INDEX ON guard.signal (id) WHERE read_at IS NULL;
CREATE INDEX ON guard.signal (read_at);
CREATE TRIGGER ring AFTER INSERT ON guard.signal
    FOR EACH STATEMENT EXECUTE FUNCTION guard.ring();
GRANT USAGE ON SCHEMA guard TO ls_shop;
GRANT INSERT (kind, site_id, source, detail) ON guard.signal TO ls_shop, ls_desk, ls_worker;
ALTER TABLE guard.signal ENABLE ROW LEVEL SECURITY;
CREATE POLICY others_tell ON guard.signal FOR INSERT TO ls_shop, ls_desk, ls_worker
    WITH CHECK (kind NOT IN ('deposit', 'decoy', 'file', 'state', 'capture', 'page'));
CREATE POLICY guard_sees_all ON guard.signal TO ls_guard USING (true) WITH CHECK (true);

-- How far the watch has read the ledger: all of it so far is history.
CREATE TABLE guard.watched (name text PRIMARY KEY, upto bigint NOT NULL);
INSERT INTO guard.watched SELECT 'ledger', size FROM guard.ledger_head;

-- Each sensor says once a second that it lives; as whom, the database knows.
CREATE TABLE guard.beat (name text PRIMARY KEY, at timestamptz NOT NULL);
CREATE FUNCTION guard.beat() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
    INSERT INTO guard.beat (name, at) VALUES (substr(session_user, 4), clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET at = excluded.at
$$;

-- Who may not come in at all; the shop and the desk ask each second.
CREATE TABLE guard.blocked_source (
    source cidr PRIMARY KEY,
    until timestamptz,                    -- null: until somebody lifts it
    why text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT (source, until) ON guard.blocked_source TO ls_shop, ls_desk;
-- Operators who may not look at people for now.
CREATE TABLE guard.frozen_operator (
    principal_id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);
-- Records of people who do not exist: whoever opens one is not doing their work.
CREATE TABLE guard.honey (
    record_id uuid PRIMARY KEY,
    site_id uuid NOT NULL,
    planted_at timestamptz NOT NULL DEFAULT now()
);
-- A provider's key that may have been seen is not used again.
ALTER TABLE guard.provider_secret ADD COLUMN spent_at timestamptz;

CREATE INDEX ON guard.ledger (site_id, at) WHERE verb = 'export';
GRANT SELECT, INSERT, UPDATE, DELETE ON guard.alert, guard.alert_call, guard.signal, guard.watched,
    guard.beat, guard.blocked_source, guard.frozen_operator, guard.honey TO ls_guard;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA guard TO ls_guard;

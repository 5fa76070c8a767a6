-- The ledger, its witnesses and the root key: see schema.sql.

--step 6
-- Witnesses of the ledger, and what they signed.
CREATE TABLE guard.witness (
    url text PRIMARY KEY,
    last_size bigint NOT NULL DEFAULT 0,
    last_at timestamptz,
    refused_at timestamptz,               -- since when it says that there is another history
    refused_why text NOT NULL DEFAULT ''
);
CREATE TABLE guard.cosignature (
    size bigint NOT NULL REFERENCES guard.checkpoint,
    witness text NOT NULL,
    line text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (size, witness)
);
GRANT SELECT, INSERT, UPDATE ON guard.witness TO ls_guard;
GRANT SELECT, INSERT ON guard.cosignature TO ls_guard;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.cosignature
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();

-- A partition a month. `at` is in the side tables too, so that a look-up by record reads one month.
CREATE FUNCTION guard.make_month(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first date := date_trunc('month', day);
    parent text;
    name text;
BEGIN
    FOREACH parent IN ARRAY ARRAY['ledger', 'ledger_record', 'ledger_person'] LOOP
        name := parent || to_char(first, '_YYYYMM');
        CONTINUE WHEN to_regclass('guard.' || name) IS NOT NULL;
        EXECUTE format('CREATE TABLE guard.%I PARTITION OF guard.%I FOR VALUES FROM (%L) TO (%L)',
            name, parent, first || ' 00:00+00', (first + interval '1 month')::date || ' 00:00+00');
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.%I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change()', name);
    END LOOP;
END $$;
-- All that the guard may make. It waits for no long reader: there is time until next month.
CREATE FUNCTION guard.make_months() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' SET timezone = 'UTC' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('guard.make_months'));
    FOR ahead IN 0..3 LOOP
        PERFORM guard.make_month((now() + make_interval(months => ahead))::date);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION guard.make_month, guard.make_months FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.make_months TO ls_guard;

ALTER TABLE guard.ledger RENAME TO ledger_before;
ALTER TABLE guard.ledger_record RENAME TO ledger_record_before;
ALTER TABLE guard.ledger_person RENAME TO ledger_person_before;
CREATE TABLE guard.ledger (LIKE guard.ledger_before) PARTITION BY RANGE (at);
CREATE TABLE guard.ledger_record (
    record_id uuid NOT NULL, seq bigint NOT NULL, at timestamptz NOT NULL
) PARTITION BY RANGE (at);
CREATE TABLE guard.ledger_person (
    person_id uuid NOT NULL, seq bigint NOT NULL, at timestamptz NOT NULL
) PARTITION BY RANGE (at);
SET LOCAL timezone = 'UTC';
SELECT guard.make_month(month) FROM (
    SELECT DISTINCT date_trunc('month', at)::date AS month FROM guard.ledger_before) months;
SELECT guard.make_months();
INSERT INTO guard.ledger SELECT * FROM guard.ledger_before ORDER BY seq;
INSERT INTO guard.ledger_record SELECT record_id, seq, at
    FROM guard.ledger_record_before JOIN guard.ledger_before USING (seq) ORDER BY seq;
INSERT INTO guard.ledger_person SELECT person_id, seq, at
    FROM guard.ledger_person_before JOIN guard.ledger_before USING (seq) ORDER BY seq;
DROP TABLE guard.ledger_person_before, guard.ledger_record_before, guard.ledger_before;
ALTER TABLE guard.ledger ADD PRIMARY KEY (seq, at);
CREATE INDEX ON guard.ledger (principal_id, seq);
CREATE INDEX ON guard.ledger (session_id, seq) WHERE session_id IS NOT NULL;
CREATE INDEX ON guard.ledger (address, seq) WHERE address <> '';
CREATE INDEX ON guard.ledger (site_id, seq);
CREATE INDEX ON guard.ledger (principal_id, at) WHERE verb IN ('reveal', 'step_up');
ALTER TABLE guard.ledger_record ADD PRIMARY KEY (record_id, seq, at),
    ADD FOREIGN KEY (seq, at) REFERENCES guard.ledger;
ALTER TABLE guard.ledger_person ADD PRIMARY KEY (person_id, seq, at),
    ADD FOREIGN KEY (seq, at) REFERENCES guard.ledger;
CREATE INDEX ON guard.ledger_record USING brin (seq) WITH (autosummarize = on);
CREATE INDEX ON guard.ledger_person USING brin (seq) WITH (autosummarize = on);
GRANT SELECT, INSERT ON guard.ledger, guard.ledger_record, guard.ledger_person TO ls_guard;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.ledger
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.ledger_record
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.ledger_person
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();

-- What all but the sites' keys derive from; the master key that wraps it can be replaced.
CREATE TABLE guard.root_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON guard.root_key TO ls_guard;
CREATE INDEX ON guard.person (site_id, key_version);

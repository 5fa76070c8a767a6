-- Steps 13 and 14 of guard/schema.sql, in a file of its own.

--step 13
-- Whoever has many entries and disclosed nothing (a list of stolen logins, tried from one address)
-- is answered for as fast as whoever disclosed much: guard.who_saw.DISCLOSED, word for word.
CREATE INDEX ON guard.ledger (principal_id, seq)
    WHERE verb IN ('reveal', 'export', 'deliver') AND outcome = 'ok';
CREATE INDEX ON guard.ledger (address, seq)
    WHERE verb IN ('reveal', 'export', 'deliver') AND outcome = 'ok';

--step 14
-- Each change of a site's limits (guard.limits), the latest of which holds.
CREATE TABLE guard.site_limit (
    limit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id uuid NOT NULL REFERENCES guard.site,
    in_ten_minutes integer NOT NULL CHECK (in_ten_minutes BETWEEN 0 AND 1000),
    in_a_day integer NOT NULL CHECK (in_a_day BETWEEN 0 AND 10000),
    alone integer NOT NULL CHECK (alone BETWEEN 0 AND 1000),
    made_by text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON guard.site_limit (site_id, limit_id DESC);
GRANT SELECT, INSERT ON guard.site_limit TO ls_guard;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.site_limit
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();

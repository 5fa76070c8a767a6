-- Steps 13 to 15 of guard/schema.sql, in a file of its own.

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

--step 15
-- Does this session of the desk still hold, from that address? The shop asks at each page of whoever
-- is signed in, so that a session ended here (by hand, by the watch) is ended there in the same
-- moment. Idleness is not asked: the desk does not see work at the console.
CREATE FUNCTION guard.session_holds(session uuid, address text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT EXISTS (SELECT FROM guard.session s JOIN guard.principal p USING (principal_id)
        WHERE s.session_id = session AND s.ended_at IS NULL AND s.expires_at > now()
        AND p.state = 'active' AND (p.kind = 'member' OR guard.may_come_from(
            array[p.principal_id, p.company_id] || p.site_ids, session_holds.address)))
$$;
REVOKE ALL ON FUNCTION guard.session_holds(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.session_holds(uuid, text) TO ls_shop;

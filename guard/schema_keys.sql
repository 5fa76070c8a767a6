-- Keys that have followed others: see schema.sql.

--step 16
-- The ledger's signing keys after the first. The checkpoint of `size` names `vkey`, and is signed by
-- it and by the key before it; what is larger is signed by it alone.
CREATE TABLE guard.succession (
    size bigint PRIMARY KEY REFERENCES guard.checkpoint,
    vkey text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON guard.succession TO ls_guard;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.succession
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();

--step 17
-- Under which of the site's index keys people and records are found: see guard.reindex.
ALTER TABLE guard.person ADD index_version integer NOT NULL DEFAULT 1;
ALTER TABLE guard.record ADD index_version integer NOT NULL DEFAULT 1;
CREATE INDEX person_index_version ON guard.person (site_id, index_version)
    WHERE identity_index IS NOT NULL;
CREATE INDEX record_index_version ON guard.record (site_id, index_version)
    WHERE kind IN ('order', 'profile') AND sealed <> '';
-- An index key that nothing is found by any more is destroyed, and only such a one.
GRANT DELETE ON guard.site_key TO ls_guard;
ALTER TABLE guard.site_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY guard_reads_and_makes ON guard.site_key TO ls_guard USING (true) WITH CHECK (true);
CREATE POLICY only_index_keys_go ON guard.site_key AS RESTRICTIVE FOR DELETE TO ls_guard
    USING (purpose = 'index');

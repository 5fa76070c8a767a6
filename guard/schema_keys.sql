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

--step 18
-- In which columns do these words stand in clear? Counts only; of a big table a part is looked at.
-- The owner's rights, for the guard may not read what shops keep: it learns places, no content.
CREATE FUNCTION guard.plain_places(sites uuid[], words text[], rows_max integer,
        OUT place text, OUT times bigint, OUT looked bigint)
    RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    found record;
    part text;
BEGIN
    PERFORM set_config('lockstitch.site_ids', array_to_string(sites, ','), true);
    FOR found IN
        SELECT n.nspname, c.relname, c.reltuples, format('%I.%I', n.nspname, c.relname) AS name,
            string_agg(format('%I::text', a.attname), ', ') AS columns
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND n.nspname IN ('public', 'guard')
        AND pg_has_role(current_user, c.relowner, 'USAGE')
        AND a.atttypid = ANY ('{text,varchar,json,jsonb,"text[]","varchar[]"}'::regtype[])
        GROUP BY 1, 2, 3, 4 ORDER BY 4
    LOOP
        part := CASE WHEN found.reltuples > rows_max
            THEN format('TABLESAMPLE SYSTEM (%s)', 100.0 * rows_max / found.reltuples) ELSE '' END;
        place := found.name;
        EXECUTE format('SELECT count(*) FILTER (WHERE concat_ws('' '', %s) LIKE ANY ($1)), count(*)'
            ' FROM %s %s', found.columns, found.name, part) INTO times, looked USING words;
        RETURN NEXT;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION guard.plain_places FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.plain_places TO ls_guard;

--step 19
-- Keys of the guard's own that follow one another, wrapped by the master key: see guard.own_keys.
CREATE TABLE guard.own_key (
    purpose text NOT NULL CHECK (purpose IN ('pepper', 'accounts')),
    version integer NOT NULL CHECK (version > 0),
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (purpose, version)
);
GRANT SELECT, INSERT, UPDATE (wrapped), DELETE ON guard.own_key TO ls_guard;
-- Which pepper a password is sealed under (0: hashed before there was one; of a seed nothing), and
-- which accounts key a login is found by.
ALTER TABLE guard.credential ADD key_version integer NOT NULL DEFAULT 0;
ALTER TABLE guard.principal ADD key_version integer NOT NULL DEFAULT 1;
CREATE INDEX credential_key_version ON guard.credential (key_version) WHERE kind = 'password';
CREATE INDEX principal_key_version ON guard.principal (key_version);

--step 22
-- The root, from which the seals and marks of the guard's own tables derive, can follow another as
-- well: see guard.resealing. What derived from it and cannot be made again is a key of its own now:
-- what is in passwords' hashes, and what return addresses are marked with.
ALTER TABLE guard.own_key DROP CONSTRAINT own_key_purpose_check;
ALTER TABLE guard.own_key ADD CONSTRAINT own_key_purpose_check
    CHECK (purpose IN ('root', 'pepper', 'accounts', 'hash', 'bounce'));
ALTER TABLE guard.own_key ADD spare_at timestamptz;  -- since when nothing is under it
GRANT UPDATE (spare_at) ON guard.own_key TO ls_guard;
INSERT INTO guard.own_key (purpose, version, wrapped, made_at)
    SELECT 'root', 1, wrapped, made_at FROM guard.root_key;
DROP TABLE guard.root_key;
-- Under which root each row is; of a password, which key is in its hash.
ALTER TABLE guard.principal ADD root_version integer NOT NULL DEFAULT 1;
ALTER TABLE guard.credential ADD root_version integer NOT NULL DEFAULT 1,
    ADD hash_version integer NOT NULL DEFAULT 1;
ALTER TABLE guard.passkey ADD root_version integer NOT NULL DEFAULT 1;
ALTER TABLE guard.pending ADD root_version integer NOT NULL DEFAULT 1;
ALTER TABLE guard.letter ADD root_version integer NOT NULL DEFAULT 1;
ALTER TABLE guard.provider_secret ADD root_version integer NOT NULL DEFAULT 1;
ALTER TABLE guard.second ADD root_version integer NOT NULL DEFAULT 1;
ALTER TABLE guard.export ADD root_version integer NOT NULL DEFAULT 1;
-- What a mark's digest is of, to mark it again; empty: from before, derived from the first root.
ALTER TABLE guard.export_mark ADD root_version integer NOT NULL DEFAULT 1,
    ADD sealed bytea NOT NULL DEFAULT '',
    DROP CONSTRAINT export_mark_pkey, ADD PRIMARY KEY (digest, export_id);
GRANT UPDATE ON guard.export_mark TO ls_guard;
CREATE INDEX principal_root_version ON guard.principal (root_version) WHERE sealed <> '';
CREATE INDEX credential_root_version ON guard.credential (root_version) WHERE kind = 'totp';
CREATE INDEX credential_hash_version ON guard.credential (hash_version) WHERE kind = 'password';
CREATE INDEX passkey_root_version ON guard.passkey (root_version);
CREATE INDEX letter_root_version ON guard.letter (root_version) WHERE sealed IS NOT NULL;
CREATE INDEX export_mark_root_version ON guard.export_mark (root_version);

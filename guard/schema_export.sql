-- Step 9 of guard/schema.sql, in a file of its own: exports.

--step 9
CREATE TABLE guard.export (
    export_id uuid PRIMARY KEY DEFAULT uuidv7(),
    site_id uuid NOT NULL REFERENCES guard.site,
    purpose text NOT NULL,
    fields text[] NOT NULL,
    records uuid[] NOT NULL,
    persons integer NOT NULL,
    digest bytea NOT NULL,                -- of the sorted record ids
    asked_by uuid NOT NULL REFERENCES guard.principal,
    session_id uuid NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    needs_second boolean NOT NULL,
    proven_at timestamptz,                -- by who asked
    approved_by uuid REFERENCES guard.principal,
    ready_at timestamptz,
    opened_at timestamptz,
    token_hash bytea,
    sent integer NOT NULL DEFAULT 0,
    ended_at timestamptz,
    CHECK (approved_by IS DISTINCT FROM asked_by),
    CHECK (ready_at IS NULL OR proven_at IS NOT NULL),
    CHECK (opened_at IS NULL OR ready_at <= opened_at),
    CHECK (sent <= cardinality(records))
);
CREATE INDEX ON guard.export (site_id, export_id);
-- People who do not exist, by a keyed hash: which file they were put into.
CREATE TABLE guard.export_mark (
    digest bytea PRIMARY KEY,
    export_id uuid NOT NULL REFERENCES guard.export
);
GRANT SELECT, INSERT, UPDATE ON guard.export TO ls_guard;
GRANT SELECT, INSERT ON guard.export_mark TO ls_guard;

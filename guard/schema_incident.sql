-- Step 8 of guard/schema.sql, in a file of its own: incidents.

--step 8
-- A case of a break-in, and what the ledger answered about it.
CREATE TABLE guard.incident (
    incident_id uuid PRIMARY KEY DEFAULT uuidv7(),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    facts jsonb NOT NULL DEFAULT '{}'     -- what people found out, by the field's name
);
CREATE TABLE guard.assessment (
    assessment_id uuid PRIMARY KEY DEFAULT uuidv7(),
    incident_id uuid REFERENCES guard.incident,
    asked jsonb NOT NULL,
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
    share smallint NOT NULL DEFAULT 0,
    step text NOT NULL DEFAULT '',
    answer bytea,
    started_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON guard.assessment (incident_id, assessment_id);
-- Its people: ids and names of fields. Those of a whole site are counted in the answer.
CREATE TABLE guard.assessed (
    assessment_id uuid NOT NULL REFERENCES guard.assessment ON DELETE CASCADE,
    person_id uuid NOT NULL,
    site_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('disclosed', 'in_flight', 'cannot_be_excluded')),
    fields text[] NOT NULL,
    records integer NOT NULL,
    orders integer NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (assessment_id, person_id)
);
CREATE INDEX ON guard.assessed (assessment_id, site_id, kind);
CREATE INDEX ON guard.ledger (at);
GRANT SELECT, INSERT, UPDATE, DELETE ON guard.incident, guard.assessment, guard.assessed
    TO ls_guard;

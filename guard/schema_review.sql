-- Step 20 of guard/schema.sql, in a file of its own: rights looked through, people's time being up.

--step 20
-- Each quarter each site's owners look through who works there: see guard.reviews.
CREATE TABLE guard.rights_review (
    site_id uuid NOT NULL REFERENCES guard.site,
    began timestamptz NOT NULL,           -- the quarter
    told_at timestamptz NOT NULL DEFAULT now(),
    late_at timestamptz,                  -- since when the watch says so
    done_at timestamptz,
    done_by uuid REFERENCES guard.principal,
    PRIMARY KEY (site_id, began),
    CHECK ((done_at IS NULL) = (done_by IS NULL))
);
CREATE INDEX ON guard.rights_review (told_at) WHERE done_at IS NULL AND late_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON guard.rights_review TO ls_guard;
-- For how long a site keeps the orders of people who left, each change of it: see guard.retention.
CREATE TABLE guard.site_retention (
    retention_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id uuid NOT NULL REFERENCES guard.site,
    months integer NOT NULL CHECK (months BETWEEN 108 AND 180),
    made_by text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON guard.site_retention (site_id, retention_id DESC);
GRANT SELECT, INSERT ON guard.site_retention TO ls_guard;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.site_retention
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();
-- Who left and is not erased, in the order in which they are looked at.
CREATE INDEX ON guard.person (left_at, person_id) WHERE left_at IS NOT NULL AND data_key <> '';
-- Where a second person has to approve a provider's new key, each change of it: see guard.second.
CREATE TABLE guard.second_rule (
    rule_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id uuid NOT NULL REFERENCES guard.site,
    wanted boolean NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON guard.second_rule (site_id, rule_id DESC);
GRANT SELECT, INSERT ON guard.second_rule TO ls_guard;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.second_rule
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();
-- What waits for the second person, as it will be done.
CREATE TABLE guard.second (
    second_id uuid PRIMARY KEY DEFAULT uuidv7(),
    site_id uuid NOT NULL REFERENCES guard.site,
    deed text NOT NULL CHECK (deed IN ('provider.secret', 'second.off')),
    provider text NOT NULL DEFAULT '',
    name text NOT NULL DEFAULT '',
    last4 text NOT NULL DEFAULT '',
    sealed bytea NOT NULL DEFAULT '',     -- the new key; destroyed when this has ended
    digest bytea NOT NULL,                -- of what will be done, the key too
    asked_by uuid NOT NULL REFERENCES guard.principal,
    session_id uuid NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    approved_by uuid REFERENCES guard.principal,
    ended_at timestamptz,
    CHECK (approved_by IS DISTINCT FROM asked_by),
    CHECK (approved_by IS NULL OR ended_at IS NOT NULL)
);
CREATE UNIQUE INDEX one_of_each_waits ON guard.second (site_id, deed, provider, name)
    WHERE ended_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON guard.second TO ls_guard;

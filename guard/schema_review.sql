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

-- Step 21 of guard/schema.sql, in a file of its own: keys of programs; to whom a file is given.

--step 21
-- A program's key is an account of its own kind, with one long session and its own networks; what it
-- is for, and how much of it, is here: see guard.api_keys.
ALTER TABLE guard.principal DROP CONSTRAINT principal_kind_check;
ALTER TABLE guard.principal ADD CONSTRAINT principal_kind_check
    CHECK (kind IN ('member', 'operator', 'staff', 'key'));
CREATE TABLE guard.api_key (
    principal_id uuid PRIMARY KEY REFERENCES guard.principal,
    site_id uuid NOT NULL REFERENCES guard.site,
    purpose text NOT NULL,
    fields text[] NOT NULL CHECK (fields <> '{}'),
    in_ten_minutes integer NOT NULL CHECK (in_ten_minutes > 0),
    in_a_day integer NOT NULL CHECK (in_a_day >= in_ten_minutes),
    made_by uuid NOT NULL REFERENCES guard.principal,
    approved_by uuid REFERENCES guard.principal,
    made_at timestamptz NOT NULL DEFAULT now(),
    CHECK (approved_by IS DISTINCT FROM made_by)
);
CREATE INDEX ON guard.api_key (site_id, made_at DESC);
GRANT SELECT, INSERT ON guard.api_key TO ls_guard;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.api_key
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();
ALTER TABLE guard.second DROP CONSTRAINT second_deed_check;
ALTER TABLE guard.second ADD CONSTRAINT second_deed_check
    CHECK (deed IN ('provider.secret', 'provider.ways', 'second.off', 'api.key'));
-- Whom a file of people is for (APPI, article 29): inside, entrusted, or a third party and why.
ALTER TABLE guard.export ADD COLUMN basis text NOT NULL DEFAULT 'inside'
    CHECK (basis IN ('inside', 'entrusted', 'consent', 'law'));
ALTER TABLE guard.export ADD COLUMN given_to text NOT NULL DEFAULT '' CHECK (length(given_to) <= 200);
ALTER TABLE guard.export ADD CHECK ((basis = 'inside') = (given_to = ''));
CREATE INDEX ON guard.export (site_id, export_id) WHERE basis IN ('consent', 'law');

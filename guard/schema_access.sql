-- Step 5 of guard/schema.sql, in a file of its own: ways in.

--step 5
-- Passkeys (WebAuthn): public keys only. A member's are of their shop's desk, the others' of the
-- console's.
CREATE TABLE guard.passkey (
    credential_id bytea PRIMARY KEY CHECK (length(credential_id) <= 1023),
    passkey_id uuid NOT NULL UNIQUE DEFAULT uuidv7(),
    principal_id uuid NOT NULL REFERENCES guard.principal,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,           -- of a copied authenticator it goes back
    name text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz
);
CREATE INDEX ON guard.passkey (principal_id);
-- What a passkey is to sign: gone as soon as somebody comes back with it.
CREATE TABLE guard.challenge (
    challenge bytea PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('sign_in', 'add', 'prove')),
    scope uuid NOT NULL,                  -- as of guard.principal
    session_id uuid,
    nonce text NOT NULL,                  -- the part of a manifest that nobody could foresee
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON guard.challenge (expires_at);
-- Has this person come with this browser, from this address, before?
CREATE INDEX ON guard.session (principal_id, started_at);
-- From where somebody may work: a list of an operator, a site or a company; none: from anywhere.
CREATE TABLE guard.ip_rule (
    subject_id uuid NOT NULL,
    range cidr NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subject_id, range)
);
-- Whether the address is in each list that there is; an address nobody knows is in none.
CREATE FUNCTION guard.may_come_from(subjects uuid[], address text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM guard.ip_rule WHERE subject_id = ANY (subjects) GROUP BY subject_id
        HAVING NOT coalesce(bool_or(nullif(address, '')::inet <<= range), false))
$$;
-- Who lost every device gets a new enrolment: once two have approved, and not before a while.
CREATE TABLE guard.recovery (
    recovery_id uuid PRIMARY KEY DEFAULT uuidv7(),
    principal_id uuid NOT NULL REFERENCES guard.principal,
    approvers uuid[] NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    ready_at timestamptz,                 -- null: waits for the second
    ended_at timestamptz
);
CREATE UNIQUE INDEX ON guard.recovery (principal_id) WHERE ended_at IS NULL;
ALTER TABLE guard.pending ADD COLUMN not_before timestamptz;  -- of a recovery's enrolment
-- Browsers that a member has signed in with: a list attack does not hold them up.
CREATE TABLE guard.device (
    principal_id uuid NOT NULL REFERENCES guard.principal,
    device_hash bytea NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (principal_id, device_hash)
);
-- How many members' sign-ins were tried, failed and were turned away.
CREATE TABLE guard.sign_in_minute (
    site_id uuid NOT NULL,
    minute timestamptz NOT NULL,
    tried integer NOT NULL,
    failed integer NOT NULL,
    slowed integer NOT NULL,
    storm boolean NOT NULL DEFAULT false,
    PRIMARY KEY (site_id, minute)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON guard.passkey, guard.challenge, guard.ip_rule,
    guard.recovery, guard.device, guard.sign_in_minute TO ls_guard;

-- The guard's schema, as numbered steps. Never change a step that was released: add one.
-- Later ones are in schema_*.sql beside this. Applied by `python -m guard migrate` as ls_owner, who owns everything here.

--step 1
CREATE SCHEMA IF NOT EXISTS guard;
REVOKE ALL ON SCHEMA guard FROM PUBLIC;
GRANT USAGE ON SCHEMA guard TO ls_guard, ls_desk, ls_worker;

-- The registry. Rights follow from it alone; the shop's tables are not asked.
CREATE TABLE guard.company (
    company_id uuid PRIMARY KEY,
    name text NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE guard.site (
    site_id uuid PRIMARY KEY,
    company_id uuid NOT NULL REFERENCES guard.company,
    name text NOT NULL,
    host text NOT NULL,
    mail_from text NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE guard.site_key (
    key_id uuid PRIMARY KEY,
    site_id uuid NOT NULL REFERENCES guard.site,
    purpose text NOT NULL CHECK (purpose IN ('seal', 'index', 'wrap')),
    version integer NOT NULL,
    suite smallint,                       -- of a 'seal' key
    wrapped bytea NOT NULL,               -- by the master key
    made_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (site_id, purpose, version)
);

-- Border 1: what the desk seals to.
CREATE TABLE guard.site_public_key (
    key_id uuid PRIMARY KEY REFERENCES guard.site_key,
    site_id uuid NOT NULL,
    suite smallint NOT NULL,
    public_key bytea NOT NULL,
    retired_at timestamptz
);
CREATE INDEX ON guard.site_public_key (site_id);
GRANT SELECT ON guard.site_public_key TO ls_desk;

-- Border 2: the night deposit. No foreign keys: a bad row is refused later, an order never.
CREATE TABLE guard.inbox (
    record_id uuid PRIMARY KEY DEFAULT uuidv7(),
    site_id uuid NOT NULL,
    kind text NOT NULL,
    key_id uuid NOT NULL,
    suite smallint NOT NULL,
    sealed bytea NOT NULL CHECK (length(sealed) <= 65536),
    access_hash bytea CHECK (length(access_hash) = 32),
    source text NOT NULL DEFAULT '',
    deposited_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON guard.inbox (deposited_at);
CREATE TABLE guard.inbox_refused (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record_id uuid NOT NULL,
    site_id uuid NOT NULL,
    kind text NOT NULL,
    key_id uuid NOT NULL,
    suite smallint NOT NULL,
    sealed bytea NOT NULL,
    access_hash bytea,
    source text NOT NULL,
    deposited_at timestamptz NOT NULL,
    reason text NOT NULL,
    refused_at timestamptz NOT NULL DEFAULT now()
);
GRANT INSERT ON guard.inbox TO ls_desk;

-- Border 3: messages to persons, by record; nobody but the guard sees the address.
CREATE TABLE guard.postbox (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    site_id uuid NOT NULL,
    record_id uuid NOT NULL,
    purpose text NOT NULL,
    subject text NOT NULL CHECK (length(subject) <= 500),
    body_text text NOT NULL CHECK (length(body_text) <= 200000),
    body_html text NOT NULL DEFAULT '' CHECK (length(body_html) <= 500000),
    dedupe_key text NOT NULL,
    posted_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    last_error text,
    UNIQUE (site_id, dedupe_key)
);
CREATE INDEX ON guard.postbox (next_try_at) WHERE state = 'waiting';
GRANT INSERT (id, site_id, record_id, purpose, subject, body_text, body_html, dedupe_key)
    ON guard.postbox TO ls_worker;

-- The fence: one may insert only for the sites this transaction was opened for.
ALTER TABLE guard.inbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE guard.inbox FORCE ROW LEVEL SECURITY;
ALTER TABLE guard.postbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE guard.postbox FORCE ROW LEVEL SECURITY;
CREATE POLICY desk_deposits ON guard.inbox FOR INSERT TO ls_desk WITH CHECK (
    site_id = ANY (string_to_array(current_setting('lockstitch.site_ids', true), ',')::uuid[]));
CREATE POLICY worker_posts ON guard.postbox FOR INSERT TO ls_worker WITH CHECK (
    site_id = ANY (string_to_array(current_setting('lockstitch.site_ids', true), ',')::uuid[]));
CREATE POLICY guard_sees_all ON guard.inbox TO ls_guard USING (true) WITH CHECK (true);
CREATE POLICY guard_sees_all ON guard.postbox TO ls_guard USING (true) WITH CHECK (true);

CREATE FUNCTION guard.ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('guard_' || TG_TABLE_NAME, '');
    RETURN NULL;
END $$;
CREATE TRIGGER ring AFTER INSERT ON guard.inbox
    FOR EACH STATEMENT EXECUTE FUNCTION guard.ring();
CREATE TRIGGER ring AFTER INSERT ON guard.postbox
    FOR EACH STATEMENT EXECUTE FUNCTION guard.ring();

-- The vault.
CREATE TABLE guard.person (
    person_id uuid PRIMARY KEY DEFAULT uuidv7(),
    site_id uuid NOT NULL,
    identity_index bytea,                 -- of the e-mail, else the phone; null: neither known
    data_key bytea NOT NULL,              -- wrapped by the site's wrap key; destroyed to erase
    key_version integer NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (site_id, identity_index)
);
CREATE TABLE guard.record (
    record_id uuid PRIMARY KEY,
    site_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES guard.person,
    kind text NOT NULL,
    sealed bytea NOT NULL,
    key_version integer NOT NULL,
    access_hash bytea,
    source text NOT NULL,
    deposited_at timestamptz NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON guard.record (person_id, kind);
CREATE INDEX ON guard.record (site_id, deposited_at);
CREATE UNIQUE INDEX one_profile_each ON guard.record (person_id) WHERE kind = 'profile';
CREATE TABLE guard.blind (
    site_id uuid NOT NULL,
    digest bytea NOT NULL,                -- the type of value is inside the HMAC
    record_id uuid NOT NULL REFERENCES guard.record ON DELETE CASCADE,
    PRIMARY KEY (site_id, digest, record_id)
);
CREATE INDEX ON guard.blind (record_id);

-- Who may ask.
CREATE TABLE guard.principal (
    principal_id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('member', 'operator', 'staff')),
    scope uuid NOT NULL,                  -- a member's site; the nil uuid for the console
    login_index bytea NOT NULL,
    site_id uuid REFERENCES guard.site,
    person_id uuid REFERENCES guard.person,
    company_id uuid REFERENCES guard.company,
    site_ids uuid[] NOT NULL DEFAULT '{}',
    role text CHECK (role IN ('owner', 'merchandiser', 'orders', 'support', 'readonly')),
    handle text NOT NULL,
    sealed bytea NOT NULL,                -- e-mail and name
    state text NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
    made_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (scope, login_index),
    CHECK ((kind = 'member') = (site_id IS NOT NULL AND person_id IS NOT NULL)),
    CHECK ((kind = 'operator') = (company_id IS NOT NULL AND role IS NOT NULL))
);
CREATE INDEX ON guard.principal (company_id);
CREATE TABLE guard.credential (
    principal_id uuid NOT NULL REFERENCES guard.principal,
    kind text NOT NULL CHECK (kind IN ('password', 'totp')),
    value bytea NOT NULL,                 -- argon2id of a peppered password; a sealed TOTP seed
    used_step bigint NOT NULL DEFAULT 0,  -- the last TOTP step used: never again
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (principal_id, kind)
);
CREATE TABLE guard.session (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL UNIQUE DEFAULT uuidv7(),
    principal_id uuid NOT NULL REFERENCES guard.principal,
    address text NOT NULL,
    agent text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    idle_seconds integer,                 -- null: no idle limit
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX ON guard.session (principal_id) WHERE ended_at IS NULL;
CREATE TABLE guard.throttle (
    bucket bytea PRIMARY KEY,             -- a keyed hash of the account or the address
    failures integer NOT NULL,
    failed_at timestamptz NOT NULL,
    blocked_until timestamptz
);
CREATE TABLE guard.pending (
    pending_id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('registration', 'reset', 'enrolment')),
    site_id uuid,
    principal_id uuid REFERENCES guard.principal,
    sealed bytea NOT NULL,
    code_hash bytea NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE UNIQUE INDEX ON guard.pending (code_hash) WHERE kind = 'enrolment';
-- The guard's own letters (codes); recipient and text are sealed here too.
CREATE TABLE guard.letter (
    id uuid PRIMARY KEY,
    site_id uuid,
    person_id uuid,
    purpose text NOT NULL,
    sealed bytea,                         -- destroyed when sent
    posted_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'void')),
    attempts integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    last_error text
);
CREATE INDEX ON guard.letter (next_try_at) WHERE state = 'waiting';
CREATE TRIGGER ring AFTER INSERT ON guard.letter
    FOR EACH STATEMENT EXECUTE FUNCTION guard.ring();

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA guard TO ls_guard;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA guard TO ls_guard;

-- The ledger. seq is the leaf's place in the Merkle log: from 0, without gaps.
CREATE TABLE guard.ledger (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    verb text NOT NULL,
    principal_kind text NOT NULL,
    principal_id text NOT NULL,
    session_id uuid,
    address text NOT NULL,
    purpose text NOT NULL,
    site_id uuid,
    fields text[] NOT NULL,
    outcome text NOT NULL,
    records uuid[] NOT NULL,
    persons uuid[] NOT NULL,
    entry bytea NOT NULL,                 -- the canonical bytes that were hashed
    leaf_hash bytea NOT NULL
);
CREATE INDEX ON guard.ledger (principal_id, seq);
CREATE INDEX ON guard.ledger (session_id, seq) WHERE session_id IS NOT NULL;
CREATE INDEX ON guard.ledger (address, seq) WHERE address <> '';
CREATE INDEX ON guard.ledger (site_id, seq);
CREATE TABLE guard.ledger_record (
    record_id uuid NOT NULL, seq bigint NOT NULL REFERENCES guard.ledger,
    PRIMARY KEY (record_id, seq)
);
CREATE TABLE guard.ledger_person (
    person_id uuid NOT NULL, seq bigint NOT NULL REFERENCES guard.ledger,
    PRIMARY KEY (person_id, seq)
);
-- For the verifier, which reads in the order of seq; they grow in that order too.
CREATE INDEX ON guard.ledger_record USING brin (seq) WITH (autosummarize = on);
CREATE INDEX ON guard.ledger_person USING brin (seq) WITH (autosummarize = on);
CREATE TABLE guard.ledger_head (          -- one row: size and the RFC 6962 compact range
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    size bigint NOT NULL,
    frontier bytea[] NOT NULL
);
INSERT INTO guard.ledger_head (size, frontier) VALUES (0, '{}');
CREATE TABLE guard.checkpoint (
    size bigint PRIMARY KEY,
    root bytea NOT NULL,
    frontier bytea[] NOT NULL,
    note text NOT NULL,
    signed_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON guard.ledger, guard.ledger_record, guard.ledger_person, guard.checkpoint
    TO ls_guard;
GRANT SELECT, UPDATE ON guard.ledger_head TO ls_guard;

CREATE FUNCTION guard.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'guard.% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.ledger
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.ledger_record
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.ledger_person
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guard.checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION guard.refuse_change();

--step 2
-- Payment providers' keys. Sealed by a key derived from the master key, replaced, never shown.
CREATE TABLE guard.provider_secret (
    site_id uuid NOT NULL REFERENCES guard.site,
    provider text NOT NULL CHECK (provider IN ('stripe', 'link')),
    name text NOT NULL CHECK (name IN ('api', 'webhook')),
    sealed bytea NOT NULL,
    last4 text NOT NULL,
    set_by text NOT NULL,
    set_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, provider, name)
);
GRANT SELECT, INSERT, UPDATE ON guard.provider_secret TO ls_guard;

--step 3
-- One-click unsubscribing (RFC 8058): the address that goes into the letter's headers.
ALTER TABLE guard.postbox ADD COLUMN unsubscribe text NOT NULL DEFAULT ''
    CHECK (length(unsubscribe) <= 500);
GRANT INSERT (unsubscribe) ON guard.postbox TO ls_worker;
-- Whose order it is: the member who placed it, or who proved to be that guest.
ALTER TABLE guard.record ADD COLUMN claimed_by uuid REFERENCES guard.principal;
CREATE INDEX ON guard.record (claimed_by, deposited_at) WHERE claimed_by IS NOT NULL;
-- Since when somebody waits to be erased: what destroys keys begins here.
ALTER TABLE guard.person ADD COLUMN left_at timestamptz;
CREATE INDEX ON guard.person (left_at) WHERE left_at IS NOT NULL;
-- Letters that came back for good. The worker learns of which records, and writes to them no more.
CREATE TABLE guard.returned (
    record_id uuid PRIMARY KEY,
    site_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES guard.person,
    reason text NOT NULL,                 -- a status such as 5.1.1
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON guard.returned (site_id, at);
CREATE INDEX ON guard.returned (person_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON guard.returned TO ls_guard;
GRANT SELECT (record_id, site_id, at) ON guard.returned TO ls_worker;
ALTER TABLE guard.returned ENABLE ROW LEVEL SECURITY;
ALTER TABLE guard.returned FORCE ROW LEVEL SECURITY;
CREATE POLICY worker_reads ON guard.returned FOR SELECT TO ls_worker USING (
    site_id = ANY (string_to_array(current_setting('lockstitch.site_ids', true), ',')::uuid[]));
CREATE POLICY guard_sees_all ON guard.returned TO ls_guard USING (true) WITH CHECK (true);

--step 4
-- Budgets count an operator's looks of the last day.
CREATE INDEX ON guard.ledger (principal_id, at) WHERE verb IN ('reveal', 'step_up');
-- Where no operator may look at people for now; the nil uuid: nowhere.
CREATE TABLE guard.frozen (site_id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
GRANT SELECT, INSERT, DELETE ON guard.frozen TO ls_guard;

-- Files that come in: see schema.sql.

--step 10
-- The worker seals originals to the shop's public key, as the desk seals deposits.
GRANT SELECT ON guard.site_public_key TO ls_worker;

-- What was found in an upload.
ALTER TABLE guard.signal DROP CONSTRAINT signal_kind_check;
ALTER TABLE guard.signal ADD CONSTRAINT signal_kind_check CHECK (kind IN ('method', 'missing',
    'scanner', 'host', 'framing', 'report', 'script', 'state', 'capture', 'payment', 'page',
    'deposit', 'decoy', 'file', 'upload'));

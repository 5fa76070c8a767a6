-- Step 13 of guard/schema.sql, in a file of its own: whoever has many entries and disclosed nothing
-- (a list of stolen logins, tried from one address) is answered for as fast as whoever disclosed
-- much. The condition is guard.who_saw.DISCLOSED, word for word.

--step 13
CREATE INDEX ON guard.ledger (principal_id, seq)
    WHERE verb IN ('reveal', 'export', 'deliver') AND outcome = 'ok';
CREATE INDEX ON guard.ledger (address, seq)
    WHERE verb IN ('reveal', 'export', 'deliver') AND outcome = 'ok';

"""Brings schema guard up to date: numbered steps from schema*.sql, each in its own transaction."""

import re
from pathlib import Path

import psycopg

# PostgreSQL 18 has uuidv7(); before it, the same 48-bit milliseconds in front of random bits.
_UUIDV7 = """
CREATE FUNCTION public.uuidv7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
        substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$"""
_LOCK = 0x6C735F6D  # one migration at a time


def steps() -> list[tuple[int, str]]:
    """The numbered steps, in order."""
    found: dict[int, str] = {}
    for file in sorted(Path(__file__).parent.glob("schema*.sql")):
        parts = re.split(r"^--step (\d+)$", file.read_text(), flags=re.M)[1:]
        found |= {int(number): body for number, body in zip(parts[::2], parts[1::2], strict=True)}
    return sorted(found.items())


def migrate(owner_url: str) -> list[int]:
    """Applies what is missing, as ls_owner; returns the numbers applied. Safe to repeat."""
    applied: list[int] = []
    with psycopg.connect(owner_url, autocommit=True) as db:
        db.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        if not db.execute("SELECT 1 FROM pg_proc WHERE proname = 'uuidv7'").fetchone():
            db.execute(_UUIDV7)
        known = current_step(db)
        for number, body in steps():
            if number <= known:
                continue
            with db.transaction():
                db.execute(body)  # without parameters: several statements at once
                db.execute(
                    "CREATE TABLE IF NOT EXISTS guard.schema_version"
                    " (step integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
                )
                db.execute("GRANT SELECT ON guard.schema_version TO ls_guard")
                db.execute("INSERT INTO guard.schema_version (step) VALUES (%s)", [number])
            applied.append(number)
    return applied


def current_step(db: psycopg.Connection) -> int:
    """The last step applied; 0 when there is no schema yet."""
    if db.execute("SELECT to_regclass('guard.schema_version')").fetchone() == (None,):
        return 0
    row = db.execute("SELECT coalesce(max(step), 0) FROM guard.schema_version").fetchone()
    return int(row[0]) if row else 0

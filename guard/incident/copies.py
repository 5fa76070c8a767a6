"""A6: what a copy of this database would hold of people. Looked at here, where it would be made.

Every record has the form of a sealed one; some are opened, which shows that they are under their
keys; and what they say stands nowhere in clear, in no table of the shops or of the guard.
"""

import re
from uuid import UUID

from guard.core import Core
from guard.db import Db, every, one
from guard.index import normal_phone
from guard.sealing import BUCKET_BYTES
from guard.vault import DamagedError

SAMPLED = 20  # records: of as many shops, the newest of each
ROWS_MAX = 50_000  # looked at in one table
WORD_MIN = 6  # characters: shorter ones stand anywhere
TELLING = ("email", "phone", "street")
ADDED = 12 + 16  # nonce and tag: see guard.keys.Box

_FORM = """SELECT count(*) AS total,
    count(*) FILTER (WHERE (octet_length(sealed) - %s) %% %s <> 0) AS odd
    FROM guard.record WHERE sealed <> ''"""
_SAMPLE = """SELECT r.record_id, r.site_id FROM guard.site s CROSS JOIN LATERAL (
        SELECT record_id, site_id FROM guard.record WHERE site_id = s.site_id
        AND kind IN ('order', 'profile') AND sealed <> '' ORDER BY deposited_at DESC LIMIT %s) r
    LIMIT %s"""
_PLACES = "SELECT * FROM guard.plain_places(%s, %s, %s)"


async def look(core: Core, db: Db) -> tuple[bool, str]:
    """Whether it holds, and the evidence."""
    form = await one(db, _FORM, [ADDED, BUCKET_BYTES]) or {"total": 0, "odd": 0}
    sites = await one(db, "SELECT count(*) AS count FROM guard.site")
    each = max(1, SAMPLED // max(1, sites["count"] if sites else 1))
    rows = await every(db, _SAMPLE, [each, SAMPLED])
    closed, words = await _words(core, db, [row["record_id"] for row in rows])
    places = await _places(db, {row["site_id"] for row in rows}, words) if words else []
    clear = [f"{name} ({times})" for name, times, _ in places if times]
    wrong = [
        *([f"{form['odd']} records do not have the form of sealed ones"] if form["odd"] else []),
        *([f"{closed} of {len(rows)} records do not open under their keys"] if closed else []),
        *([f"what they say stands in clear in {', '.join(clear)}"] if clear else []),
    ]
    if wrong:
        return False, "; ".join(wrong)
    looked = sum(looked for *_, looked in places)
    return True, (
        f"all {form['total']} records have the form of sealed ones; {len(rows)} of them open under"
        f" their keys, and their {len(words)} telling words stand nowhere in clear in {looked} rows"
        f" of {len(places)} tables - copies elsewhere and of other times are not looked into"
    )


async def _words(core: Core, db: Db, ids: list[UUID]) -> tuple[int, list[str]]:
    """How many do not open, and what the others say that tells who it is, as patterns of LIKE."""
    words: set[str] = set()
    closed = 0
    for record in (await core.vault.find(db, ids)).values():
        try:
            fields = await core.vault.open(db, record)
        except DamagedError:
            closed += 1
            continue
        said = {fields.get(name, "") for name in TELLING} | {normal_phone(fields.get("phone", ""))}
        words |= {each for each in said if len(each) >= WORD_MIN}
    return closed, [f"%{re.sub(r'([%_\\])', r'\\\1', word)}%" for word in sorted(words)]


async def _places(db: Db, sites: set[UUID], words: list[str]) -> list[tuple[str, int, int]]:
    rows = await every(db, _PLACES, [list(sites), words, ROWS_MAX])
    return [(row["place"], row["times"], row["looked"]) for row in rows]

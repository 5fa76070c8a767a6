"""The end of the ledger, looked at again and again: what was there a second ago is there still.

The whole is recomputed by `lockstitch ledger verify` and by each assessment; a witness outside sees
what a superuser does to ledger and guard together. This finds, within a second or two, what is done
to the rows alone.
"""

from datetime import UTC, datetime, timedelta

from guard.db import Db, every, one
from guard.merkle import leaf_hash
from guard.watch.rules import Finding

STEP = timedelta(seconds=1)
LONG = 512  # entries

_ROWS = "SELECT seq, entry, leaf_hash FROM guard.ledger WHERE seq >= %s ORDER BY seq"


class Tail:
    """What it saw last time, in memory: nobody in the database can change that."""

    def __init__(self) -> None:
        self._looked = datetime.now(UTC)
        self._known: dict[int, bytes] = {}
        self._size = 0
        self._refused: set[str] = set()

    async def look(self, db: Db) -> list[Finding]:
        now = datetime.now(UTC)
        if now - self._looked < STEP:
            return []
        self._looked = now
        head = await one(db, "SELECT size FROM guard.ledger_head")
        size = head["size"] if head else 0
        rows = await every(db, _ROWS, [max(0, min(self._size, size) - LONG)])
        there = {row["seq"]: bytes(row["leaf_hash"]) for row in rows}
        wrong = sorted(
            {seq for seq, leaf in self._known.items() if there.get(seq, b"") != leaf}
            | {row["seq"] for row in rows if leaf_hash(row["entry"]) != bytes(row["leaf_hash"])}
        )
        found = [
            Finding("ledger.fork", str(seq), now, evidence={"seq": seq, "count": len(wrong)})
            for seq in wrong[:1]
        ]
        if size < self._size:
            evidence = {"was": self._size, "now": size}
            found.append(Finding("ledger.fork", "size", now, evidence=evidence))
        self._size = max(self._size, size)
        self._known = {seq: there[seq] for seq in sorted(there)[-LONG:]}
        return found + await self._witnesses(db, now)

    async def _witnesses(self, db: Db, now: datetime) -> list[Finding]:
        """Those that began to disagree since the last look."""
        rows = await every(
            db, "SELECT url, refused_why FROM guard.witness WHERE refused_at IS NOT NULL"
        )
        new = [row for row in rows if row["url"] not in self._refused]
        self._refused = {row["url"] for row in rows}
        return [
            Finding("ledger.witness", row["url"], now, evidence={"what": row["refused_why"]})
            for row in new
        ]

"""Has witnesses cosign the checkpoints (C2SP tlog-witness), and notes when one disagrees.

A witness that is ahead of the ledger, or does not see the old one in the new one, has seen another
history. The ledger goes on, and Health says so from then on.
"""

import asyncio
import base64
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from guard import audit
from guard.checkpoints import Checkpoints
from guard.db import Pool, one
from guard.entry import system_entry
from guard.ledger import Ledger
from guard.outward import Answered, NoAnswer, Request, exchange
from guard.proofs import Log

SECONDS_BETWEEN = 0.25
FRESH_SECONDS = 15.0  # an unchanged checkpoint is shown again, so that silence means something
ASK_SECONDS = 5.0

_SUCCESSION = """SELECT size, note FROM guard.succession JOIN guard.checkpoint USING (size)
    WHERE size > %s AND size < %s ORDER BY size LIMIT 1"""

log = logging.getLogger("guard")


class Cosigner(NamedTuple):
    """A witness: where it is asked, and the key that its cosignatures verify with."""

    url: str
    key: audit.Key


class Cosigning:
    def __init__(
        self, pool: Pool, ledger: Ledger, checkpoints: Checkpoints, folder: Path,
        witnesses: tuple[tuple[str, audit.Key], ...],
    ) -> None:  # fmt: skip
        self._pool, self._ledger, self._checkpoints = pool, ledger, checkpoints
        self._folder = folder / "log"
        self._cosigners = [Cosigner(*each) for each in witnesses]
        self._lines: dict[int, dict[str, str]] = {}  # of the newest size: by witness's name
        self._threads = ThreadPoolExecutor(max(1, len(witnesses)), thread_name_prefix="witness")

    async def run(self) -> None:
        """Each witness by itself, so that one that hangs holds no other up. Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for cosigner in self._cosigners:
                group.create_task(self._keep_asking(cosigner))

    async def _keep_asking(self, cosigner: Cosigner) -> None:
        done, at = 0, 0.0
        clock = asyncio.get_running_loop().time
        while True:
            size, text = self._checkpoints.latest
            due = size > done or clock() - at > FRESH_SECONDS
            if size and due and self._checkpoints.tiles.size() >= size:
                try:
                    if await self._ask(cosigner, size, text):
                        done, at = size, clock()
                except Exception as error:  # whatever it answers, the next is asked again
                    log.warning("witness %s: %s", cosigner.key.name, type(error).__name__)
                    await asyncio.sleep(1)
            await asyncio.sleep(SECONDS_BETWEEN)

    async def _ask(self, cosigner: Cosigner, size: int, text: str) -> bool:
        """Whether it cosigned."""
        old = await self._last_size(cosigner)
        for _ in range(2):  # it may know another size than we remember
            # It has to see a new key before what that key has signed.
            before = await self._succession(old, size)
            at, shown = before or (size, text)
            answered = await self._submit(cosigner, min(old, at), at, shown)
            if answered.status != 409:
                break
            known = int(answered.body.decode().strip())
            if known == old or known > size:
                break
            old = known
        if answered.status == 200:
            await self._cosigned(cosigner, at, shown, answered.body.decode())
            return before is None
        if answered.status == 409:
            if known > await self._signed():
                await self._refused(cosigner, f"it has {known} entries, the ledger fewer")
            elif known == old == at:
                await self._refused(cosigner, f"it has another root of {known} entries")
        elif answered.status == 422:
            await self._refused(cosigner, f"{at} entries do not begin with the {old} it knows")
        raise NoAnswer(f"status {answered.status}")

    async def _submit(self, cosigner: Cosigner, old: int, size: int, text: str) -> Answered:
        proof: list[bytes] = []
        if 0 < old < size:
            made = await asyncio.to_thread(Log, self._folder)
            proof = await asyncio.to_thread(made.consistency, old, size)
        lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof)]
        body = "\n".join(lines) + "\n\n" + text
        request = Request("POST", cosigner.url, "/add-checkpoint", {}, body.encode())
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, exchange, request, ASK_SECONDS)

    async def _cosigned(self, cosigner: Cosigner, size: int, text: str, lines: str) -> None:
        """Keeps the line that verifies; raises audit.Wrong when none does."""
        for line in lines.splitlines(keepends=True):
            found = audit.read_checkpoint(text.partition("\n\n")[0] + "\n\n" + line)
            at = audit.signed_at(found, cosigner.key)
            if at is not None:
                break
        else:
            raise audit.Wrong("not this witness's cosignature")
        name = cosigner.key.name
        async with self._pool.connection() as db, db.transaction():
            await db.execute(
                "INSERT INTO guard.cosignature (size, witness, line, at) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                [size, name, line, at],
            )
            await db.execute(
                "INSERT INTO guard.witness AS w (url, last_size, last_at) VALUES (%s, %s, %s)"
                " ON CONFLICT (url) DO UPDATE SET last_at = excluded.last_at,"
                " last_size = greatest(w.last_size, excluded.last_size)",
                [cosigner.url, size, datetime.now(UTC)],
            )
        if size < max(self._lines, default=0):
            return
        self._lines = {size: {**self._lines.get(size, {}), name: line}}
        signed = "".join(line for _, line in sorted(self._lines[size].items()))
        await self._checkpoints.tiles.cosign(size, text + signed)

    async def _refused(self, cosigner: Cosigner, why: str) -> None:
        """Stays on record; the first time it is an entry of the ledger too."""
        async with self._pool.connection() as db, db.transaction():
            row = await one(
                db,
                "INSERT INTO guard.witness AS w (url, refused_at, refused_why)"
                " VALUES (%s, now(), %s) ON CONFLICT (url) DO UPDATE"
                " SET refused_at = excluded.refused_at, refused_why = excluded.refused_why"
                " WHERE w.refused_at IS NULL RETURNING url",
                [cosigner.url, why],
            )
            if row is not None:
                log.error("witness %s disagrees: %s", cosigner.key.name, why)
                purpose = f"witness.{cosigner.key.name}"
                entry = system_entry("ledger", "witness.refused", purpose=purpose)
                await self._ledger.append_in(db, [entry])

    async def _last_size(self, cosigner: Cosigner) -> int:
        async with self._pool.connection() as db:
            query = "SELECT last_size FROM guard.witness WHERE url = %s"
            row = await one(db, query, [cosigner.url])
        return int(row["last_size"]) if row else 0

    async def _succession(self, old: int, size: int) -> tuple[int, str] | None:
        """The first that a witness of `old` entries has not seen: its size and note."""
        async with self._pool.connection() as db:
            row = await one(db, _SUCCESSION, [old, size])
        return (row["size"], row["note"]) if row else None

    async def _signed(self) -> int:
        async with self._pool.connection() as db:
            row = await one(db, "SELECT max(size) AS size FROM guard.checkpoint")
        return int(row["size"] or 0) if row else 0

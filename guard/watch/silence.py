"""A sensor that says nothing is an alarm itself."""

from datetime import UTC, datetime, timedelta

from guard.db import Db, every
from guard.watch.rules import Finding

SILENT_AFTER = timedelta(seconds=4)  # and a look each second: an alarm within five
GRACE = timedelta(seconds=60)  # for the first sign of life after the guard's own start
STEP = timedelta(seconds=1)


class Silence:
    """`expected` are those that must be there; any other counts from its first beat on."""

    def __init__(self, expected: tuple[str, ...]) -> None:
        self._expected = expected
        self._began = datetime.now(UTC)
        self._looked = self._began

    async def look(self, db: Db) -> list[Finding]:
        now = datetime.now(UTC)
        if now - self._looked < STEP:
            return []
        paused, self._looked = now - self._looked, now
        if paused > SILENT_AFTER:  # it was we who slept: they get their time anew
            return [Finding("sensor.silent", "watch", now, evidence={"seconds": paused.seconds})]
        rows = await every(db, "SELECT name, clock_timestamp() - at AS age, at FROM guard.beat")
        heard = {row["name"]: row for row in rows if row["at"] > self._began}
        silent = {n: row["age"] for n, row in heard.items() if row["age"] > SILENT_AFTER}
        if now - self._began > GRACE:
            silent |= {name: now - self._began for name in self._expected if name not in heard}
        return [
            Finding(
                "sensor.silent", name, now - age, evidence={"seconds": round(age.total_seconds())}
            )
            for name, age in sorted(silent.items())
        ]

"""Runs the scanners against a demo on this machine: `bin/scan --help`."""

import argparse
import asyncio
import json
import shutil
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from lockstitch.cli.demo_logins import logins
from lockstitch.cli.instance import ROOT, Instance
from tests.instance import call, folder, started
from tests.scanners import findings, openapi
from tests.scanners.findings import Finding
from tests.scanners.relay import Relay
from tests.scanners.runs import LEFT_OUT, RUNS, Run, Target, argv, starts_of
from tests.scanners.visitor import Visitor

EXPLAINED = ROOT / "docs" / "security" / "findings.toml"
GRACE_S, LANES = 40, 2


@dataclass
class Result:
    run: Run
    requests: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    refused: int = 0
    seconds: float = 0.0
    ended: str = ""  # why it ended, if not by itself
    noticed: dict[str, tuple[float, int]] = field(default_factory=dict)  # rule -> after s, times
    found: list[Finding] = field(default_factory=list)


class Scan:
    def __init__(self, instance: Instance, programs: Path, report: Path, seconds: int) -> None:
        self.instance, self.programs, self.seconds = instance, programs, seconds
        self.report = report
        self.port = instance.existing().port
        self.routes: list[dict[str, Any]] = json.loads(
            call(instance.data, "routes", "--json").stdout
        )
        self._signing = asyncio.Lock()

    async def all(self, runs: list[Run]) -> list[Result]:
        """Each in its turn, two at a time."""
        left, done = list(enumerate(runs)), list[Result]()

        async def lane() -> None:
            while left:
                number, run = left.pop(0)
                print(f"  {run.name} ...", flush=True)
                result = await self._one(number, run)
                print(f"  {run.name}: {result.requests} requests, {result.seconds:.0f} s,"
                      f" {len(set(result.found))} findings {result.ended}", flush=True)  # fmt: skip
                done.append(result)

        await asyncio.gather(*(lane() for _ in range(LANES)))
        return sorted(done, key=lambda each: runs.index(each.run))

    async def _one(self, number: int, run: Run) -> Result:
        place = self.report / run.name.replace("/", "-")
        place.mkdir(parents=True)
        result = Result(run)
        ports = (self.port, self.port + 1)
        async with Relay(f"127.{20 + number}.0.1", ports) as relay:
            async with self._signing:
                target = await asyncio.to_thread(self._prepare, run, relay, place)
            began, before, relay.began_at = time.monotonic(), relay.requests, time.time()
            result.ended = await self._call(run, target, place)
            result.seconds = time.monotonic() - began
            result.requests = relay.requests - before
            result.answers = dict(sorted(relay.answers.items()))
            result.refused = sum(relay.refused.values())
            result.found = list(self._read(run, place, relay))
            result.noticed = self._noticed(relay)
        return result

    def _prepare(self, run: Run, relay: Relay, place: Path) -> Target:
        """Signs in, walks through the pages, and writes down what was met."""
        shop = f"http://north.localhost:{self.port}"
        console, desk = (
            f"http://console.localhost:{self.port}",
            f"http://desk.console.localhost:{self.port + 1}",
        )
        origin = {
            "shop": shop, "console": console, "desk_console": desk,
            "desk": f"http://desk.north.localhost:{self.port + 1}",
        }[run.host]  # fmt: skip
        visitor, known = Visitor(relay.url, shop), logins(self.instance)
        if run.who == "member":
            visitor.sign_in_member(known)
        elif run.who:
            visitor.sign_in_operator(desk, getattr(known, run.who), known)
        starts = tuple(origin + path for path in starts_of(run))
        if run.host == "shop":
            starts += (visitor.shop_a_little(), origin + "/cart/")
        walked = visitor.walk(starts, openapi.matcher(self.routes, run.host))
        document = openapi.document(
            self.routes, run.host, seen=walked.seen, fields=walked.fields, without=LEFT_OUT
        )
        (place / "openapi.json").write_text(json.dumps(document, ensure_ascii=False, indent=1))
        host = origin.split("/")[2].partition(":")[0]
        surface = "desk" if host.startswith("desk.") else "shop"
        return Target(
            origin, starts, relay.url, place, self.seconds,
            cookie=visitor.cookies(host), csrf=visitor.csrf(host, surface),
            queries=tuple(walked.queries), posts=tuple(walked.posts.values()),
        )  # fmt: skip

    async def _call(self, run: Run, target: Target, place: Path) -> str:
        """Runs the scanner to its end, or to the end of its time."""
        with (place / "said.txt").open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                *argv(run, target, self.programs), cwd=place, stdin=asyncio.subprocess.DEVNULL,
                stdout=said, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
            try:
                await asyncio.wait_for(process.wait(), target.seconds + GRACE_S)
            except TimeoutError:
                process.terminate()
                with suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), 10)
                if process.returncode is None:
                    process.kill()
                return "(stopped at the end of its time)"
        return ""

    def _read(self, run: Run, place: Path, relay: Relay) -> list[Finding]:
        found = [
            Finding("relay", what, findings.IDS.sub("<id>", f"{run.name} {where}"))
            for where, what in relay.failed.items()
        ]
        sources = {
            "wapiti": (place / "report.json", findings.of_wapiti),
            "sqlmap": (place, findings.of_sqlmap),
            "schemathesis": (place / "events.ndjson", findings.of_schemathesis),
        }
        source, read = sources[run.scanner]
        if not source.exists() or not relay.requests:
            return [*found, Finding("bin/scan", "no report", run.name, "see said.txt")]
        return [*found, *read(source, run.name)]

    def _noticed(self, relay: Relay) -> dict[str, tuple[float, int]]:
        """What the product's own watch said of this source, and how soon."""
        with psycopg.connect(self.instance.cluster.url("ls_owner")) as db:
            rows = db.execute(
                "SELECT rule, extract(epoch FROM min(raised_at))::float, sum(times)::int"
                " FROM guard.alert WHERE (subject = %(it)s OR evidence->>'source' = %(it)s)"
                " AND raised_at >= to_timestamp(%(at)s) GROUP BY rule ORDER BY 2",
                {"it": relay.source, "at": relay.began_at},
            ).fetchall()
        return {rule: (round(at - relay.began_at, 1), times) for rule, at, times in rows}


def summary(results: list[Result], known: list[findings.Explained]) -> tuple[str, bool]:
    """What is printed, and whether everything is explained."""
    lines = [f"{'run':<30}{'requests':>9}{'s':>6}{'5xx':>5}{'found':>7}{'left':>6}  first noticed"]
    everything: list[Finding] = []
    for each in results:
        _, left = findings.split(each.found, known)
        everything += each.found
        failed = sum(n for status, n in each.answers.items() if status >= 500)
        rule = next(iter(each.noticed), "")
        first = f"{rule} after {each.noticed[rule][0]} s" if rule else "not at all"
        lines.append(
            f"{each.run.name:<30}{each.requests:>9}{each.seconds:>6.0f}{failed:>5}"
            f"{len(set(each.found)):>7}{len(left):>6}  {first} {each.ended}"
        )
    explained, left = findings.split(everything, known)
    lines += [f"\n{len(explained)} findings are explained in {EXPLAINED.relative_to(ROOT)}."]
    lines += [f"NOT EXPLAINED  {f.scanner}: {f.id}\n    {f.where}\n    {f.detail}" for f in left]
    return "\n".join(lines), not left


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bin/scan",
        description="Lets wapiti, sqlmap and schemathesis loose on a demo on this machine, and "
        "says which of their findings docs/security/findings.toml does not explain. Exit code 1 "
        "when there is one. No other machine is ever asked anything.",
    )
    parser.add_argument("--minutes", type=float, default=4.0, help="of each run at most (4)")
    parser.add_argument("--port", type=int, default=0, help="of the demo started for this scan")
    parser.add_argument("--data", type=Path, help="a demo that already runs, instead: it will be "
                        "full of nonsense afterwards")  # fmt: skip
    parser.add_argument("--only", default="", help="runs whose name holds this word")
    parser.add_argument("--report", type=Path, default=ROOT / ".scan" / "report")
    parser.add_argument("--programs", type=Path, default=ROOT / ".scan" / "venv" / "bin")
    asked = parser.parse_args()
    runs = [run for run in RUNS if asked.only in run.name]
    known = findings.explanations(EXPLAINED)
    shutil.rmtree(asked.report, ignore_errors=True)
    with ExitStack() as held:
        data = asked.data or held.enter_context(folder())
        if asked.data is None:
            print("Starting a demo for the scan", flush=True)
            held.enter_context(started(data, "--demo", port=asked.port))
        elif not Instance.at(data).is_running() or Instance.at(data).existing().kind != "demo":
            parser.error(f"{data} is no running demo")
        scan = Scan(Instance.at(data), asked.programs, asked.report, round(asked.minutes * 60))
        results = asyncio.run(scan.all(runs))
    text, well = summary(results, known)
    (asked.report / "summary.txt").write_text(text + "\n")
    facts = [
        {
            "run": each.run.name, "requests": each.requests, "seconds": round(each.seconds, 1),
            "answers": each.answers, "refused_by_relay": each.refused, "noticed": each.noticed,
            "findings": [vars(f) for f in sorted(set(each.found))],
        }
        for each in results
    ]  # fmt: skip
    (asked.report / "summary.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1))
    print("\n" + text + f"\n\nThe scanners' own reports: {asked.report}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())

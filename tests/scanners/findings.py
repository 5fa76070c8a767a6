"""What the scanners report, in one form, and which of it is explained in
docs/security/findings.toml: there each has a `scanner`, an `id`, `where` it was found (a regular
expression over the whole of it) and `why` it is no hole."""

import csv
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, order=True)
class Finding:
    """`where`: run, method, path, parameter; ids in it as `<id>`: `wapiti/shop GET /items/ q`."""

    scanner: str
    id: str
    where: str
    detail: str = ""


@dataclass(frozen=True)
class Explained:
    scanner: str
    id: str
    where: str
    why: str

    def covers(self, finding: Finding) -> bool:
        same = (self.scanner, self.id) == (finding.scanner, finding.id)
        return same and re.fullmatch(self.where, finding.where) is not None


def explanations(file: Path) -> list[Explained]:
    """Raises ValueError for one that explains nothing, or that would cover any place."""
    known = [Explained(**each) for each in tomllib.loads(file.read_text()).get("explained", [])]
    for each in known:
        if len(each.why) < 20 or re.fullmatch(each.where, ""):
            raise ValueError(f"{file.name}: {each.id}: say where, and why")
    return known


def split(
    found: Iterable[Finding], known: Iterable[Explained]
) -> tuple[list[tuple[Finding, Explained]], list[Finding]]:
    """Those explained, and those not."""
    known = list(known)
    explained, left = [], []
    for finding in sorted(set(found)):
        why = next((each for each in known if each.covers(finding)), None)
        explained.append((finding, why)) if why else left.append(finding)
    return explained, left


def of_wapiti(report: Path, run: str) -> Iterator[Finding]:
    """Its JSON report: vulnerabilities and anomalies; `additionals` are remarks on what is used."""
    said = json.loads(report.read_text())
    for kind in ("vulnerabilities", "anomalies"):
        for name, found in said.get(kind, {}).items():
            for each in found:
                path = urlsplit(each["path"]).path
                where = _where(run, each["method"], path, each.get("parameter") or "")
                yield Finding("wapiti", name, where, each["info"][:300])


def of_sqlmap(folder: Path, run: str) -> Iterator[Finding]:
    """Its table of results: a line for each parameter that can be injected into, and for each that
    it thought so of until its own second look."""
    for table in folder.glob("results-*.csv"):
        for row in csv.DictReader(table.open(newline="")):
            if row.get("Parameter") and "false positive" not in row.get("Note(s)", ""):
                path, place = urlsplit(row["Target URL"]).path, row.get("Place", "")
                where = _where(run, place, path, row["Parameter"])
                yield Finding("sqlmap", "injection", where, row.get("Technique(s)", ""))


def of_schemathesis(events: Path, run: str) -> Iterator[Finding]:
    """Its events, one a line: each failed check of each scenario."""
    for line in events.read_text().splitlines():
        event = json.loads(line)
        scenario = event.get("ScenarioFinished")
        if not scenario:
            continue
        recorder = scenario["recorder"]
        for case_id, checks in recorder.get("checks", {}).items():
            for check in checks:
                if check["status"] != "failure":
                    continue
                asked = recorder.get("interactions", {}).get(case_id, {}).get("request", {})
                path = urlsplit(asked.get("uri", "")).path
                where = _where(run, asked.get("method", "?"), path or recorder["label"], "")
                failure = check.get("failure_info") or {}
                detail = str((failure.get("failure") or {}).get("title") or "")
                yield Finding("schemathesis", check["name"], where, detail[:300])


def _where(run: str, method: str, path: str, parameter: str) -> str:
    return IDS.sub("<id>", f"{run} {method} {path} {parameter}".strip())[:300]

"""The drill holds on what is there, and fails without any one defence."""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from lockstitch.cli.drill import command as drilling
from lockstitch.cli.drill.breaking import breaks, drilled, failures
from lockstitch.cli.drill.command import latency, stages
from lockstitch.cli.instance import ROOT
from tests.filled import filled
from tests.instance import Running, call, command


@pytest.mark.parametrize("name", list(breaks()))
def test_what_is_taken_out_is_there_once(name: str) -> None:
    wanted = breaks()[name]
    assert (ROOT / wanted.file).read_text().count(wanted.find) == 1
    assert wanted.find not in wanted.replace or wanted.replace != wanted.find


def test_each_stage_has_a_defence_that_can_be_taken_out() -> None:
    names = {stage[0] for stage in stages()}
    assert {each.stage for each in breaks().values()} == names | {"assessment", "trust"}


def test_latencies_of_many_runs() -> None:
    def once(seconds: float | None) -> dict[str, object]:
        seen = {"rule": "edge.scan", "class": "D1", "seconds": seconds}
        return {"stages": [{"detections": [seen]}]}

    [row] = latency([once(n / 100) for n in range(1, 101)] + [once(None)])
    assert (row["n"], row["missed"], row["p50"], row["p99"], row["max"]) == (101, 1, 0.5, 0.99, 1.0)


def test_what_was_measured_until_ctrl_c_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def once(*_: object, turn: int, **__: object) -> dict[str, object]:
        if turn == 2:
            raise KeyboardInterrupt
        return {"stages": [], "assessment": {}, "trust": [], "holds": True}

    monkeypatch.setattr(drilling, "run", once)
    monkeypatch.setattr(drilling, "setup", lambda _instance: None)
    here = SimpleNamespace(is_running=lambda: True)
    done = CliRunner().invoke(drilling.drill, ["--json", "--times", "9"], obj=here)
    assert json.loads(done.stdout)["latency"] == []
    assert (done.exit_code, done.stderr) == (1, "1 of 9\n2 of 9\n")


@pytest.mark.slow
def test_the_break_in_fails_at_every_stage_and_is_accounted_for() -> None:
    with filled() as (up, _world):
        done = subprocess.run(
            [*command(up.data), "drill", "--json", "--quick"], cwd=ROOT, capture_output=True,
            text=True, check=False, timeout=500,
        )  # fmt: skip
        audited = _packed(up)
    found = json.loads(done.stdout)
    assert {each["id"]: each["failures"] for each in found["stages"] if not each["holds"]} == {}
    assert [each["what"] for each in found["trust"] if not each["holds"]] == []
    answer = found["assessment"]
    assert (answer["recall"], answer["recall_in_flight"]) == (1.0, 1.0)
    assert answer["cannot_be_excluded"] == 0
    assert done.returncode == 0
    assert audited.startswith("sound: ")


def _packed(up: Running) -> str:
    """What the auditor says of the evidence, beside nothing but the pack's own files."""
    case = call(up.data, "incident", "open", "the drill's own").stdout.strip()
    done = call(up.data, "incident", "assess", "--from", "2026-01-01", "--case", case,
                "--address", "127.66.10.66")  # fmt: skip
    assert done.returncode == 0, done.stderr
    out = up.data.parent / "pack"
    done = call(up.data, "incident", "pack", case, "--out", str(out))
    assert done.returncode == 0, done.stderr
    audit = [sys.executable, "-I", "audit.py", "--pack", "entries.json", "--pub", "ledger.pub"]
    said = subprocess.run(audit, cwd=out, capture_output=True, text=True, check=False).stdout
    pack = json.loads((out / "entries.json").read_text())
    pack["entries"][3]["entry"] = pack["entries"][4]["entry"]
    (out / "entries.json").write_text(json.dumps(pack))
    again = subprocess.run(audit, cwd=out, capture_output=True, text=True, check=False).stdout
    assert again.startswith("NOT SOUND: entry")
    return said


@pytest.mark.slow
def test_without_a_second_person_it_fails_where_orders_are_downloaded() -> None:
    assert "S11" in failures(drilled(breaks()["second-person"]))

"""The drill's own incident: what the assessment says of it, beside what really happened."""

from datetime import datetime
from typing import Any

import msgspec

from lockstitch.cli.drill.ground import Ground
from lockstitch.cli.drill.report import Stage
from lockstitch.cli.drill.tracks import assess
from lockstitch.cli.incident import people_of, totals

_PASSED = """SELECT DISTINCT person_id FROM guard.record
    WHERE site_id = %s AND deposited_at BETWEEN %s AND %s AND kind = 'order'"""


def compare(
    ground: Ground, stages: list[Stage], since: datetime, until: datetime
) -> dict[str, Any]:
    """Recall and precision of the set `disclosed`; of `in_flight` the recall. The indicators are
    what an investigator has: the sources, the operators, the processes."""
    said = assess(
        ground, since, until=until, addresses=_sources(ground, since),
        operators=[each.id for each in ground.operators.values()],
        processes=["shop", "desk", "database"],
    )  # fmt: skip
    people = list(people_of(said.assessment_id))
    named = {each.person_id for each in people if each.kind == "disclosed"}
    counted = named | {each.person_id for each in people if each.kind == "in_flight"}
    really = set().union(*(stage.disclosed for stage in stages))
    rows = ground.db.execute(_PASSED, [ground.site.id, since, until]).fetchall()
    passed = {row[0] for row in rows}
    missing = len(really - named) + len(passed - counted)
    return {
        "assessment_id": str(said.assessment_id), "really_disclosed": len(really),
        "really_in_flight": len(passed),
        "recall": _share(len(really & named), len(really)),
        "precision": _share(len(really & named), len(named)),
        "recall_in_flight": _share(len(passed & counted), len(passed)),
        **totals(said), "holds": missing == 0,
        "assumptions": msgspec.to_builtins(said.assumptions),
    }  # fmt: skip


def _sources(ground: Ground, since: datetime) -> list[str]:
    """Every address of the drill that the ledger has."""
    rows = ground.db.execute(
        "SELECT DISTINCT address FROM guard.ledger WHERE at >= %s AND address LIKE %s",
        [since, f"{ground.network}.%"],
    ).fetchall()
    return [row[0] for row in rows]


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0

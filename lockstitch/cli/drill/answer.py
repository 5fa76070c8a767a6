"""The drill's own incident: what the assessment says of it, beside what really happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from guard.wire import PEOPLE_PAGE_MAX, AssessedPerson, GetAssessed
from lockstitch.cli.drill.ground import Ground
from lockstitch.cli.drill.report import Stage
from lockstitch.cli.drill.tracks import assess

SETS = ("disclosed", "in_flight", "sealed_only", "cannot_be_excluded")
_PASSED = """SELECT DISTINCT person_id FROM guard.record
    WHERE site_id = %s AND deposited_at BETWEEN %s AND %s AND kind = 'order'"""


def compare(
    ground: Ground, stages: list[Stage], since: datetime, until: datetime
) -> dict[str, Any]:
    """Recall and precision of the set `disclosed`; of `in_flight` the recall. The indicators are
    what an investigator has: the sources, the operators, the processes."""
    said = assess(
        ground, since, until=until, addresses=_sources(ground),
        operators=[each.id for each in ground.operators.values()],
        processes=["shop", "desk", "database"],
    )  # fmt: skip
    people = list(_people(ground, said.assessment_id))
    named = {each.person_id for each in people if each.kind == "disclosed"}
    counted = named | {each.person_id for each in people if each.kind == "in_flight"}
    really = set().union(*(stage.disclosed for stage in stages))
    rows = ground.db.execute(_PASSED, [ground.site.id, since, until]).fetchall()
    passed = {row[0] for row in rows}
    totals = {kind: sum(getattr(site, kind).people for site in said.sites) for kind in SETS}
    missing = len(really - named) + len(passed - counted)
    return {
        "assessment_id": str(said.assessment_id), "really_disclosed": len(really),
        "really_in_flight": len(passed),
        "recall": _share(len(really & named), len(really)),
        "precision": _share(len(really & named), len(named)),
        "recall_in_flight": _share(len(passed & counted), len(passed)),
        **totals, "holds": missing == 0,
        "assumptions": msgspec.to_builtins(said.assumptions),
    }  # fmt: skip


def _sources(ground: Ground) -> list[str]:
    """Every address of the drill that the ledger has."""
    rows = ground.db.execute(
        "SELECT DISTINCT address FROM guard.ledger WHERE address LIKE '127.66.%%'"
    ).fetchall()
    return [row[0] for row in rows]


def _people(ground: Ground, assessment_id: UUID) -> list[AssessedPerson]:
    found: list[AssessedPerson] = []
    more = True
    while more:
        after = found[-1].person_id if found else None
        ask = GetAssessed(assessment_id=assessment_id, after=after, limit=PEOPLE_PAGE_MAX)
        page = ground.cli.call(ask)
        found, more = found + page.people, page.more
    return found


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0

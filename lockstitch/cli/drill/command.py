"""`lockstitch drill`: the break-in of 2016, stage by stage, against a running instance."""

import math
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click
import psycopg

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import facts, say
from lockstitch.cli.progress import progress

if TYPE_CHECKING:
    from lockstitch.cli.drill.ground import Ground
    from lockstitch.cli.drill.report import Stage

PEOPLE, FAILURES_SHOWN = 120, 10


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option("--people", default=PEOPLE, show_default=True, type=click.IntRange(110, 10_000),
              help="So many people of nobody, whose every field is searched for.")  # fmt: skip
@click.option("--quick", is_flag=True, help="Two verbs a route in S1 in place of fourteen.")
@click.option("--only", multiple=True, metavar="STAGE", help="These stages; S7s for example.")
@click.option("--times", default=1, show_default=True, type=click.IntRange(1, 1000),
              help="Repeat, and say how soon each rule fired; Ctrl-C ends it early.")  # fmt: skip
@click.option("--break", "broken", metavar="RULE",
              help="Drill an instance of its own that has this defence taken out.")  # fmt: skip
@click.option("--breaks", is_flag=True, help="List the defences that can be taken out.")
@click.pass_obj
def drill(
    instance: Instance, *, as_json: bool, people: int, quick: bool, only: tuple[str, ...],
    times: int, broken: str | None, breaks: bool,
) -> None:  # fmt: skip
    """Replays the break-in against the running instance, on loopback, with harmless markers.

    Each stage is granted what the stages before it would have gained: a source's address, a file
    written, Python inside a live process, the web's database roles, the table of logins, an
    operator's session. It makes a shop of its own with people of nobody; no other shop's people
    are touched. Exit code 0 when every stage is stopped and seen, nobody is disclosed beyond what
    is declared, and the platform's own assessment names everybody who was.

    \b
      bin/up --demo &
      bin/lockstitch drill
      bin/lockstitch drill --break second-person     must fail, at S11
    """
    if breaks or broken:
        from lockstitch.cli.drill.breaking import break_one, list_breaks

        if breaks:
            list_breaks()
            return
        raise click.exceptions.Exit(break_one(broken or "", as_json=as_json))
    if not instance.is_running():
        raise click.ClickException("nothing runs here: start it first, with bin/up")
    setup(instance)
    runs: list[dict[str, Any]] = []
    with suppress(KeyboardInterrupt):  # then what was measured until now is told
        for turn in range(times):
            turned = run(instance, people=people, quick=quick, only=only, quiet=as_json, turn=turn)
            runs.append(turned)
            if times > 1:
                click.echo(f"{len(runs)} of {times}", err=True)
    if not runs:
        raise click.Abort
    found = runs[-1] | ({"latency": latency(runs)} if times > 1 else {})
    if as_json:
        facts(found)
    else:
        _print(found)
    if len(runs) < times or not all(each["holds"] for each in runs):
        raise click.exceptions.Exit(1)


def stages() -> "list[tuple[str, str, str, Callable[[Ground, Stage], None]]]":
    """In the order of security.md A: id, title, what is granted, the replay."""
    from lockstitch.cli.drill import database, edge, pages, people, process, tracks, uploads

    return [
        ("S0", "Scan", "the network", edge.scan),
        ("S1", "PUT left open", "the network", edge.methods),
        ("S2", "File past the virus check", "an operator's upload, verdict clean", uploads.upload),
        ("S3", "Web shell on disk", "files written as the shop's user, and more", process.files),
        ("S4", "Code in the process", "Python in a live shop and desk", process.code),
        ("S5", "Tool fetched, way out", "Python in shop, desk, worker", process.egress),
        ("S6", "Secrets looked for", "Python in the shop", process.discovery),
        ("S7", "Database dumped", "the web's roles, every shop", database.dump),
        ("S7s", "Database owned", "the superuser", database.superuser),
        ("S8", "Logins stolen", "all logins and sessions", people.stolen),
        ("S9", "Operator impersonated", "password and one-time code", people.login),
        ("S10", "Live session ridden", "an operator's session", people.session),
        ("S11", "Orders downloaded", "the session, one passkey touch", people.export),
        ("S11c", "Two people together", "two sessions, two passkeys", people.together),
        ("S12", "Members drained", "the worker's pass to the guard", people.drain),
        ("S13", "Amount lowered", "the web's roles, an order", database.money),
        ("S14", "Captured, unshipped", "SQL as the shop", database.states),
        ("S15", "Script through a form", "a shopper", pages.forms),
        ("S16", "Page tampered with", "files where scripts lie", pages.tampering),
        ("S17", "List attack", "pairs of other shops", people.storm),
        ("S18", "Tracks covered", "each role, then the superuser", tracks.tracks),
    ]


def run(
    instance: Instance,
    *,
    people: int,
    quick: bool,
    only: tuple[str, ...],
    quiet: bool,
    turn: int = 0,
) -> dict[str, Any]:
    """Django is set up already."""
    from lockstitch.cli.drill.answer import compare
    from lockstitch.cli.drill.report import Stage
    from lockstitch.cli.drill.seeding import clear_up, know_people, prepare
    from lockstitch.cli.drill.tracks import trust

    done: list[Stage] = []
    wanted = [each for each in stages() if not only or each[0] in only]
    with (
        psycopg.connect(instance.cluster.superuser_url(), autocommit=True) as db,
        progress("drill", quiet=quiet) as advance,
    ):
        ground = prepare(instance, db, people, turn)
        ground.quick = quick
        know_people(ground)
        since = until = ground.now()
        try:
            for number, (name, title, granted, replay) in enumerate(wanted):
                stage, began = Stage(name, title, granted, db), time.monotonic()
                try:
                    replay(ground, stage)
                except Exception as error:
                    stage.leaked(f"the drill itself: {type(error).__name__}: {error}"[:200])
                stage.took_s = time.monotonic() - began
                done.append(stage)
                if name != "S18":  # what it does to the ground is asked about apart
                    until = ground.now()
                advance(number + 1, len(wanted) + 2)
            answer = compare(ground, done, since, until)
            advance(len(wanted) + 1, len(wanted) + 2)
            grounds = [] if only else trust(ground, since)
        finally:
            clear_up(ground)
    holds = all(not stage.failures for stage in done) and bool(answer["holds"])
    return {
        "stages": [stage.facts() for stage in done], "assessment": answer, "trust": grounds,
        "holds": holds and all(each["holds"] for each in grounds),
    }  # fmt: skip


def latency(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By rule: how often it was waited for, and the seconds from the deed to its alert."""
    seen: dict[tuple[str, str], list[float | None]] = {}
    for each in (d for found in runs for stage in found["stages"] for d in stage["detections"]):
        seen.setdefault((each["rule"], each["class"]), []).append(each["seconds"])
    table = []
    for (rule, within), times in sorted(seen.items()):
        there = sorted(each for each in times if each is not None)
        table.append({
            "rule": rule, "class": within, "n": len(times), "missed": len(times) - len(there),
            "p50": _at(there, 0.5), "p99": _at(there, 0.99), "max": _at(there, 1.0),
        })  # fmt: skip
    return table


def _at(ordered: list[float], share: float) -> float | None:
    """The value below or at which this share of them lies."""
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)] if ordered else None


def _print(found: dict[str, Any]) -> None:
    for each in found["stages"]:
        people = f"{each['disclosed']} of at most {each['allowed']}" if each["allowed"] else "0"
        seconds = "" if each["seconds"] is None else f", seen within {each['seconds']} s"
        word = "holds" if each["holds"] else "FAILS"
        say(f"{each['id']:<5}{word}  {each['title']}: {people} people disclosed{seconds}")
        say(f"     granted      {each['granted']}")
        for label, words in (
            ("blocked by", each["blocked_by"]),
            ("detected by", each["detected_by"]),
        ):
            if words:
                say(f"     {label:<12} {'; '.join(words)}")
        for failure in each["failures"][:FAILURES_SHOWN]:
            say(f"     FAILS        {failure}")
    answer = found["assessment"]
    say(
        f"assessment: {answer['disclosed']} disclosed, {answer['in_flight']} in flight,"
        f" {answer['sealed_only']} sealed only, {answer['cannot_be_excluded']} cannot be excluded;"
        f" recall {answer['recall']:.3f}, precision {answer['precision']:.3f}"
    )
    for each in found.get("latency", ()):
        say(f"{each['rule']:<26} {each['class']} n={each['n']} missed={each['missed']}"
            f" p50={each['p50']} p99={each['p99']} max={each['max']} s")  # fmt: skip
    for each in found["trust"]:
        word = "said" if each["holds"] else "NOT SAID"
        say(f"{each['what']}: {word}: {each['assumption']} fails, {each['cannot_be_excluded']}"
            " cannot be excluded")  # fmt: skip

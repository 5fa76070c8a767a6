"""`lockstitch incident`: whose data a break-in disclosed, the drafts about it, the letters."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec
from rich.console import Console
from rich.table import Table

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import facts, say
from lockstitch.cli.progress import progress
from lockstitch.cli.shops import site_of
from lockstitch.sealed.reading import (
    Assess,
    AssessedPerson,
    Assessment,
    Caller,
    GetAssessed,
    GetAssessment,
    GetIncidents,
    GetNotices,
    Incident,
    Indicators,
    OpenIncident,
    Refused,
    SendNotices,
    StateFacts,
    Trace,
    ask,
)

ME = Caller()
POLL_SECONDS = 0.3
PEOPLE_PAGE = 5_000
into_folder = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder."
)
SETS = ("disclosed", "in_flight", "cannot_be_excluded", "sealed_only")


@click.group()
def incident() -> None:
    """After a break-in: whose data was disclosed, which fields, when, and who is told."""


@incident.command()
@click.option("--from", "since", type=click.DateTime(), required=True, help="UTC.")
@click.option("--to", "until", type=click.DateTime(), help="UTC; now when left out.")
@click.option("--address", "addresses", multiple=True, help="A source's address.")
@click.option("--operator", "operators", type=click.UUID, multiple=True, help="An operator's id.")
@click.option("--session", "sessions", type=click.UUID, multiple=True, help="A session's id.")
@click.option(
    "--process", "processes", multiple=True, help="Taken over, or read.",
    type=click.Choice(["shop", "desk", "worker", "guard", "database", "backup"]),
)  # fmt: skip
@click.option("--fails", multiple=True, help="A5='a copy lay on a laptop': what was found out.")
@click.option("--case", "case_id", type=click.UUID, help="Keep it with this case.")
@click.option("--people", type=click.Path(dir_okay=False, path_type=Path), help="List them there.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
@click.pass_obj
def assess(
    instance: Instance, *, since: datetime, until: datetime | None, addresses: tuple[str, ...],
    operators: tuple[UUID, ...], sessions: tuple[UUID, ...], processes: tuple[Any, ...],
    fails: tuple[str, ...], case_id: UUID | None, people: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Computes from the ledger whose data was disclosed; a person is named by an opaque id.

    \b
      lockstitch incident assess --from 2026-04-18 --address 192.0.2.7
      lockstitch incident assess --from 2026-04-18 --process desk --people people.jsonl
    """
    from lockstitch.kernel.clock import now

    setup(instance)
    ends = until or now().replace(tzinfo=None)
    indicators = Indicators(
        since=_utc(since), until=_utc(ends), addresses=list(addresses), operators=list(operators),
        sessions=list(sessions), processes=list(processes),
        failed=dict(each.partition("=")[::2] for each in fails),
    )  # fmt: skip
    found = assessed(indicators, case_id, quiet=as_json)
    if people:
        write_people(found.assessment_id, people)
    if as_json:
        facts({**msgspec.to_builtins(found), "totals": totals(found)})
    else:
        _print(found)


@incident.command("open")
@click.argument("title")
@click.pass_obj
def open_(instance: Instance, title: str) -> None:
    """Opens a case, and prints its id."""
    setup(instance)
    [case] = ask(ME, OpenIncident(title=title)).incidents
    say(str(case.incident_id))


@incident.command("facts")
@click.argument("case_id", type=click.UUID)
@click.argument("said", nargs=-1)
@click.pass_obj
def facts_(instance: Instance, case_id: UUID, said: tuple[str, ...]) -> None:
    """Writes down what people found out: cause='PUT was open' known_at='2026-06-07 10:00' …"""
    setup(instance)
    from lockstitch.disclosure.rules import FACTS

    stated = dict(each.partition("=")[::2] for each in said)
    if unknown := set(stated) - {name for name, *_words in FACTS}:
        raise click.ClickException(f"no such fact: {', '.join(sorted(unknown))}")
    if stated:
        ask(ME, StateFacts(incident_id=case_id, facts=stated))
    case = _case(case_id)
    for name, ja, en in FACTS:
        say(f"{name}: {case.facts.get(name, '-')}  ({en} / {ja})")


@incident.command()
@click.argument("case_id", type=click.UUID)
@into_folder
@click.pass_obj
def documents(instance: Instance, case_id: UUID, out: Path) -> None:
    """Writes every draft, in Japanese and English, as text, page and paper."""
    setup(instance)
    from lockstitch.disclosure.drafts import write_drafts

    case, found = with_assessment(case_id)
    with progress("drafts") as advance:
        count = write_drafts(case, found, out, advance)
    say(f"{count} files in {out}")


@incident.command()
@click.argument("case_id", type=click.UUID)
@into_folder
@click.pass_obj
def pack(instance: Instance, case_id: UUID, out: Path) -> None:
    """Writes the evidence: the ledger's entries with proofs, and a program that checks them
    without this one."""
    setup(instance)
    from lockstitch.cli.evidence import write_pack

    count = write_pack(instance, *with_assessment(case_id), out)
    say(f"{count} entries in {out}; check them: python3 audit.py --pack entries.json …")


@incident.command()
@click.argument("value")
@click.pass_obj
def trace(instance: Instance, value: str) -> None:
    """Whose export an address or phone number of nobody was in, when a copy turns up somewhere.

    \b
      lockstitch incident trace 070-0000-1234
    """
    setup(instance)
    found = ask(ME, Trace(value=value)).exports
    for each in found:
        say(f"{each.asked_at:%Y-%m-%d %H:%M} UTC  export {each.export_id}  {each.records} records"
            f"  asked by {each.asked_by}, approved by {each.approved_by or 'nobody'}")  # fmt: skip
    if not found:
        raise click.ClickException("no export has it")


@incident.command()
@click.argument("case_id", type=click.UUID)
@click.option("--site", "slug", help="A shop whose people are written to; without: how far it is.")
@click.option(
    "--kind", "kinds", multiple=True, default=("disclosed",), show_default=True,
    type=click.Choice(["disclosed", "in_flight", "cannot_be_excluded"]),
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Count, and write to nobody.")
@click.pass_obj
def notice(
    instance: Instance, case_id: UUID, slug: str | None, kinds: tuple[Any, ...], dry_run: bool
) -> None:
    """Writes to each person about their own fields, once; says how far the letters are."""
    setup(instance)
    if slug:
        from lockstitch.disclosure.figures import field_words, figures
        from lockstitch.disclosure.letters import letter

        site = site_of(slug)
        case, found = with_assessment(case_id)
        subject, body = letter({lang: figures(case, found, lang) for lang in ("ja", "en")})
        run = ask(ME, SendNotices(
            incident_id=case_id, site_id=site.id, kinds=list(kinds), subject=subject, body=body,
            words=field_words("ja"), dry_run=dry_run,
        ))  # fmt: skip
    else:
        run = ask(ME, GetNotices(incident_id=case_id))
    facts(msgspec.to_builtins(run.sites))


def assessed(indicators: Indicators, case_id: UUID | None, *, quiet: bool) -> Assessment:
    """Waits for it. Raises ClickException when it failed."""
    try:
        found = ask(ME, Assess(indicators=indicators, incident_id=case_id))
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    with progress("percent", quiet=quiet) as advance:
        while found.state == "running":
            time.sleep(POLL_SECONDS)
            found = ask(ME, GetAssessment(assessment_id=found.assessment_id))
            advance(found.share, 100)
    if found.state == "failed":
        raise click.ClickException(f"the assessment failed: {found.step}")
    return found


def people_of(assessment_id: UUID) -> Iterator[AssessedPerson]:
    """All that it lists, a page at a time."""
    after, more = None, True
    while more:
        page = ask(ME, GetAssessed(assessment_id=assessment_id, after=after, limit=PEOPLE_PAGE))
        yield from page.people
        more, after = page.more, page.people[-1].person_id if page.people else None


def write_people(assessment_id: UUID, path: Path) -> None:
    """A line of JSON for each."""
    with path.open("wb") as file:
        file.writelines(msgspec.json.encode(each) + b"\n" for each in people_of(assessment_id))


def totals(found: Assessment) -> dict[str, int]:
    return {kind: sum(getattr(site, kind).people for site in found.sites) for kind in SETS}


def with_assessment(case_id: UUID) -> tuple[Incident, Assessment]:
    """Raises ClickException while there is none."""
    case = _case(case_id)
    if case.assessment_id is None:
        raise click.ClickException("assess first: lockstitch incident assess --case …")
    return case, ask(ME, GetAssessment(assessment_id=case.assessment_id))


def _case(case_id: UUID) -> Incident:
    try:
        [case] = ask(ME, GetIncidents(incident_id=case_id)).incidents
    except Refused:
        raise click.ClickException("there is no such case") from None
    return case


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _print(found: Assessment) -> None:
    table = Table("shop", "people", *(kind.replace("_", " ") for kind in SETS), "fields")
    for site in found.sites:
        if any(getattr(site, kind).people for kind in SETS):
            counts = (f"{getattr(site, kind).people:,}" for kind in SETS)
            fields = ", ".join(f"{name} {n:,}" for name, n in site.disclosed.fields.items())
            table.add_row(site.name, f"{site.people:,}", *counts, fields)
    console = Console()
    console.print(table)
    for each in found.assumptions:
        word = {True: "holds", False: "DOES NOT HOLD", None: "not checked"}[each.holds]
        console.print(f"{each.id} {word}: {each.statement} ({each.evidence})", highlight=False)
    say(f"{found.entries:,} entries; assessment {found.assessment_id}")

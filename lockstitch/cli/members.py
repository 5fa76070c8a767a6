"""`lockstitch members import` and `export`: between this shop and another platform, through the
guard. What is personal is on the command line's screen at no time."""

import csv
import os
from collections import Counter
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lockstitch.cli.instance import Instance
from lockstitch.cli.output import facts, say
from lockstitch.cli.progress import progress
from lockstitch.cli.shops import site_of

if TYPE_CHECKING:
    from lockstitch.members.moving import Arrival, Fault
    from lockstitch.sealed.reading import MovedIn
    from lockstitch.tenancy.queries import Site

BATCH = 40  # hashing a batch takes the guard a second or two; it answers within twenty
FAULTS_SHOWN = 50
WHY = {
    "email": "email: not an address", "fields": "a field is too long",
    "password": "password_hash: none of the known kinds",
}  # fmt: skip


@click.group("members")
def members() -> None:
    """Move members in, or out."""


@members.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "slug", required=True, help="The shop's short name; see `sites`.")
@click.option("--dry-run", is_flag=True, help="Read the file and say what is wrong with it.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def import_(instance: Instance, *, file: Path, slug: str, dry_run: bool, as_json: bool) -> None:
    """Takes in FILE, a CSV of members with a column `email`; `up` has to be running.

    Passwords come as hashes (argon2, bcrypt, Django's PBKDF2, salted SHA-1 or SHA-256): they are
    wrapped in our own and renewed at the first sign-in. Who has none asks for a new password by
    mail. A repeat takes nothing in twice, points neither: after an interruption, run it again.
    Faulty rows are left out and numbered. Example:

      lockstitch members import members.csv --site north
    """
    with instance.database():
        from lockstitch.cli.django_door import setup

        setup(instance)
        from lockstitch.members.moving import Fault, Unreadable, read
        from lockstitch.tenancy.scope import scope

        site, count = site_of(slug), Counter[str]()
        faults: list[Fault] = []
        try:
            rows = sum(1 for _ in _lines(file)) - 1
            with scope(site.id), progress("members", quiet=as_json) as advance:
                for batch in batched(read(_lines(file)), BATCH, strict=False):
                    good = [row for row in batch if not isinstance(row, Fault)]
                    faults += [row for row in batch if isinstance(row, Fault)]
                    if not dry_run:
                        faults += _take_in(site, good, count)
                    advance(batch[-1].row, max(rows, batch[-1].row))
        except (Unreadable, UnicodeDecodeError, csv.Error) as error:
            raise click.ClickException(f"{file.name}: {error}") from None
    faults.sort(key=lambda fault: fault.row)
    if as_json:
        facts({**count, "refused": [{"row": f.row, "why": f.why} for f in faults]})
    else:
        for fault in faults[:FAULTS_SHOWN]:
            say(f"row {fault.row}: refused: {fault.why}")
        say(f"{count['made']} came, {count['exists']} were here, {len(faults)} refused")
    if faults:
        raise click.exceptions.Exit(1)


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        yield from text


def _take_in(site: "Site", rows: "list[Arrival]", count: Counter[str]) -> "list[Fault]":
    """First the guard's half, then the shop's; what became of each is counted."""
    from lockstitch.members.moving import Fault
    from lockstitch.sealed import reading

    if not rows:
        return []
    asked = [
        reading.MemberRow(email=row.email, fields=row.fields, password_hash=row.password_hash)
        for row in rows
    ]
    ask = reading.ImportMembers(site_id=site.id, members=asked)
    answered = reading.ask(reading.Caller(), ask).rows
    faults = []
    for row, moved in zip(rows, answered, strict=True):
        if moved.outcome in WHY or moved.member_id is None:
            faults.append(Fault(row.row, WHY.get(moved.outcome, moved.outcome)))
            continue
        _keep(row, moved)
        count[moved.outcome] += 1
    return faults


def _keep(row: "Arrival", moved: "MovedIn") -> None:
    from django.db import transaction

    from lockstitch.members import actions, points

    if moved.member_id is None:
        raise LookupError(row.row)
    member = moved.member_id
    with transaction.atomic():
        actions.keep_member(
            member_id=member, hint=moved.handle, profile_id=moved.profile_id,
            prefecture=row.fields.get("prefecture", ""), language=row.language, welcome=False,
        )  # fmt: skip
        points.earn(member, row.points, reference="import", expires_on=row.points_expire_on)
        if moved.outcome == "made":
            actions.consent(member, {"news": row.news}, source="import")
            actions.set_birth_month(member, row.birth_month)


@members.command("export")
@click.option("--site", "slug", required=True, help="The shop's short name; see `sites`.")
@click.option(
    "--to", "file", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="The CSV to write; it can be read by its owner only.",
)  # fmt: skip
@click.pass_obj
def export(instance: Instance, *, slug: str, file: Path) -> None:
    """Writes all members of a shop into a CSV. Each of them finds this in their own record."""
    if file.exists():
        raise click.ClickException(f"{file} is there already")
    with instance.database():
        from lockstitch.cli.django_door import setup

        setup(instance)
        from lockstitch.members.moving import PERSONAL
        from lockstitch.tenancy.scope import scope

        site, written = site_of(slug), 0
        names = ["member", "email", *PERSONAL, "points", "rank", "joined_on"]
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as text, scope(site.id):
            writer = csv.DictWriter(text, names, extrasaction="ignore")
            writer.writeheader()
            for row in _rows(site):
                writer.writerow({name: _harmless(value) for name, value in row.items()})
                written += 1
    say(f"{written} members of {slug} are in {file}")


def _rows(site: "Site") -> Iterator[dict[str, str]]:
    """A page of the guard's at a time, with what the shop knows of each."""
    from lockstitch.members.queries import balances, members_of_ids
    from lockstitch.sealed import reading

    after = None
    while True:
        ask = reading.ExportMembers(site_id=site.id, after=after)
        page = reading.ask(reading.Caller(), ask)
        ids = [row.member_id for row in page.rows]
        known, points = {one.pk: one for one in members_of_ids(ids)}, balances(ids)
        for row in page.rows:
            member = known.get(row.member_id)
            yield {
                **row.fields, "member": str(row.member_id),
                "points": str(points.get(row.member_id, 0)),
                "rank": member.rank.code if member and member.rank else "",
                "joined_on": member.joined_at.date().isoformat() if member else "",
            }  # fmt: skip
        if not page.more or not ids:
            return
        after = ids[-1]


def _harmless(text: str) -> str:
    """A spreadsheet takes no cell for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text

"""`lockstitch ledger`: is the record of disclosures whole, and whom does it name?"""

import base64
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import click
from msgspec.structs import asdict
from rich.console import Console
from rich.table import Table

from guard.proofs import Log, ProofError
from guard.verify import verify
from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import facts, say
from lockstitch.cli.progress import progress
from lockstitch.sealed.reading import Caller, Disclosure, WhoSaw, ask

PAGE = 500


@click.group()
def ledger() -> None:
    """The record of every disclosure: check it, and ask it."""


@ledger.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_obj
def verify_(instance: Instance, as_json: bool) -> None:
    """Recomputes every entry, the Merkle tree and each signed checkpoint; exit code 1 when
    anything was altered, removed or added."""
    with instance.database() as cluster, progress("entries", quiet=as_json) as advance:
        findings = verify(cluster.url("ls_owner"), instance.data / "guard", advance)
    if as_json:
        facts({"sound": not findings, "findings": findings})
    else:
        say("\n".join(findings) or "The ledger is sound.")
    if findings:
        raise click.exceptions.Exit(1)


@ledger.command()
@click.pass_obj
def checkpoint(instance: Instance) -> None:
    """Prints the latest signed checkpoint: keep it elsewhere, to hold the ledger to it later."""
    latest = instance.data / "guard" / "checkpoints" / "latest"
    if not latest.exists():
        raise click.ClickException("there is no checkpoint yet")
    click.echo(latest.read_text(), nl=False)


@ledger.command()
@click.option("--seq", type=int, help="That this entry is in the log.")
@click.option("--size", type=int, help="... among its first SIZE entries; else among all.")
@click.option(
    "--consistency", nargs=2, type=int, metavar="M N",
    help="That the first M of N entries are what they were when there were M.",
)  # fmt: skip
@click.pass_obj
def proof(
    instance: Instance, seq: int | None, size: int | None, consistency: tuple[int, int] | None
) -> None:
    """Prints a proof (RFC 6962) from the log's files as JSON, hashes in base64."""
    if (seq is None) == (consistency is None):
        raise click.ClickException("give --seq or --consistency")
    said: dict[str, Any]
    try:
        log = Log(instance.data / "guard" / "log")
        if consistency:
            old, new = consistency
            path, said = log.consistency(old, new), {"old": old, "old_root": _text(log.root(old))}
        else:
            new, entry = log.size if size is None else size, log.entries([seq or 0])[seq or 0]
            path, said = log.inclusion(seq or 0, new), {"seq": seq, "entry": _text(entry)}
        facts({**said, "size": new, "root": _text(log.root(new)), "proof": [*map(_text, path)]})
    except ProofError as error:
        raise click.ClickException(str(error)) from None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@ledger.command("who-saw")
@click.option("--site", "slug", help="The shop of --order.")
@click.option("--order", help="An order's number: who saw its buyer.")
@click.option("--record", type=click.UUID, help="A sealed record's id.")
@click.option("--operator", help="An operator's id: what they saw.")
@click.option("--session", type=click.UUID, help="A session's id: what was seen in it.")
@click.option("--address", help="A client address: what was seen from it.")
@click.option("--all", "everything", is_flag=True, help="Also what disclosed nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the entries as JSON.")
@click.pass_obj
def who_saw(
    instance: Instance, *, slug: str | None, order: str | None, record: UUID | None,
    operator: str | None, session: UUID | None, address: str | None, everything: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Lists disclosures of personal records, oldest first. Give one of the questions:

    \b
      lockstitch ledger who-saw --site north --order 261124-7KQ2MX
      lockstitch ledger who-saw --operator 0199…   what this operator saw
      lockstitch ledger who-saw --address 192.0.2.7
    """
    setup(instance)
    if order:
        record = _record_of(slug, order)
    if [order or record, operator, session, address].count(None) != 3:
        raise click.ClickException("give exactly one of --order, --record, --operator, …")
    found = list(
        disclosures(record_id=record, principal_id=operator, session_id=session, address=address,
                    all=everything)
    )  # fmt: skip
    if as_json:
        facts([asdict(entry) for entry in found])
    elif found:
        Console().print(_table(found))
    else:
        say("nobody")


def disclosures(**question: Any) -> Iterator[Disclosure]:
    """What `WhoSaw` answers to it, a page at a time."""
    after, more = -1, True
    while more:
        page = ask(Caller(), WhoSaw(**question, after=after, limit=PAGE))
        yield from page.disclosures
        more, after = page.more, page.disclosures[-1].seq if page.disclosures else -1


def _record_of(slug: str | None, number: str) -> UUID:
    from lockstitch.orders.queries import find_order
    from lockstitch.tenancy.queries import find_site
    from lockstitch.tenancy.scope import scope

    site = find_site(slug or "")
    if site is None:
        raise click.ClickException(f"--order needs --site; there is no shop {slug!r}")
    with scope(site.id):
        found = find_order(number)
    if found is None:
        raise click.ClickException(f"{slug} has no order {number}")
    return found.record_id


def _table(found: list[Disclosure]) -> Table:
    table = Table("seq", "when (UTC)", "who", "did", "purpose", "fields", "address")
    for entry in found:
        table.add_row(
            str(entry.seq), f"{entry.at:%Y-%m-%d %H:%M:%S}",
            f"{entry.principal_kind} {entry.handle}", f"{entry.verb} {entry.outcome}",
            entry.purpose, ", ".join(entry.fields), entry.address,
        )  # fmt: skip
    return table

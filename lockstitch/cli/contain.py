"""`lockstitch contain`: stop a break-in that is under way. Each takes effect at once, and is an
entry of the ledger."""

from uuid import UUID

import click

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import facts, say
from lockstitch.cli.shops import site_of
from lockstitch.sealed.reading import Action, Caller, Contain, Contained, ask

DONE = {
    "sessions": "{n} sessions of operators {ended}.",
    "freeze": "No operator {may} look at people.",
    "thaw": "Operators {may} look at people again.",
    "credentials": "{invited} operators {must} choose a password and enrol anew; {n} sessions "
    "{ended}.",
    "providers": "{keys} keys of payment providers {must} be replaced before any is used again.",
    "block": "{blocked} {may} not come in.",
    "unblock": "{source} {may} come in.",
}


@click.command()
@click.argument("action", type=click.Choice(list(DONE)))
@click.option("--site", "slug", help="One shop.")
@click.option("--company", type=click.UUID, help="All shops of a company, by its id.")
@click.option("--all", "everywhere", is_flag=True, help="Every shop.")
@click.option("--operator", type=click.UUID, help="One operator, by id.")
@click.option("--source", default="", help="An address or a network, to block or unblock.")
@click.option("--minutes", type=click.IntRange(1), help="How long it is blocked; else for good.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_obj
def contain(
    instance: Instance, action: Action, *, slug: str | None, company: UUID | None,
    everywhere: bool, operator: UUID | None, source: str, minutes: int | None, dry_run: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Stops a break-in that is under way.

    \b
      lockstitch contain block --source 203.0.113.7  an address gets no answer any more
      lockstitch contain sessions --operator 0199…   sign one operator out everywhere
      lockstitch contain credentials --site north    passwords and authenticators end there
      lockstitch contain freeze --all                nobody looks at people any more
      lockstitch contain thaw --all                  they may again
      lockstitch contain providers --site north      no call with the keys it has
    """
    given = [bool(slug), company is not None, everywhere, operator is not None, bool(source)]
    is_door = action in ("block", "unblock")
    if given.count(True) != 1 or is_door != bool(source):
        one = "--source" if is_door else "one of --site, --company, --all, --operator"
        raise click.ClickException(f"give {one}")
    setup(instance)
    question = Contain(
        action=action, site_id=site_of(slug).id if slug else None, principal_id=operator,
        company_id=company, source=source, minutes=minutes, dry_run=dry_run,
    )  # fmt: skip
    done = ask(Caller(), question)
    if action in ("sessions", "credentials") and not dry_run:
        from lockstitch.access.actions import end_sessions

        end_sessions(operator_id=operator, site_id=question.site_id, company_id=company)
    links = {one.handle: f"{instance.desk_url('console.localhost')}enrol/{one.token}/"
             for one in done.invited if one.token}  # fmt: skip
    if as_json:
        facts({
            "action": action, "dry_run": dry_run, "sessions": done.sessions, "keys": done.keys,
            "frozen": done.frozen, "blocked": done.blocked, "invited": len(done.invited),
            "invitations": links,
        })  # fmt: skip
        return
    say(_sentence(action, done, source, dry_run=dry_run))
    for handle, link in links.items():
        say(f"  {handle}  {link}")


def _sentence(action: str, done: Contained, source: str, *, dry_run: bool) -> str:
    words = {"ended": "would end", "may": "could", "must": "would have to"}
    if not dry_run:
        words = {"ended": "ended", "may": "may", "must": "must"}
    return DONE[action].format(
        n=done.sessions, invited=len(done.invited), keys=done.keys, blocked=done.blocked,
        source=source, **words,
    )  # fmt: skip

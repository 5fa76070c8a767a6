"""`lockstitch contain`: stop a break-in that is under way. Each takes effect at once, and is an
entry of the ledger."""

from uuid import UUID

import click

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import say
from lockstitch.sealed.reading import Action, Caller, Contain, ask

DONE = {
    "sessions": "{sessions} sessions of operators {end}.",
    "freeze": "No operator {may} look at people.",
    "thaw": "Operators {may} look at people again.",
}


@click.command()
@click.argument("action", type=click.Choice(list(DONE)))
@click.option("--site", "slug", help="One shop.")
@click.option("--all", "everywhere", is_flag=True, help="Every shop.")
@click.option("--operator", type=click.UUID, help="One operator's sessions, by id.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.pass_obj
def contain(
    instance: Instance, action: Action, *, slug: str | None, everywhere: bool,
    operator: UUID | None, dry_run: bool,
) -> None:  # fmt: skip
    """Stops a break-in that is under way.

    \b
      lockstitch contain sessions --operator 0199…   sign one operator out everywhere
      lockstitch contain sessions --site north       sign a shop's operators out
      lockstitch contain freeze --all                nobody looks at people any more
      lockstitch contain thaw --all                  they may again
    """
    if [bool(slug), everywhere, operator is not None].count(True) != 1:
        raise click.ClickException("give one of --site, --all, --operator")
    setup(instance)
    question = Contain(
        action=action, site_id=_site(slug) if slug else None, principal_id=operator, dry_run=dry_run
    )
    answer = ask(Caller(), question)
    words = {"end": "would end", "may": "could"} if dry_run else {"end": "ended", "may": "may"}
    say(DONE[action].format(sessions=answer.sessions, **words))


def _site(slug: str) -> UUID:
    from lockstitch.tenancy.queries import find_site

    site = find_site(slug)
    if site is None:
        raise click.ClickException(f"there is no shop {slug!r}")
    return site.id

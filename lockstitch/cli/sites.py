"""`lockstitch sites`: which shops there are."""

import click

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import facts, say


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.pass_obj
def sites(instance: Instance, as_json: bool) -> None:
    """Lists every shop with its company and address."""
    with instance.database():
        setup(instance)
        from lockstitch.tenancy.queries import all_sites

        rows = [
            {
                "slug": site.slug, "company": site.company.name, "host": site.hosts[0],
                "url": instance.shop_url(site.hosts[0]),
            }
            for site in all_sites()
        ]  # fmt: skip
    if as_json:
        facts(rows)
        return
    for row in rows:
        say(f"{row['slug']:16} {row['company']:28} {row['url']}")
    if not rows:
        say("no shops yet: staff open them in the console")

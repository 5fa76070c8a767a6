"""`lockstitch catalog import`: products from the CSV that Shopify exports."""

from decimal import Decimal
from pathlib import Path

import click

from lockstitch.cli.instance import Instance
from lockstitch.cli.output import facts, say
from lockstitch.cli.progress import progress
from lockstitch.cli.shops import site_of


@click.group("catalog")
def catalog() -> None:
    """Take products in."""


@catalog.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "slug", required=True, help="The shop's short name; see `sites`.")
@click.option(
    "--rate",
    type=Decimal,
    default=Decimal(1),
    show_default=True,
    help="Yen for one unit of the file's prices: 150 for a file in US dollars.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--no-fetch", is_flag=True, help="Do not fetch pictures; draw them at once.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def import_(
    instance: Instance, *, file: Path, slug: str, rate: Decimal, dry_run: bool, no_fetch: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Takes in FILE, a product CSV as Shopify exports it (either generation of column names).

    Products are matched by handle and SKUs by code, so a repeat updates and never doubles. A
    product with a faulty row is left out whole and its row named; the rest comes in all together
    or not at all. Stock is taken only for SKUs that never had any. Pictures are fetched from the
    file's addresses; where that fails, a drawn garment stands in. Example:

      lockstitch catalog import products.csv --site north --rate 150
    """
    with instance.database():
        from lockstitch.cli.django_door import setup

        setup(instance)
        from lockstitch.catalogue import shopify
        from lockstitch.cli.pictures import fill_pictures
        from lockstitch.inventory.intake import take_in
        from lockstitch.kernel.clock import now
        from lockstitch.kernel.errors import Refused
        from lockstitch.tenancy.scope import scope

        site = site_of(slug)
        try:
            with file.open(encoding="utf-8-sig", newline="") as text:
                products, pieces, report = shopify.read(text, rate=rate, published=now())
        except (shopify.Unreadable, UnicodeDecodeError) as error:
            raise click.ClickException(f"{file.name}: {error}") from None
        pictures: dict[str, int] = {}
        if not dry_run:
            with scope(site.id):
                try:
                    take_in(products, pieces)
                except Refused as refused:
                    raise click.ClickException(f"nothing was taken in: {refused}") from None
                with progress("pictures", quiet=as_json) as advance:
                    pictures = fill_pictures(
                        [product.slug for product in products], fetch=not no_fetch,
                        advance=advance,
                    )  # fmt: skip
    if as_json:
        facts(
            {
                "rows": report.rows, "products": report.products, "variants": report.variants,
                "refused": [{"row": note.row, "why": note.text} for note in report.refused],
                "notes": [{"row": note.row, "what": note.text} for note in report.notes],
                "pictures": pictures, "dry_run": dry_run,
            }
        )  # fmt: skip
    else:
        for note in report.notes:
            say(f"row {note.row}: note: {note.text}")
        for note in report.refused:
            say(f"row {note.row}: refused: {note.text}")
        say(
            f"{report.rows} rows: {report.products} products with {report.variants} variants"
            f" {'would come' if dry_run else 'are'} in {slug}; {len(report.refused)} refused"
        )
        if pictures:
            say(f"pictures: {pictures['fetched']} fetched, {pictures['drawn']} drawn")
    if report.refused:
        raise click.exceptions.Exit(1)

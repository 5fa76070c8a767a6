"""`lockstitch catalog`: products from files and to files."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from lockstitch.cli.instance import Instance
from lockstitch.cli.output import facts, say
from lockstitch.cli.progress import progress
from lockstitch.cli.shops import site_of


@click.group("catalog")
def catalog() -> None:
    """Take products in, and give them out."""


@catalog.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "slug", required=True, help="The shop's short name; see `sites`.")
@click.option(
    "--rate",
    type=Decimal,
    default=Decimal(1),
    show_default=True,
    help="Yen for one unit of the file's prices: 150 for a Shopify file in US dollars.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--no-fetch", is_flag=True, help="Do not fetch pictures; draw them at once.")
@click.option("--no-pictures", is_flag=True, help="Neither fetch nor draw pictures.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def import_(
    instance: Instance, *, file: Path, slug: str, rate: Decimal, dry_run: bool, no_fetch: bool,
    no_pictures: bool, as_json: bool,
) -> None:  # fmt: skip
    """Takes in FILE: one row a SKU as CSV (UTF-8 or CP932) or Excel, with the columns that
    `catalog export` writes (any of them), or a product CSV as Shopify exports it.

    Only named columns are written. A product with a faulty row is left out whole and its row
    named. What is as it was is not written, so that a repeat changes nothing and a killed import
    is begun anew. Stock is taken only for SKUs that never had any. Pictures are fetched from the
    file's addresses; where that fails, a drawn garment stands in. Examples:

    \b
      lockstitch catalog import products.xlsx --site north --dry-run
      lockstitch catalog import shopify.csv --site north --rate 150
    """
    with instance.database():
        from lockstitch.cli.django_door import setup

        setup(instance)
        from lockstitch.catalogue.files import Unreadable
        from lockstitch.cli.pictures import fill_pictures
        from lockstitch.tenancy.scope import scope

        with scope(site_of(slug).id):
            try:
                report, slugs = _take_in(file, rate, dry_run=dry_run, quiet=as_json)
            except Unreadable as error:
                raise click.ClickException(f"{file.name}: {error}") from None
            pictures: dict[str, int] = {}
            if not dry_run and not no_pictures and slugs:
                with progress("pictures", quiet=as_json) as advance:
                    pictures = fill_pictures(slugs, fetch=not no_fetch, advance=advance)
    _tell(report, pictures, slug, dry_run=dry_run, as_json=as_json)
    if report.refused:
        raise click.exceptions.Exit(1)


def _take_in(file: Path, rate: Decimal, *, dry_run: bool, quiet: bool) -> tuple[Any, list[str]]:
    """(report, the products that were new)."""
    from lockstitch.catalogue.importing import Import
    from lockstitch.catalogue.queries import ids_of_products
    from lockstitch.content.seconding import two_persons
    from lockstitch.inventory.intake import first_stock
    from lockstitch.inventory.runs import form_of, givens

    way = Import(by=None, second=two_persons())
    slugs: list[str] = []
    with file.open("rb") as data, progress("products", quiet=quiet) as advance:
        form = form_of(data.read(4_000))
        data.seek(0)

        def noted() -> Any:
            for given in givens(data, form, rate, way.report):
                slugs.append(given.slug)
                yield given

        done = 0
        for count in way.look(noted()) if dry_run else way.apply(noted(), first_stock):
            done += count
            advance(done, 0)
    return way.report, list(ids_of_products(slugs)) if not dry_run else []


def _tell(
    report: Any, pictures: dict[str, int], slug: str, *, dry_run: bool, as_json: bool
) -> None:
    if as_json:
        said = report.as_json()
        said["variants"] = said.pop("skus")
        said["refused"] = [{"row": one.row, "why": one.text} for one in report.faults]
        facts({**said, "pictures": pictures, "dry_run": dry_run})
        return
    for note in report.notes:
        say(f"row {note.row}: note: {note.text}")
    for fault in report.faults:
        say(f"row {fault.row} {fault.column}: refused: {fault.text}")
    if report.fault_count > len(report.faults):
        say(f"… and {report.fault_count - len(report.faults)} more")
    for product, changes in report.samples if dry_run else []:
        for one in changes:
            say(f"{product}: {one.where} {one.field}: {one.before!r} -> {one.after!r}")
    say(
        f"{report.products} products with {report.skus} SKUs in {slug}: {report.new} new,"
        f" {report.changed} changed, {report.unchanged} as they were, {report.refused} refused"
        + (" (nothing was written)" if dry_run else "")
    )
    if pictures:
        say(f"pictures: {pictures['fetched']} fetched, {pictures['drawn']} drawn")


@catalog.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--site", "slug", required=True, help="The shop's short name; see `sites`.")
@click.option("--shopify", is_flag=True, help="As the CSV that Shopify imports.")
@click.option("--cp932", is_flag=True, help="For programs that do not know UTF-8; with --japanese.")
@click.option("--japanese", is_flag=True, help="Headings in Japanese; either comes in again.")
@click.pass_obj
def export(
    instance: Instance, *, file: Path, slug: str, shopify: bool, cp932: bool, japanese: bool
) -> None:  # fmt: skip
    """Writes all products to FILE, as Excel when it ends in .xlsx, else as CSV.

    What CP932 lacks is written as `&#x20BB7;`, told, and comes in again as it was. Example:

      lockstitch catalog export products.xlsx --site north
    """
    if shopify and cp932:
        raise click.UsageError("Shopify reads UTF-8 only.")
    with instance.database():
        from lockstitch.cli.django_door import setup

        setup(instance)
        from lockstitch.catalogue.files import csv_lines, write_excel
        from lockstitch.inventory.runs import out
        from lockstitch.tenancy.scope import scope

        told: Counter[str] = Counter()
        rows = 0

        def counted() -> Any:
            nonlocal rows
            form = "shopify" if shopify else "sheet"
            language = "ja" if japanese or cp932 else "en"
            for row in out(form, language=language):
                rows += 1
                yield row

        with scope(site_of(slug).id), file.open("wb") as data:
            if file.suffix.lower() == ".xlsx":
                write_excel(counted(), data)
            else:
                for line in csv_lines(counted(), cp932=cp932, told=told):
                    data.write(line)
    for character, count in told.most_common():
        say(f"U+{ord(character):04X} {character}: {count} times, written as a reference")
    say(f"{rows - 1} rows in {file}")

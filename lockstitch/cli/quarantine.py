"""`lockstitch quarantine`: originals of what was sent, taken out for whoever examines them."""

from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from lockstitch.cli.django_door import setup
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import facts, say
from lockstitch.cli.shops import site_of


@click.group()
def quarantine() -> None:
    """Files that came in, sealed for thirty days."""


@quarantine.command("list")
@click.option("--site", "slug", required=True, help="The shop.")
@click.option("--state", type=click.Choice(["waiting", "taken", "refused"]), default=None)
@click.option("--json", "as_json", is_flag=True, help="Print everything known as JSON.")
@click.pass_obj
def list_(instance: Instance, slug: str, state: str | None, as_json: bool) -> None:
    """Lists the newest files of a shop and what was found in them."""
    with instance.database():
        setup(instance)
        from lockstitch.files.queries import uploads
        from lockstitch.tenancy.scope import scope

        with scope(site_of(slug).id):
            found, _more = uploads(state=state or "")
    if as_json:
        names = ("id", "at", "by", "name", "size", "sha256", "state", "kind", "reason", "findings",
                 "scanners", "made", "kept_until", "gone_at")  # fmt: skip
        facts([{name: getattr(upload, name) for name in names} for upload in found])
        return
    table = Table("upload", "when (UTC)", "name", "state", "found", "sha256")
    for upload in found:
        table.add_row(
            str(upload.id), f"{upload.at:%Y-%m-%d %H:%M}", upload.name,
            f"{upload.state} {upload.reason}".strip(), " ".join(upload.findings),
            upload.sha256[:16],
        )  # fmt: skip
    Console().print(table)


@quarantine.command()
@click.argument("upload", type=click.UUID)
@click.option("--site", "slug", required=True, help="The shop.")
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), required=True,
    help="A new file, which may be hostile: take it to a machine that nothing depends on.",
)  # fmt: skip
@click.pass_obj
def take(instance: Instance, upload: UUID, slug: str, to: Path) -> None:
    """Opens an original and writes it to a file. `up` has to be running: the guard opens the seal,
    and writes on its ledger that it did."""
    setup(instance)
    from lockstitch.files.gateways import Quarantine
    from lockstitch.files.queries import find_upload
    from lockstitch.kernel.errors import Refused
    from lockstitch.sealed.quarantine import NotSealed, head_of, unseal
    from lockstitch.sealed.reading import Caller, OpenFile, ask
    from lockstitch.tenancy.scope import scope

    site = site_of(slug)
    with scope(site.id):
        found = find_upload(upload)
    if found is None:
        raise click.ClickException(f"{slug} has no file {upload}")
    try:
        file = Quarantine(instance.data / "quarantine").path(found.sha256, upload).read_bytes()
        head = head_of(file)
        answer = ask(
            Caller(),
            OpenFile(
                site_id=site.id, upload_id=upload, key_id=head.key_id, suite=head.suite,
                sealed=head.sealed,
            ),
        )  # fmt: skip
        data = unseal(file, answer.key)
    except FileNotFoundError:
        raise click.ClickException("the original is not kept any more") from None
    except (NotSealed, Refused) as refused:
        raise click.ClickException(str(refused)) from None
    with to.open("xb") as out:
        to.chmod(0o600)
        out.write(data)
    say(f"{len(data)} bytes, SHA-256 {found.sha256}: on the ledger as file.open")

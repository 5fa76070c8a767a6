"""The database's schema: bringing it up to date, and checking that migrations match models."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

import guard.schema
from lockstitch.cli.cluster import Cluster
from lockstitch.cli.instance import ROOT, Instance
from lockstitch.cli.output import say

_SCHEMA = (
    "lockstitch/*/migrations/*.py", "lockstitch/*/models.py", "lockstitch/*/models/*.py",
    "lockstitch/tenancy/fence.py", "lockstitch/tenancy/grants.py", "guard/schema*",
    "requirements.lock",
)  # fmt: skip


def checksum(paths: Iterable[Path], *more: str) -> str:
    """Of the files' names and contents."""
    total = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def schema_checksum(cluster: Cluster) -> str:
    """Of everything the schema follows from, and of which cluster it is in."""
    made = (cluster.files / "PG_VERSION").stat().st_mtime_ns
    return checksum((path for glob in _SCHEMA for path in ROOT.glob(glob)), str(made))


def bring_up_to_date(instance: Instance) -> None:
    """Django's migrations, the fence, the guard's schema: all as ls_owner, each safe to repeat."""
    from lockstitch.cli import django_door

    django_door.setup(instance)
    from django.db import connections

    from lockstitch.cli.migrating import apply_migrations
    from lockstitch.tenancy import fence

    apply_migrations()
    fence.apply()
    guard.schema.migrate(instance.cluster.url("ls_owner"))
    connections.close_all()
    instance.mark("schema", schema_checksum(instance.cluster))


@click.command()
@click.pass_obj
def migrate(instance: Instance) -> None:
    """Bring the database up to date: tables, row policies, rights, and the guard's schema.

    `bin/up` does this by itself when something has changed. Safe to repeat.
    """
    with instance.database():
        bring_up_to_date(instance)
    say("The database is up to date.")


@click.command("check-migrations")
def check_migrations() -> None:
    """Fail when a model has changed and no migration says so. For CI."""
    with tempfile.TemporaryDirectory(prefix="ls-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "pg", durable=False)
        cluster.start()
        try:
            _makemigrations(cluster)
        finally:
            cluster.stop(mode="immediate")
    say("Migrations match the models.")


def _makemigrations(cluster: Cluster) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "lockstitch.settings",
        "LOCKSTITCH_DATABASE_URL": cluster.url("ls_owner"),
    }
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit as error:
        raise click.ClickException("a model has changed: run makemigrations") from error
    finally:
        connections.close_all()

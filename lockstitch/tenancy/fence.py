"""The second thread of the seam: what the database itself refuses.

Run as ls_owner after every migration, and harmless to repeat. For each tenant table: a row policy
that is forced and fails closed, a key over `(site_id, id)`, references that include `site_id`, an
index for each. Then the rights of each role, which are the table in `grants`.
"""

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from lockstitch.tenancy.grants import GRANTS
from lockstitch.tenancy.models import TenantKey, TenantModel

POLICY = (
    "site_id = ANY (string_to_array("
    "NULLIF(current_setting('lockstitch.site_ids', true), ''), ',')::uuid[])"
)
SURFACES = ("ls_shop", "ls_desk", "ls_worker")


def tenant_models() -> list[type[TenantModel]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def apply() -> None:
    """Brings policies, keys, references and rights to what the models and GRANTS say."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model in tenant_models():
            _key(cursor, model)
        for model in tenant_models():
            _policy(cursor, model._meta.db_table)
            for field in model._meta.local_fields:
                if isinstance(field, TenantKey):
                    _reference(cursor, model._meta.db_table, field)
        _append_only(cursor)
        _grant(cursor)


def _exists(cursor: CursorWrapper, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
    return cursor.fetchone() is not None


def _key(cursor: CursorWrapper, model: type[TenantModel]) -> None:
    table = model._meta.db_table
    if not _exists(cursor, name := f"{table}_site_key"):
        cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE (site_id, id)')


def _policy(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    cursor.execute(f'DROP POLICY IF EXISTS own_site ON "{table}"')
    cursor.execute(f'CREATE POLICY own_site ON "{table}" USING ({POLICY}) WITH CHECK ({POLICY})')


def _reference(cursor: CursorWrapper, table: str, field: TenantKey) -> None:
    target, column = field.remote_field.model._meta.db_table, field.column
    name = f"{table}_{column}_site"[:63]
    if not _exists(cursor, name):
        cursor.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (site_id, "{column}") '
            f'REFERENCES "{target}" (site_id, id) DEFERRABLE INITIALLY DEFERRED'
        )
    cursor.execute(
        f'CREATE INDEX IF NOT EXISTS "{name[:59]}_ix" ON "{table}" (site_id, "{column}")'
    )


def _append_only(cursor: CursorWrapper) -> None:
    """Event tables are never changed, not even by their owner in passing."""
    cursor.execute(
        """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""
    )
    for model in tenant_models():
        if not getattr(model, "append_only", False):
            continue
        table = model._meta.db_table
        cursor.execute(f'DROP TRIGGER IF EXISTS append_only ON "{table}"')
        cursor.execute(
            f'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _grant(cursor: CursorWrapper) -> None:
    roles = ", ".join(SURFACES)
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {roles}, ls_guard")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {roles}")
    cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {roles}")
    for role, tables in GRANTS.items():
        for table, rights in tables.items():
            cursor.execute(f'GRANT {rights} ON "{table}" TO {role}')

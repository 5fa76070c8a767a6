"""The database: its roles may do what they must and no more, and the fence stands."""

from collections.abc import Iterator

import psycopg

import guard.schema
from lockstitch.cli import django_door
from lockstitch.cli.checks import Finding, finding
from lockstitch.cli.cluster import ROLES, Cluster
from lockstitch.cli.instance import Instance
from lockstitch.cli.output import one_line

MIGRATE = "bin/lockstitch migrate"
OUTSIDERS = ["ls_shop", "ls_desk", "ls_worker"]

_STRONG = """
SELECT rolname || ' may do anything' FROM pg_roles
 WHERE rolname = ANY(%(roles)s::text[])
   AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
UNION ALL
SELECT m.rolname || ' belongs to ' || g.rolname FROM pg_auth_members
  JOIN pg_roles m ON m.oid = member JOIN pg_roles g ON g.oid = roleid
 WHERE m.rolname = ANY(%(roles)s::text[])
"""
_READS_GUARD = """
SELECT role || ' may read guard.' || relname
  FROM unnest(%(roles)s::text[]) role, pg_class c JOIN pg_namespace n ON n.oid = relnamespace
 WHERE nspname = 'guard' AND relkind IN ('r', 'p', 'v', 'm')
   AND has_any_column_privilege(role, c.oid, 'SELECT')
   AND (role, relname) NOT IN (('ls_desk', 'site_public_key'),
       ('ls_worker', 'site_public_key'), ('ls_worker', 'returned'),
       ('ls_shop', 'blocked_source'), ('ls_desk', 'blocked_source'))
   AND relname <> 'customer_export' -- of nobody: see guard.watch.traps
"""
_UNFENCED = """
SELECT c.relname || CASE
    WHEN NOT (relrowsecurity AND relforcerowsecurity) THEN ' has no forced row security'
    WHEN count(p.*) <> 1 THEN ' has ' || count(p.*) || ' policies instead of one'
    ELSE ' has a policy that does not ask for the site' END
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = relnamespace AND nspname = 'public'
  JOIN pg_attribute a ON attrelid = c.oid AND attname = 'site_id' AND NOT attisdropped
  LEFT JOIN pg_policies p ON p.schemaname = 'public' AND p.tablename = c.relname
 WHERE relkind IN ('r', 'p') AND c.relname <> ALL(%(open)s::text[])
 GROUP BY c.relname, relrowsecurity, relforcerowsecurity
HAVING NOT (relrowsecurity AND relforcerowsecurity) OR count(p.*) <> 1
    OR bool_or(p.qual IS DISTINCT FROM p.with_check OR p.qual NOT LIKE '%%lockstitch.site_ids%%')
"""


def check(instance: Instance, cluster: Cluster) -> Iterator[Finding]:
    try:
        with psycopg.connect(cluster.url("ls_owner"), connect_timeout=5) as db:
            yield Finding("database answers", "ok")
            yield from _roles(db, cluster)
            yield from _schema(db, instance)
    except psycopg.OperationalError as error:
        yield Finding(
            "database answers", "failed", one_line(error), f"see {cluster.root / 'postgres.log'}"
        )


def _roles(db: psycopg.Connection, cluster: Cluster) -> Iterator[Finding]:
    cannot = []
    for role in ROLES:
        try:
            psycopg.connect(cluster.url(role), connect_timeout=5).close()
        except psycopg.OperationalError:
            cannot.append(role)
    yield finding("each role can sign in", ", ".join(cannot) or None, "bin/up (it makes them)")
    strong = _rows(db, _STRONG, roles=list(ROLES))
    yield finding("no role may do too much", strong, "ALTER ROLE … NOSUPERUSER NOBYPASSRLS")
    reads = _rows(db, _READS_GUARD, roles=OUTSIDERS)
    yield finding("only the guard reads the guard's tables", reads, "REVOKE what stands there")


def _schema(db: psycopg.Connection, instance: Instance) -> Iterator[Finding]:
    django_door.setup(instance)
    behind = _behind()
    yield finding("migrations applied", ", ".join(behind[:5]) or None, MIGRATE)
    last, now = guard.schema.steps()[-1][0], guard.schema.current_step(db)
    yield finding(
        "the guard's schema", None if now == last else f"step {now} of {last}", MIGRATE,
        detail=f"step {now}",
    )  # fmt: skip
    unfenced = _rows(db, _UNFENCED, open=_not_tenants())
    yield finding("every tenant table is fenced", unfenced, MIGRATE)


def _behind() -> list[str]:
    from django.db import connection, connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connections.close_all()
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _not_tenants() -> list[str]:
    """Tables that name a site and are not its property, such as an operator's sign-in."""
    from django.apps import apps

    from lockstitch.tenancy.fence import tenant_models

    tenants = {model._meta.db_table for model in tenant_models()}
    return [
        model._meta.db_table for model in apps.get_models() if model._meta.db_table not in tenants
    ]


def _rows(db: psycopg.Connection, query: str, **values: list[str]) -> str | None:
    found = [str(row[0]) for row in db.execute(query.encode(), values)]
    return "; ".join(found[:5]) or None

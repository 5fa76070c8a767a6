"""The second thread: the database itself keeps sites apart, and the guard's schema shut. Tables
are found in the database's own catalogue, so that a new one is tested without being named."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from psycopg.types.json import Jsonb

from lockstitch.access.actions import list_operator
from lockstitch.accounting.actions import close_day, settle
from lockstitch.catalogue.actions import keep_picture
from lockstitch.catalogue.models import (
    Attribute,
    ImportRun,
    Pairing,
    Picture,
    Preparation,
    PreparationRule,
    PriceWait,
    Product,
    Revision,
    SizeTable,
)
from lockstitch.catalogue.queries import colour_ids
from lockstitch.checkout.parties import add_recipient, share_out
from lockstitch.checkout.rules import Piece
from lockstitch.cli.cluster import Cluster
from lockstitch.content import inquiries, releasing
from lockstitch.content.actions import add_medium, keep_page, publish_notice
from lockstitch.content.actions import begin as begin_document
from lockstitch.crm.popularity import seen, set_rule
from lockstitch.feedback.models import Question, Review, ReviewPicture
from lockstitch.feeds.actions import add_column, write_feeds
from lockstitch.feeds.rules import Free
from lockstitch.files.actions import receive
from lockstitch.fulfilment.actions import cancel, ship
from lockstitch.kernel.clock import today_jst
from lockstitch.orders.file_templates import keep_file_template
from lockstitch.returns.actions import Wish, ask
from lockstitch.search.actions import note_miss, set_synonyms
from lockstitch.search.models import Dirty, FormerSlug
from lockstitch.tenancy.grants import GRANTS
from lockstitch.tenancy.scope import scope
from tests import world
from tests.coordinates import world as coordinates_world
from tests.members import world as members_world
from tests.payments.rows import fill as fill_payments
from tests.sets import world as sets_world
from tests.wishes.world import fill_wishes
from tests.world_parcels import fill_parcels
from tests.world_stock import fill_stock_room

ROLES = ("ls_shop", "ls_desk", "ls_worker")
ROW = "SELECT to_jsonb(t) FROM {} t WHERE site_id = %s LIMIT 1"


@pytest.fixture(scope="module")
def full_site(database: Cluster) -> UUID:
    """A site with at least one row in every table that has a `site_id`."""
    site = world.new_site()
    with scope(site.id):
        skus = world.new_product()
        product = Product.objects.all()[0].id
        Attribute.here(code="sleeve", name={"ja": "袖丈"}).save()
        Pairing.here(product_id=product, other_id=product).save()
        Revision.here(product_id=product, version=1, verb="made", state={}).save()
        ImportRun.here(name="x.csv", form="sheet", data=b"sku").save()
        PriceWait.here(product_id=product, skus={}).save()
        Preparation.here(product_id=product).save()
        PreparationRule.here(steps=["shot"]).save()
        SizeTable.here(brand="x", kind="clothes").save()
        set_synonyms([["シャツ", "ちゃつ"]])
        note_miss("ない")
        Dirty.here(product_id=product).save()
        FormerSlug.here(product_id=product, slug="was").save()
        colour, _shown = next(iter(colour_ids().values()))
        keep_picture(colour, 0, picture=Picture(width=4, height=5, source_sha256="ab" * 32))
        keep_page(slug="law", title={"ja": "表記"}, body={"ja": "<p>x</p>"})
        publish_notice(case_id=uuid4(), title={"ja": "お知らせ"}, body={"ja": "<p>x</p>"})
        news = begin_document("news", "first", {"title": {"ja": "知らせ"}}, by=None)
        releasing.gather(releasing.begin("春", by=None).id, [news.id])
        add_medium(Picture(width=4, height=5, source_sha256="cd" * 32), by=None)
        inquiries.note(record_id=uuid4(), topic="other", order_number="", hint="山＊ ＊＊")
        order = world.placed_order({skus[0]: 1})
        coordinates_world.fill(skus[0], order.id)
        sets_world.fill(skus[0])
        ship(order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR)
        cancel(world.placed_order({skus[0]: 1}).id, world.OPERATOR)
        fill_payments(order)
        receive(b"x", "a.jpg", by=uuid4(), use="colour", target=colour)
        checkout_id, _total = world.ready_checkout({skus[1]: 1})
        add_recipient(
            checkout_id, record_id=uuid4(), hint="海＊ ＊＊", prefecture="京都府",
            postal_zone="600", has_message=False,
        )  # fmt: skip
        share_out(checkout_id, {(2, Piece(skus[1])): 1})
        fill_stock_room(skus[2])
        fill_wishes(skus[2], product)
        review = Review.here(product_id=product, order=order, sku_id=skus[0], stars=5)
        review.save()
        ReviewPicture.here(review=review, picture=Picture.objects.all()[0]).save()
        Question.here(product_id=product, text="?").save()
        seen(product)
        set_rule(days=7, piece=1, like=1, view=1)
        fill_parcels(order, skus[3])
        members_world.fill()
        wish = Wish(order.current_lines[0].key, 1, "too_small")
        ask(order.id, [wish], by=world.OPERATOR)
        settle("cod_due", day=today_jst(), gross_yen=1, fee_yen=0, reference="x", by=None)
        close_day(today_jst())
        keep_file_template("倉庫", ["number"], "cp932", by=uuid4())
        add_column("google", Free("custom_label_0", constant="x"))
        write_feeds(site)
    return site.id


@pytest.fixture(scope="module")
def owner(database: Cluster) -> Iterator[psycopg.Connection]:
    """Sees every row: the superuser, whom no policy holds."""
    with psycopg.connect(database.superuser_url(), autocommit=True) as connection:
        yield connection


def tenant_tables(owner: psycopg.Connection) -> list[str]:
    rows = owner.execute(
        "SELECT table_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_name = 'site_id' ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows]


def connect(database: Cluster, role: str, site_id: UUID | None) -> psycopg.Connection:
    connection = psycopg.connect(database.url(role), autocommit=True)
    if site_id is not None:
        connection.execute("SELECT set_config('lockstitch.site_ids', %s, false)", [str(site_id)])
    return connection


def rights(owner: psycopg.Connection, role: str, table: str) -> set[str]:
    verbs = ("SELECT", "INSERT", "UPDATE", "DELETE")
    row = owner.execute(
        "SELECT " + ", ".join("has_table_privilege(%s, %s, %s)" for _ in verbs),
        [part for verb in verbs for part in (role, f'public."{table}"', verb)],
    ).fetchone()
    return {verb for verb, held in zip(verbs, row or (), strict=True) if held}


def test_every_tenant_table_is_fenced(owner: psycopg.Connection) -> None:
    tables = tenant_tables(owner)
    assert len(tables) > 15
    open_ones = owner.execute(
        "SELECT relname FROM pg_class WHERE relname = ANY(%s)"
        " AND NOT (relrowsecurity AND relforcerowsecurity)",
        [tables],
    ).fetchall()
    assert open_ones == []


def test_every_tenant_table_is_somebody_s(owner: psycopg.Connection) -> None:
    """Tests ask as the owner: a table without a grant would be missed by whoever runs the shop."""
    readers = [role for role in GRANTS if role != "ls_guard"]
    nobody_s = [
        table for table in tenant_tables(owner)
        if not any("SELECT" in rights(owner, role, table) for role in readers)
        and not any(table in GRANTS[role] for role in readers)
    ]  # fmt: skip
    assert nobody_s == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("sited", [False, True], ids=["no site set", "another site set"])
def test_no_role_reaches_another_site(
    database: Cluster, owner: psycopg.Connection, full_site: UUID, role: str, sited: bool
) -> None:
    other = world.new_site().id if sited else None
    tried: set[str] = set()
    with connect(database, role, other) as connection:
        for table in tenant_tables(owner):
            name = sql.Identifier(table)
            held = rights(owner, role, table)
            tried |= held
            row = owner.execute(sql.SQL(ROW).format(name), [full_site]).fetchone()
            assert row, f"{table} has no row of the full site: the test would prove nothing"
            where = sql.SQL("WHERE site_id = %s")
            if "SELECT" in held:
                reading = sql.SQL("SELECT 1 FROM {} ").format(name) + where
                assert connection.execute(reading, [full_site]).fetchall() == [], table
            if "UPDATE" in held:
                writing = sql.SQL("UPDATE {} SET site_id = site_id ").format(name) + where
                assert connection.execute(writing, [full_site]).rowcount == 0, table
            if "DELETE" in held and not _append_only(owner, table):
                deleting = sql.SQL("DELETE FROM {} ").format(name) + where
                assert connection.execute(deleting, [full_site]).rowcount == 0, table
            copy = row[0] | {"id": str(uuid4())}
            adding = sql.SQL("INSERT INTO {0} SELECT * FROM jsonb_populate_record(null::{0}, %s)")
            with pytest.raises(InsufficientPrivilege):
                connection.execute(adding.format(name), [Jsonb(copy)])
    assert {"SELECT", "INSERT"} <= tried


def _append_only(owner: psycopg.Connection, table: str) -> bool:
    """Its trigger refuses the statement before a policy is asked."""
    found = owner.execute(
        "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'append_only'",
        [f'public."{table}"'],
    )
    return found.fetchone() is not None


@pytest.mark.parametrize("role", ROLES)
def test_own_rows_are_seen(database: Cluster, full_site: UUID, role: str) -> None:
    """Else the test above would pass for a role that sees nothing at all."""
    with connect(database, role, full_site) as connection:
        assert connection.execute("SELECT count(*) FROM orders_order").fetchone() == (3,)


def test_a_row_cannot_point_into_another_site(owner: psycopg.Connection, full_site: UUID) -> None:
    other = world.new_site().id
    sku = owner.execute("SELECT id FROM catalogue_sku WHERE site_id = %s", [full_site]).fetchone()
    assert sku
    with pytest.raises(psycopg.errors.ForeignKeyViolation), owner.transaction():
        owner.execute(
            "INSERT INTO inventory_stock"
            " (id, site_id, sku_id, location_id, on_hand, allocated, held)"
            " VALUES (uuidv7(), %s, %s, uuidv7(), 1, 0, 0)",
            [other, sku[0]],
        )
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_the_guard_reads_the_guard(
    database: Cluster, owner: psycopg.Connection, full_site: UUID, role: str
) -> None:
    tables = owner.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'guard'::regnamespace"
        " AND relkind IN ('r', 'p')"
    ).fetchall()
    assert len(tables) > 10
    public = set() if role == "ls_shop" else {"site_public_key"}  # to seal, never to open
    in_part = {  # which records letters came back from, who is shut out, and no more of it
        ("ls_worker", "returned"), ("ls_shop", "blocked_source"), ("ls_desk", "blocked_source"),
    }  # fmt: skip
    with connect(database, role, full_site) as connection:
        for (table,) in tables:
            name = sql.Identifier("guard", table)
            if table not in public:
                what = "*" if (role, table) in in_part else "1"
                with pytest.raises(InsufficientPrivilege):
                    connection.execute(sql.SQL(f"SELECT {what} FROM {{}}").format(name))
            for verb in ("UPDATE {} SET site_id = NULL", "DELETE FROM {}", "TRUNCATE {}"):
                with pytest.raises((InsufficientPrivilege, psycopg.errors.UndefinedColumn)):
                    connection.execute(sql.SQL(verb).format(name))


@pytest.mark.parametrize("role", [*ROLES, "ls_guard", "ls_owner"])
def test_the_ledger_is_never_changed(database: Cluster, role: str) -> None:
    with connect(database, role, None) as connection:
        for verb in ("UPDATE guard.ledger SET verb = ''", "DELETE FROM guard.ledger"):
            with pytest.raises((InsufficientPrivilege, psycopg.errors.RaiseException)):
                connection.execute(verb)


def test_events_are_never_changed(owner: psycopg.Connection, full_site: UUID) -> None:
    for table in ("orders_orderevent", "inventory_movement", "payments_capture"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def test_the_shop_writes_no_company_site_or_operator(database: Cluster) -> None:
    list_operator(operator_id=uuid4(), company_id=None, handle="x", role="owner", site_ids=[])
    with connect(database, "ls_shop", None) as connection:
        for table in ("tenancy_company", "tenancy_site", "access_operator", "members_member"):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            with pytest.raises(InsufficientPrivilege):
                connection.execute(sql.SQL("UPDATE {} SET id = id").format(sql.Identifier(table)))


def test_the_desk_writes_only_the_mask_of_a_checkout(database: Cluster, full_site: UUID) -> None:
    with connect(database, "ls_desk", full_site) as connection:
        done = connection.execute("UPDATE checkout_checkout SET buyer_hint = 'x'")
        assert done.rowcount == 3
        for column in ("method = 'bank'", "placed_at = now()", "member_id = uuidv7()"):
            with pytest.raises(InsufficientPrivilege):
                connection.execute("UPDATE checkout_checkout SET " + column)

"""The orders' file: whole, safe in a spreadsheet, and as small in memory for many as for few.
LOCKSTITCH_EXPORT=1000000 takes as many."""

import csv
import gc
import io
import os
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction

from lockstitch.kernel.errors import Refused
from lockstitch.orders.exporting import COLUMNS, USUAL, order_rows
from lockstitch.orders.file_templates import (
    drop_file_template,
    file_templates,
    find_file_template,
    keep_file_template,
)
from lockstitch.orders.models import OrderLine
from lockstitch.orders.queries import Wanted, find_orders
from lockstitch.tenancy.queries import Site
from tests import world

MANY = int(os.environ.get("LOCKSTITCH_EXPORT", "5000"))

COPY_ORDERS = """
INSERT INTO orders_order SELECT r.* FROM orders_order o, generate_series(1, %s) n,
    LATERAL jsonb_populate_record(null::orders_order, to_jsonb(o) || jsonb_build_object(
        'id', uuidv7(), 'number', 'N' || n, 'checkout_id', gen_random_uuid(),
        'record_id', gen_random_uuid(), 'placed_at', o.placed_at - n * interval '1 second')) r
WHERE o.id = %s
"""
COPY_LINES = """
INSERT INTO orders_orderline SELECT r.* FROM orders_orderline l, orders_order o,
    LATERAL jsonb_populate_record(null::orders_orderline, to_jsonb(l) || jsonb_build_object(
        'id', uuidv7(), 'order_id', o.id, 'key', uuidv7())) r
WHERE l.order_id = %s AND o.site_id = l.site_id AND o.number LIKE 'N%%'
"""


def rows(text: bytes, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(encoding))))


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_row_for_each_line(site: Site) -> None:
    sku, other, *_rest = world.new_product()
    order = world.placed_order({sku: 2, other: 1})
    found = rows(b"".join(order_rows(Wanted())))
    assert [row["受注番号"] for row in found] == [order.number] * 2
    assert sum(int(row["明細金額"]) for row in found) == order.items_yen
    assert list(found[0]) == [COLUMNS[name][0] for name in USUAL]
    assert rows(b"".join(order_rows(Wanted(number="NONE")))) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_texts_stay_texts(site: Site, encoding: str) -> None:
    """No formula runs, 0x5C bytes are safe, and what CP932 lacks is replaced, not lost."""
    sku = world.new_product()[0]
    world.placed_order({sku: 1})
    OrderLine.objects.update(name={"ja": "=cmd|' /C calc'!A0 能表𠮷"})
    [row] = rows(b"".join(order_rows(Wanted(), ["name"], encoding=encoding)), encoding)
    expected = "'=cmd|' /C calc'!A0 能表" + ("吉" if encoding == "cp932" else "𠮷")
    assert row["商品名"] == expected


@pytest.mark.slow
def test_many_orders_take_no_more_memory_than_few(site: Site) -> None:
    sku = world.new_product()[0]
    order = world.placed_order({sku: 1})

    def growth(wanted: Wanted) -> tuple[int, int]:
        """(lines, by how much the process grew at most): a profiler would take far longer."""
        gc.collect()
        lines, most, before = -1, 0, resident()
        for piece in order_rows(wanted):
            lines += piece.count(b"\r\n")
            most = max(most, resident() - before)
        return lines, most

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(COPY_ORDERS, [MANY, order.pk])
        cursor.execute("ANALYZE orders_order")  # else each reference is looked for row by row
        cursor.execute(COPY_LINES, [order.pk])
    assert growth(Wanted(number="N1"))[0] > 500  # what is made once, is made
    lines, most = growth(Wanted())
    assert lines == MANY + 1
    assert most < 24_000_000
    page = find_orders(Wanted())
    assert (len(page.orders), bool(page.next)) == (50, True)


def test_a_template_says_which_columns(site: Site) -> None:
    by = UUID(int=7)
    keep_file_template(" 倉庫 ", ["total_yen", "number", "nonsense"], "cp932", by=by)
    keep_file_template("倉庫", ["sku", "number", "quantity"], "utf-8-sig", by=by)
    [kept] = file_templates()
    assert (kept.name, kept.columns) == ("倉庫", ["number", "sku", "quantity"])
    assert find_file_template(str(kept.pk)) == kept
    assert find_file_template("nonsense") is None
    world.placed_order({world.new_product()[0]: 2})
    [row] = rows(b"".join(order_rows(Wanted(), kept.columns)))
    assert list(row) == ["受注番号", "SKU", "数量"]
    for name, columns, encoding in (
        ("", ["number"], "cp932"), ("x", [], "cp932"), ("x", ["nonsense"], "cp932"),
        ("x", ["number"], "utf-16"),
    ):  # fmt: skip
        with pytest.raises(Refused, match="columns"):
            keep_file_template(name, columns, encoding, by=by)
    drop_file_template(kept.pk)
    assert file_templates() == []

"""Orders as CSV, a row for each line, streamed: a million orders take no more memory than one.

Nothing personal is here: names and addresses are exported by the desk, on the record.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import batched
from uuid import UUID

from django.db.models import F

from lockstitch.catalogue import promise
from lockstitch.kernel.clock import JST
from lockstitch.kernel.cp932 import fit
from lockstitch.kernel.ids import readable
from lockstitch.kernel.text import localised
from lockstitch.orders.models import Order, OrderLine
from lockstitch.orders.queries import Wanted, narrowed

CHUNK = 500
_NO_LINE = OrderLine()  # the columns of an order do not look at its lines

type Cell = Callable[[Order, OrderLine], object]

# column -> (what operators call it, how it is read)
COLUMNS: dict[str, tuple[str, Cell]] = {
    "number": ("受注番号", lambda o, _line: o.number),
    "placed_at": ("受注日時", lambda o, _line: f"{o.placed_at.astimezone(JST):%Y/%m/%d %H:%M}"),
    "channel": ("経路", lambda o, _line: o.channel),
    "status": ("受注状態", lambda o, _line: o.status),
    "payment": ("入金状態", lambda o, _line: o.payment),
    "fulfilment": ("出荷状態", lambda o, _line: o.fulfilment),
    "method": ("支払方法", lambda o, _line: o.method),
    "prefecture": ("都道府県", lambda o, _line: o.prefecture),
    "member": ("会員", lambda o, _line: "会員" if o.member_id else "ゲスト"),
    "items_yen": ("商品合計", lambda o, _line: o.items_yen),
    "discount_yen": ("値引", lambda o, _line: o.discount_yen),
    "shipping_yen": ("送料", lambda o, _line: o.shipping_yen),
    "fee_yen": ("代引手数料", lambda o, _line: o.fee_yen),
    "wrapping_yen": ("ラッピング", lambda o, _line: o.wrapping_yen),
    "total_yen": ("合計", lambda o, _line: o.total_yen),
    "points_yen": ("ポイント利用", lambda o, _line: o.points_yen),
    "reduced_yen": ("取消・返品", lambda o, _line: o.reduced_yen),
    "money_yen": ("請求額", lambda o, _line: o.money_yen),
    "tax_10_yen": ("内消費税10%", lambda o, _line: o.taxes.get("1000", 0)),
    "tax_8_yen": ("内消費税8%", lambda o, _line: o.taxes.get("800", 0)),
    "sku": ("SKU", lambda _order, line: line.sku_code),
    "name": ("商品名", lambda _order, line: localised(line.name, "ja")),
    "colour": ("カラー", lambda _order, line: localised(line.colour, "ja")),
    "size": ("サイズ", lambda _order, line: line.size),
    "unit_price_yen": ("単価", lambda _order, line: line.unit_price_yen),
    "quantity": ("数量", lambda _order, line: line.quantity),
    "line_discount_yen": ("明細値引", lambda _order, line: line.discount_yen),
    "net_yen": ("明細金額", lambda _order, line: line.net_yen),
    "tax_rate_bp": ("税率", lambda _order, line: f"{line.tax_rate_bp / 100:g}%"),
    "preorder_month": ("予約発送月", lambda _order, line: promise.typed(line.preorder_month)),
    "ships_on": ("発送予定日", lambda _order, line: line.ships_on or ""),
    "hem_cm": ("股下直しcm", lambda _order, line: line.hem_cm),
    "hem_fee_yen": ("股下直し料金", lambda _order, line: line.hem_fee_yen),
    "outlet": ("アウトレットの状態", lambda _order, line: localised(line.outlet_note, "ja")),
    "set_name": ("セット", lambda _order, line: localised(line.set_name, "ja")),
    "shipped": ("出荷数", lambda _order, line: line.shipped),
    "cancelled": ("取消数", lambda _order, line: line.cancelled),
    "returned": ("返品数", lambda _order, line: line.returned),
}
USUAL = (
    "number", "placed_at", "status", "payment", "fulfilment", "method", "prefecture", "total_yen",
    "sku", "name", "colour", "size", "unit_price_yen", "quantity", "net_yen", "tax_rate_bp",
)  # fmt: skip


def order_rows(
    wanted: Wanted, columns: Sequence[str] = USUAL, *, encoding: str = "utf-8-sig"
) -> Iterator[bytes]:
    """The file in pieces. `encoding` utf-8-sig or cp932, both of which Japanese Excel opens; what
    CP932 lacks is replaced by the rules of kernel.cp932.

    Raises KeyError for an unknown column.
    """
    chosen = [COLUMNS[name] for name in columns]
    yield head([title for title, _cell in chosen], encoding)
    rows = narrowed(wanted).order_by("-placed_at", "-id")
    for orders in batched(rows.iterator(chunk_size=CHUNK), CHUNK, strict=False):
        lines = _lines(orders)
        cells = [
            [cell(order, line) for _title, cell in chosen]
            for order in orders
            for line in lines[order.pk]
        ]
        yield encoded(cells, encoding)


# An order's own columns, beside which the desk puts its buyer's.
WITH_PEOPLE = (
    "number", "placed_at", "channel", "status", "payment", "fulfilment", "method", "total_yen",
)  # fmt: skip


def people_rows(people: Sequence[tuple[UUID | None, Sequence[str]]], *, encoding: str) -> bytes:
    """Rows of an export with people: each record's order, then the cells of its person. Without a
    record, it is a row of nobody, which looks like the others."""
    records = [record for record, _cells in people if record]
    orders = {order.record_id: order for order in Order.objects.filter(record_id__in=records)}
    found = list(orders.values())
    rows: list[list[object]] = []
    for place, (record, cells) in enumerate(people):
        order = orders.get(record) if record else found[place % len(found)] if found else None
        own = [COLUMNS[name][1](order, _NO_LINE) if order else "" for name in WITH_PEOPLE]
        if record is None and order is not None:
            own[0] = f"{order.placed_at.astimezone(JST):%y%m%d}-{readable(6)}"
        rows.append([*own, *cells])
    return encoded(rows, encoding)


def people_head(titles: Sequence[str], *, encoding: str) -> bytes:
    return head([*(COLUMNS[name][0] for name in WITH_PEOPLE), *titles], encoding)


def _lines(orders: Sequence[Order]) -> dict[UUID, list[OrderLine]]:
    """The present lines of each. No prefetch: its circles of references would wait in memory for
    the collector."""
    found: dict[UUID, list[OrderLine]] = defaultdict(list)
    for line in OrderLine.objects.filter(
        order__in=[order.pk for order in orders], revision=F("order__revision")
    ).order_by("position"):
        found[line.order_id].append(line)
    return found


def head(titles: Sequence[str], encoding: str) -> bytes:
    """The first line, with the mark by which Japanese Excel knows UTF-8."""
    mark = b"\xef\xbb\xbf" if encoding == "utf-8-sig" else b""
    return mark + encoded([titles], encoding)


def encoded(rows: Sequence[Sequence[object]], encoding: str) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([[_safe(cell) for cell in row] for row in rows])
    if encoding == "cp932":
        return fit(buffer.getvalue()).text.encode("cp932")
    return buffer.getvalue().encode()


def _safe(cell: object) -> object:
    """A text that a spreadsheet would take for a formula stays a text (OWASP, CSV injection)."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell

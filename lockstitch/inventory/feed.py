"""Stock from and to other systems, as CSV: by SKU and location, absolute or relative.

A file says when its figures were true. An absolute figure is compared with the stock of that
moment, so that what was sold since stays sold; a figure older than one already taken in is passed
by. A file taken in twice changes nothing: its own digest is the reference of its movements.
"""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from lockstitch.catalogue.models import Sku
from lockstitch.inventory.arrivals import book
from lockstitch.inventory.ledger import Because, Entry, NotEnough, lock, places
from lockstitch.inventory.models import Movement, Stock
from lockstitch.inventory.rules import Place
from lockstitch.kernel.clock import now
from lockstitch.kernel.tables import table

COLUMNS = ("sku", "location", "quantity", "mode")
OUT = ("sku", "location", "on_hand", "allocated", "held", "free", "at")
ROWS_MAX = 100_000
PIECES_MAX = 1_000_000


@dataclass
class Taken:
    """What became of a file. `problems` are sentences with row numbers; with any, nothing was
    written."""

    changed: int = 0
    older: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FeedRow:
    number: int
    place: Place
    quantity: int
    absolute: bool


def take_in(data: bytes, *, as_of: dt.datetime, by: UUID | None) -> Taken:
    """Reads a file of COLUMNS (UTF-8 or CP932). `as_of` is when its figures were true."""
    rows, problems = _read(data)
    if as_of > now() + dt.timedelta(minutes=5):
        problems.append(_("The time of the figures lies in the future."))
    if problems:
        return Taken(problems=problems)
    once = UUID(bytes=hashlib.sha256(data + as_of.isoformat().encode()).digest()[:16])
    try:
        with transaction.atomic():
            if Movement.objects.filter(reference=once).exists():
                return Taken()
            return _apply(rows, as_of, Because(once, None, by, "feed"))
    except NotEnough as short:
        codes = dict(Sku.objects.filter(id__in=short.short).values_list("id", "code"))
        return Taken(
            problems=[
                _("%(sku)s: more pieces are promised than would be left.") % {"sku": codes[sku]}
                for sku in short.short
            ]
        )


def _apply(rows: Sequence[FeedRow], as_of: dt.datetime, why: Because) -> Taken:
    taken = Taken()
    for location in sorted({row.place[1] for row in rows}):
        there = [row for row in rows if row.place[1] == location]
        locked = lock([row.place[0] for row in there], at=location)
        since = _moved_since([row.place[0] for row in there if row.absolute], location, as_of)
        entries, stated = [], []
        for row in there:
            stock = locked[row.place]
            difference = row.quantity
            if row.absolute:
                if stock.stated_at is not None and stock.stated_at >= as_of:
                    taken.older += 1
                    continue
                difference = row.quantity - (stock.on_hand - since.get(row.place[0], 0))
                stated.append(stock.pk)
            if difference:
                entries.append(Entry("adjust", row.place, difference))
        if entries:
            book(locked, entries, why)
        Stock.objects.filter(id__in=stated).update(stated_at=as_of)
        taken.changed += len(entries)
    return taken


def _moved_since(skus: Sequence[UUID], location: UUID, as_of: dt.datetime) -> Mapping[UUID, int]:
    rows = (
        Movement.objects.filter(sku_id__in=skus, location_id=location, at__gt=as_of)
        .values("sku_id")
        .annotate(h=Sum("on_hand_delta"))
    )
    return {row["sku_id"]: row["h"] for row in rows}


def _read(data: bytes) -> tuple[list[FeedRow], list[str]]:
    heading, *lines = table(data, rows_max=ROWS_MAX) or [[]]
    if not set(COLUMNS[:3]) <= set(heading):
        return [], [_("The file needs the columns %(columns)s.") % {"columns": ", ".join(COLUMNS)}]
    raw = [dict(zip(heading, line, strict=False)) for line in lines if line]
    codes = {row["sku"].strip() for row in raw if row.get("sku")}
    skus = dict(Sku.objects.filter(code__in=codes).values_list("code", "id"))
    here = {place.code: place.id for place in places()}
    rows, problems, seen = [], [], set()
    for number, row in enumerate(raw, start=2):
        sku = skus.get(row.get("sku", "").strip())
        place = here.get(row.get("location", "").strip() or next(iter(here)))
        try:
            quantity = int(row.get("quantity", "").strip())
        except ValueError:
            quantity = PIECES_MAX + 1
        absolute = (row.get("mode") or "absolute").strip() != "relative"
        wrong = (
            _("unknown SKU") if sku is None
            else _("unknown location") if place is None
            else _("not a number") if abs(quantity) > PIECES_MAX or (absolute and quantity < 0)
            else _("the same SKU twice") if (sku, place) in seen
            else ""
        )  # fmt: skip
        if wrong or sku is None or place is None:
            problems.append(_("Row %(number)d: %(problem)s") % {"number": number, "problem": wrong})
            continue
        seen.add((sku, place))
        rows.append(FeedRow(number, (sku, place), quantity, absolute))
    return rows, problems


def give_out() -> Iterator[str]:
    """The stock of the site as CSV lines, read row by row, however many there are."""
    moment = now().isoformat(timespec="seconds")
    yield ",".join(OUT) + "\r\n"
    rows = Stock.objects.order_by("sku__code", "location_id").values_list(
        "sku__code", "location__code", "on_hand", "allocated", "held"
    )
    for code, place, on_hand, allocated, held in rows.iterator(chunk_size=2000):
        line = io.StringIO()
        csv.writer(line).writerow(
            [code, place, on_hand, allocated, held, on_hand - allocated - held, moment]
        )
        yield line.getvalue()

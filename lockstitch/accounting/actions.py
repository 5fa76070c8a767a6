"""Writing the journal, settling with providers, and closing days and months."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lockstitch.accounting.models import Books, Close, Entry, Line, Payout
from lockstitch.accounting.queries import day_sums, disagreements, posted, stands
from lockstitch.accounting.rules import POINT_COUNTER, PROVIDERS, difference, position
from lockstitch.kernel.clock import JST, midnight, now
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.money import included_tax
from lockstitch.members.queries import point_entries_since
from lockstitch.orders.models import Order, OrderEvent
from lockstitch.tenancy.scope import current_site_id

AGAIN = dt.timedelta(minutes=10)  # a long transaction commits events older than those we have read
BATCH = 500


def post(until: dt.datetime | None = None) -> int:
    """Brings the journal to where orders and points stand. May be repeated, interrupted and run
    late: an order's entry is the difference to what was posted. How many entries were written."""
    moment, written = until or now(), 0
    with transaction.atomic():
        books = _hold_books()
        events = OrderEvent.objects.filter(at__lte=moment).order_by("at")
        if books.events_until:
            events = events.filter(at__gt=books.events_until - AGAIN)
        days: dict[UUID, dt.date] = {}
        for order_id, at in events.values_list("order_id", "at").iterator():
            days[order_id] = at.astimezone(JST).date()
        ids = list(days)
        for start in range(0, len(ids), BATCH):
            written += _post_orders({key: days[key] for key in ids[start : start + BATCH]})
        written += _post_points(books, moment)
        books.events_until = max(moment, books.events_until or moment)
        books.points_until = max(moment, books.points_until or moment)
        books.save(update_fields=["events_until", "points_until"])
    return written


def _post_orders(days: Mapping[UUID, dt.date]) -> int:
    wanted, known = stands(days), posted(days)
    numbers = dict(Order.objects.filter(id__in=list(days)).values_list("id", "number"))
    made = []
    for order_id, facts in wanted.items():
        lines = difference(position(facts), known[order_id])
        if lines:
            made.append((days[order_id], "order", order_id, numbers[order_id], lines))
    _write(made)
    return len(made)


def _post_points(books: Books, until: dt.datetime) -> int:
    """Points that no order pays with: given, reversed, expired, adjusted."""
    since = books.points_until - AGAIN if books.points_until else None
    rows = point_entries_since(since, until, kinds=list(POINT_COUNTER))
    ids = [row.pk for row in rows]
    known = set(
        Entry.objects.filter(kind="points", source_id__in=ids).values_list("source_id", flat=True)
    )
    made = [
        (
            row.at.astimezone(JST).date(), "points", row.pk, row.kind,
            {"points": -row.points, POINT_COUNTER[row.kind]: row.points},
        )
        for row in rows
        if row.points and row.pk not in known
    ]  # fmt: skip
    _write(made)
    return len(made)


def _write(made: Sequence[tuple[dt.date, str, UUID, str, Mapping[str, int]]]) -> None:
    """Entries in two statements. The database checks that each balances and its month is open."""
    entries = Entry.objects.bulk_create(
        Entry.here(day=day, kind=kind, source_id=source, text=text)
        for day, kind, source, text, _lines in made
    )
    Line.objects.bulk_create(
        Line.here(entry=entry, account=account, yen=yen)
        for entry, (*_rest, lines) in zip(entries, made, strict=True)
        for account, yen in lines.items()
    )


def settle(
    account: str, *, day: dt.date, gross_yen: int, fee_yen: int, reference: str, by: UUID | None
) -> None:
    """A provider or carrier paid out `gross_yen` less its fee. Once for each reference.

    Raises Refused for an account that is not settled so, or a closed month.
    """
    if account not in PROVIDERS:
        raise Refused(_("Choose what was settled."))
    try:
        with transaction.atomic():
            if Payout.objects.filter(account=account, reference=reference).exists():
                return
            payout: Payout = Payout.objects.create(
                account=account, day=day, gross_yen=gross_yen, fee_yen=fee_yen,
                reference=reference, by=by,
            )  # fmt: skip
            tax = included_tax(fee_yen, 1000)
            lines = {
                "bank": gross_yen - fee_yen, "provider_fees": fee_yen - tax, "paid_tax": tax,
                account: -gross_yen,
            }  # fmt: skip
            kept = {name: yen for name, yen in lines.items() if yen}
            _write([(day, "payout", payout.pk, reference, kept)])
    except IntegrityError:
        raise Refused(_("The amounts do not fit together.")) from None


def close_day(day: dt.date) -> Close:
    """日次締め: posts what is left, and writes down what the day came to and whether everything
    agrees. A day is closed once; what comes later is posted to its own day."""
    post(min(now(), midnight(day + dt.timedelta(days=1))))
    post()
    with transaction.atomic():
        _hold_books()
        known: Close | None = Close.objects.filter(day=day).first()
        if known is not None:
            return known
        count, sums = day_sums(day)
        made: Close = Close.objects.create(
            day=day, entries=count, sums=sums, disagreements=disagreements()
        )
        return made


def lock_month(last_day: dt.date) -> None:
    """月次締め: nothing can be posted up to that day any more. Raises Refused when it goes back."""
    with transaction.atomic():
        books = _hold_books()
        if books.locked_until and last_day < books.locked_until:
            raise Refused(_("That month is closed already."))
        books.locked_until = last_day
        books.save(update_fields=["locked_until"])


def _hold_books() -> Books:
    Books.objects.get_or_create(site_id=current_site_id())
    books: Books = Books.objects.select_for_update().get()
    return books

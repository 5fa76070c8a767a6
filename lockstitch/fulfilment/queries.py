"""Parcels of orders, and how the site sends."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from lockstitch.fulfilment.calendar import REGION_OF, Calendar, earliest_delivery, ships_on
from lockstitch.fulfilment.models import DispatchTerms as DispatchTerms
from lockstitch.fulfilment.models import LabelBatch as LabelBatch
from lockstitch.fulfilment.models import PaperIssue
from lockstitch.fulfilment.models import Parcel as Parcel
from lockstitch.fulfilment.models import ParcelEvent as ParcelEvent
from lockstitch.fulfilment.rules import CARRIERS, PICKUP, delivery_days, slots_of
from lockstitch.kernel.clock import now, today_jst
from lockstitch.orders.models import Order, OrderLine, Reduction
from lockstitch.pricing import queries as pricing

PAGE = 50
SENT = ("shipped", "delivered", "returned")


def dispatch_terms() -> DispatchTerms:
    """This site's; the defaults when it has set none."""
    return DispatchTerms.objects.first() or DispatchTerms()


def calendar(of: DispatchTerms | None = None) -> Calendar:
    """The site's working days, from its two sets of terms."""
    found, terms = of or dispatch_terms(), pricing.terms()
    return Calendar(
        weekdays=frozenset(terms.closed_weekdays),
        days=frozenset(dt.date.fromisoformat(day) for day in terms.closed_days),
        on_holidays=found.on_holidays, cut_off=found.cut_off, handling=found.handling_days,
        origin=found.origin, transit=found.transit,
    )  # fmt: skip


def first_day(prefecture: str, carrier: str = "", making: int = 0) -> dt.date:
    """The earliest day of delivery for an order placed now that takes `making` days to make."""
    made = now() + dt.timedelta(days=making)
    return earliest_delivery(made, prefecture, carrier or pricing.terms().carrier, calendar())


def leaving[Key](making: Mapping[Key, int]) -> dict[Key, dt.date]:
    """Of those that take days to make: when they leave, ordered now."""
    if not any(making.values()):
        return {}
    working, moment = calendar(), now()
    return {
        key: ships_on(moment + dt.timedelta(days=days), working)
        for key, days in making.items()
        if days
    }


def delivery_choices(
    prefecture: str, carrier: str = "", count: int = 14, making: int = 0
) -> list[dt.date]:
    """The days that a buyer of that prefecture may wish for: not before a parcel can be there,
    nor before the days that the site asks for, nor before it is made."""
    asked = today_jst() + dt.timedelta(days=max(pricing.terms().lead_days, making))
    first = max(first_day(prefecture, carrier, making), asked) if prefecture in REGION_OF else asked
    return delivery_days(first, count)


def may_wish(
    day: dt.date | None, slot: str, prefecture: str, carrier: str = "", making: int = 0
) -> bool:
    """Whether a parcel can come then, by the site's carrier unless another is named."""
    if slot not in slots_of(carrier or pricing.terms().carrier):
        return False
    return day is None or day in delivery_choices(prefecture, carrier, making=making)


def _whole() -> QuerySet[Parcel]:
    found: QuerySet[Parcel] = Parcel.objects.prefetch_related("lines").select_related("order")
    return found


def parcels_of(order: Order) -> list[Parcel]:
    """Those that were not given up, in their order."""
    return list(_whole().filter(order=order).exclude(state="dropped"))


def events_of(parcels: Iterable[Parcel]) -> list[ParcelEvent]:
    """What became of these parcels, the newest first."""
    rows = ParcelEvent.objects.filter(parcel__in=list(parcels)).select_related("parcel")
    return list(rows.order_by("-at", "-id"))


def find_parcel(parcel_id: UUID) -> Parcel | None:
    return _whole().filter(id=parcel_id).first()


def find_by_reference(references: Iterable[str]) -> dict[str, Parcel]:
    """`261125-ABCDEF-1` as on the label -> the parcel."""
    wanted = {reference.strip().upper() for reference in references}
    numbers = {reference.rpartition("-")[0] for reference in wanted}
    rows = Parcel.objects.select_related("order").filter(order__number__in=numbers)
    return {label: parcel for parcel in rows if (label := reference_of(parcel)) in wanted}


def reference_of(parcel: Parcel) -> str:
    """What a label calls the parcel: at most 15 letters, so that every carrier's file takes it."""
    return f"{parcel.order.number}-{parcel.no}"


def shipment_of(order: Order) -> Parcel | None:
    """The last parcel of an order that has left."""
    return Parcel.objects.filter(order=order, state__in=SENT).order_by("-shipped_at", "-no").first()


def track_address(parcel: Parcel) -> str:
    carrier = CARRIERS.get(parcel.carrier)
    return carrier.track.format(parcel.tracking_number) if carrier else ""


def late(of: DispatchTerms | None = None) -> list[Parcel]:
    """Parcels whose label was made and that did not leave in time, the oldest first."""
    days = (of or dispatch_terms()).late_days
    rows = _whole().filter(state="planned", planned_at__lt=now() - dt.timedelta(days=days))
    return list(rows.exclude(carrier=PICKUP).order_by("planned_at")[:PAGE])


def waiting_pickups(limit: int = PAGE) -> list[Parcel]:
    """In the shops, waiting for their buyers."""
    rows = _whole().filter(state="planned", carrier=PICKUP, ready_at__isnull=False)
    return list(rows.select_related("location").order_by("waits_until")[:limit])


def find_pickup(code: str) -> Parcel | None:
    return _whole().filter(code=code.strip().upper(), carrier=PICKUP).first() if code else None


def batches(limit: int = PAGE) -> list[LabelBatch]:
    return list(LabelBatch.objects.prefetch_related("parcels").order_by("-at", "-id")[:limit])


def find_batch(batch_id: UUID) -> LabelBatch | None:
    parcels = Parcel.objects.select_related("order").order_by("order__number", "no")
    return (
        LabelBatch.objects.prefetch_related(
            Prefetch("parcels", parcels), "parcels__lines", "parcels__order__lines",
            "parcels__order__destinations",
        )
        .filter(id=batch_id)
        .first()
    )  # fmt: skip


@dataclass(frozen=True)
class ToSend:
    """An order that can be sent, and how much of it is open."""

    order: Order
    pieces: int
    planned: int
    pickup: bool


def to_send(*, after: str = "", limit: int = PAGE) -> tuple[list[ToSend], str]:
    """出荷待ち, the oldest first, a page at a time by key; those on hold are left out."""
    rows = Order.objects.filter(
        status="placed", fulfilment__in=["unshipped", "part"], on_hold=False,
        payment__in=["authorised", "capturing", "captured", "refund_due"],
    ).order_by("placed_at", "id")  # fmt: skip
    at, _, last = after.partition("_")
    if last:
        try:
            moment, key = dt.datetime.fromisoformat(at), UUID(last)
        except ValueError:
            return [], ""
        rows = rows.filter(Q(placed_at__gt=moment) | Q(placed_at=moment, id__gt=key))
    found = list(rows.prefetch_related("lines", "destinations", "parcels__lines")[: limit + 1])
    page = found[:limit]
    more = f"{page[-1].placed_at.isoformat()}_{page[-1].id}" if len(found) > limit else ""
    return [_to_send(order) for order in page], more


def _to_send(order: Order) -> ToSend:
    planned = planned_pieces(order.parcels.all())
    return ToSend(
        order, sum(line.open for line in order.current_lines), sum(planned.values()),
        any(d.pickup_location_id for d in order.destinations.all()),
    )  # fmt: skip


def planned_pieces(parcels: Iterable[Parcel]) -> Counter[UUID]:
    """Line key -> pieces that are in a parcel which has not left yet."""
    planned: Counter[UUID] = Counter()
    for parcel in parcels:
        if parcel.state == "planned":
            for line in parcel.lines.all():
                planned[line.line_key] += line.quantity
    return planned


def issued(order: Order, kind: str) -> int:
    """How often such a paper was given out."""
    return PaperIssue.objects.filter(order=order, kind=kind).count()


def lines_by_key(order: Order) -> dict[UUID, OrderLine]:
    return {line.key: line for line in order.current_lines}


def reductions_of(order: Order) -> list[Reduction]:
    """All that was given up of the order's present revision, as it came."""
    keys = [line.pk for line in order.current_lines]
    rows = Reduction.objects.filter(order=order).order_by("at", "id")
    return list(rows.filter(Q(line_id__in=keys) | Q(line=None)))


def orders_with_numbers(numbers: Sequence[str]) -> list[Order]:
    return list(Order.objects.filter(number__in=list(numbers)).order_by("placed_at", "id"))

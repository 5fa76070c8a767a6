"""Who is in a segment, how many, and how campaigns stand. Ids and numbers only: never a name."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Greatest

from lockstitch.catalogue.models import Product
from lockstitch.crm.models import Addressee, Reminder
from lockstitch.crm.models import Campaign as Campaign
from lockstitch.crm.models import Segment as Segment
from lockstitch.crm.rules import Criteria, criteria
from lockstitch.kernel.clock import now, today_jst
from lockstitch.members.models import Consent, Favourite, Member, PointAccount, PointLot
from lockstitch.orders.models import Order, OrderLine

DAY = dt.timedelta(days=1)
COUNTED = ("placed", "completed")


def members_in(wanted: Criteria) -> QuerySet[Member]:
    """The members that fit, as one query."""
    rows = Member.objects.filter(closed_at=None)
    if wanted.ranks:
        rows = rows.filter(rank__code__in=wanted.ranks)
    if wanted.prefectures:
        rows = rows.filter(prefecture__in=wanted.prefectures)
    if wanted.birth_months:
        rows = rows.filter(birth_month__in=wanted.birth_months)
    if wanted.favourites:
        mine = Favourite.objects.filter(
            member_id=OuterRef("pk"), product__slug__in=wanted.favourites
        )
        rows = rows.filter(Exists(mine))
    if wanted.consent:
        rows = rows.filter(consenting(wanted.consent))
    return _by_points(_by_goods(_by_orders(rows, wanted), wanted), wanted)


def consenting(purpose: str) -> Exists:
    """Of a member: that the last word on this purpose was yes."""
    last = Consent.objects.filter(member_id=OuterRef("member_id"), purpose=purpose).order_by(
        "-at", "-id"
    )
    return Exists(
        Consent.objects.filter(
            member_id=OuterRef("pk"),
            purpose=purpose,
            given=True,
            id=Subquery(last.values("id")[:1]),
        )
    )


def _orders(wanted: Criteria) -> QuerySet[Order]:
    rows = Order.objects.filter(status__in=COUNTED)
    if wanted.days is not None:
        rows = rows.filter(placed_at__gte=now() - wanted.days * DAY)
    return rows


def _by_orders(rows: QuerySet[Member], wanted: Criteria) -> QuerySet[Member]:
    mine = _orders(wanted).filter(member_id=OuterRef("pk")).order_by().values("member_id")
    count = Subquery(mine.annotate(found=Count("id")).values("found"))
    worth = Greatest(F("items_yen") - F("discount_yen") - F("reduced_yen"), Value(0))
    spend = Subquery(mine.annotate(found=Sum(worth)).values("found"))
    for name, least, most, value in (
        ("orders_found", wanted.orders_min, wanted.orders_max, count),
        ("spend_found", wanted.spend_min, wanted.spend_max, spend),
    ):
        if least is None and most is None:
            continue
        rows = rows.annotate(**{name: Greatest(value, Value(0))})
        if least is not None:
            rows = rows.filter(**{f"{name}__gte": least})
        if most is not None:
            rows = rows.filter(**{f"{name}__lte": most})
    if wanted.quiet_days is not None:
        ever = Order.objects.filter(status__in=COUNTED, member_id=OuterRef("pk"))
        lately = ever.filter(placed_at__gte=now() - wanted.quiet_days * DAY)
        rows = rows.filter(Exists(ever), ~Exists(lately))
    return rows


def _by_goods(rows: QuerySet[Member], wanted: Criteria) -> QuerySet[Member]:
    """One line that fits all that is asked of goods: a shirt of that brand in that size."""
    asked: dict[str, object] = {}
    if wanted.products:
        asked["product_slug__in"] = wanted.products
    if wanted.sizes:
        asked["size__in"] = wanted.sizes
    products = Product.objects.all()
    if wanted.categories:
        products = products.filter(category__slug__in=wanted.categories)
    if wanted.brands:
        products = products.filter(brand__in=wanted.brands)
    if wanted.categories or wanted.brands:
        asked["product_id__in"] = products.values("id")
    if not asked:
        return rows
    bought = OrderLine.objects.filter(
        order__member_id=OuterRef("pk"), order__in=_orders(wanted).values("id"),
        revision=F("order__revision"), cancelled__lt=F("quantity"), **asked,
    )  # fmt: skip
    return rows.filter(Exists(bought))


def _by_points(rows: QuerySet[Member], wanted: Criteria) -> QuerySet[Member]:
    if wanted.points_min is not None:
        held = PointAccount.objects.filter(member_id=OuterRef("pk"), balance__gte=wanted.points_min)
        rows = rows.filter(Exists(held))
    if wanted.points_expire_days is not None:
        today = today_jst()
        lots = PointLot.objects.filter(
            member_id=OuterRef("pk"), remaining__gt=0, expires_on__gte=today,
            expires_on__lte=today + wanted.points_expire_days * DAY,
        )  # fmt: skip
        rows = rows.filter(Exists(lots))
    return rows


@dataclass(frozen=True)
class Size:
    """How many fit, and how many of them may be written to for a purpose."""

    members: int
    mailable: int


def size(wanted: Criteria, purpose: str = "news") -> Size:
    rows = members_in(wanted)
    return Size(rows.count(), mailable(rows, purpose).count())


def mailable(rows: QuerySet[Member], purpose: str) -> QuerySet[Member]:
    """Those who said yes, have a record to write to, and whose letters do not come back."""
    return rows.filter(consenting(purpose), profile_id__isnull=False, unmailable_at=None)


def segments() -> list[Segment]:
    return list(Segment.objects.order_by("name"))


def find_segment(segment_id: UUID) -> Segment | None:
    return Segment.objects.filter(id=segment_id).first()


def criteria_of(segment: Segment) -> Criteria:
    return criteria(segment.criteria)


def campaigns() -> list[Campaign]:
    return list(Campaign.objects.order_by("-made_at").select_related("segment")[:200])


def find_campaign(campaign_id: UUID) -> Campaign | None:
    return Campaign.objects.filter(id=campaign_id).select_related("segment").first()


def left_out(campaign: Campaign) -> dict[str, int]:
    """Why members of the campaign got no letter."""
    rows = (
        Addressee.objects.filter(campaign=campaign)
        .exclude(left_out="")
        .values("left_out")
        .annotate(count=Count("id"))
    )
    return {row["left_out"]: row["count"] for row in rows}


@dataclass(frozen=True)
class Reminded:
    """Reminders of a span, and what came of them."""

    posted: int
    returned: int
    ordered: int


def reminded(days: int = 30) -> Reminded:
    rows = Reminder.objects.filter(posted_at__gte=now() - days * DAY)
    found = rows.aggregate(
        posted=Count("id"), returned=Count("id", filter=Q(returned_at__isnull=False)),
        ordered=Count("id", filter=Q(order_id__isnull=False)),
    )  # fmt: skip
    return Reminded(**found)


def profile_ids(member_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    return dict(
        Member.objects.filter(id__in=list(member_ids), profile_id__isnull=False).values_list(
            "id", "profile_id"
        )
    )

"""ランキング: what sold, was liked and was looked at over some days is the order of the lists by
rank. Which days, and what each counts, the shop says."""

import datetime as dt
from collections import Counter
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from lockstitch.catalogue.cards import on_sale
from lockstitch.crm.models import ProductViews
from lockstitch.crm.models import RankRule as RankRule  # doors name it
from lockstitch.crm.queries import COUNTED
from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.members.favourites import likes_since
from lockstitch.orders.models import OrderLine
from lockstitch.search.actions import set_scores
from lockstitch.tenancy.scope import current_site_id

DAYS = (7, 14, 28, 90)
WEIGHT_MAX = 100

_SEEN = """INSERT INTO crm_productviews AS v (site_id, product_id, day, views)
    VALUES (%s, %s, %s, 1) ON CONFLICT (site_id, day, product_id) DO UPDATE
    SET views = v.views + 1"""


def rule() -> RankRule:
    return RankRule.objects.first() or RankRule.here()


def set_rule(*, days: int, piece: int, like: int, view: int) -> None:
    """Holds at once. Raises Refused."""
    if days not in DAYS or not all(0 <= n <= WEIGHT_MAX for n in (piece, like, view)):
        raise Refused(_("Each counts from 0 to %(most)s.") % {"most": WEIGHT_MAX})
    if not (piece or like or view):
        raise Refused(_("Something has to count."))
    values = {"days": days, "piece": piece, "like": like, "view": view}
    with transaction.atomic():
        RankRule.objects.update_or_create(defaults=values)
        rank_goods()


def seen(product_id: UUID) -> None:
    """One more browser looked at it today. Of what is not on sale nothing is counted."""
    if on_sale().filter(id=product_id).exists():
        with connection.cursor() as cursor:
            cursor.execute(_SEEN, [current_site_id(), product_id, today_jst()])


def rank_goods() -> None:
    """Every hour; again changes nothing. Four queries and one statement."""
    how = rule()
    since = now() - dt.timedelta(days=how.days)
    sold = OrderLine.objects.filter(
        order__placed_at__gte=since, order__status__in=COUNTED, order__revision=F("revision"),
        is_gift=False, product_id__isnull=False,
    )  # fmt: skip
    scores: Counter[UUID] = Counter()
    for product, pieces in sold.values_list("product_id").annotate(
        pieces=Sum(F("quantity") - F("cancelled") - F("returned"))
    ):
        scores[product] += max(0, pieces) * how.piece
    for product, likes in likes_since(since).items():
        scores[product] += likes * how.like
    if how.view:
        rows = ProductViews.objects.filter(day__gte=today_jst() - dt.timedelta(days=how.days))
        for product, views in rows.values_list("product_id").annotate(n=Sum("views")):
            scores[product] += views * how.view
    set_scores({product: score for product, score in scores.items() if score})

"""Pieces in orders that stand, also unpaid ones and those sent since."""

from collections import Counter
from uuid import UUID

from django.db.models import F, Q, Sum

from lockstitch.orders.models import OrderLine


def pieces_by(name: str, *fit: Q) -> Counter[UUID]:
    """Of the lines that fit, by a column of theirs; what was given up before it was sent is not
    counted, what came back is."""
    rows = (
        OrderLine.objects.filter(*fit, revision=F("order__revision"))
        .exclude(order__status__in=["cancelled", "lapsed"])
        .values_list(name)
        .annotate(pieces=Sum(F("quantity") - F("cancelled")))
    )
    return Counter(dict(rows))

"""What one person has bought, where no person is known: a member by their account, anybody by the
mark that the guard gives a buyer (the same for all they buy at this shop, and telling nothing)."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from django.db import connection
from django.db.models import Q

from lockstitch.kernel.clock import now
from lockstitch.orders.standing import pieces_by
from lockstitch.tenancy.scope import current_site_id


def bought_before(
    windows: Mapping[UUID, int | None], *, member_id: UUID | None, mark: UUID | None
) -> Counter[UUID]:
    """Pieces of each product in this person's orders that stand, of so many days (None: ever).
    What was returned was bought all the same."""
    if not windows or not (member_id or mark):
        return Counter()
    who = Q(order__member_id=member_id) if member_id else Q()
    who |= Q(order__buyer_mark=mark) if mark else Q()
    of = Q()
    for product, days in windows.items():
        since = Q(order__placed_at__gt=now() - dt.timedelta(days=days)) if days else Q()
        of |= Q(product_id=product) & since
    return pieces_by("product_id", who, of)


def one_at_a_time(mark: UUID) -> None:
    """Until the end of the transaction no other order of this person is counted."""
    key = int.from_bytes(mark.bytes[:8], signed=True) ^ int.from_bytes(
        current_site_id().bytes[:8], signed=True
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])

"""What becomes of coordinates: seen, added from, bought. Counters and opaque ids, nobody."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from lockstitch.coordinates.models import Added, Credit, DailyCount, Follow
from lockstitch.coordinates.queries import follows, shown
from lockstitch.coordinates.rules import credited
from lockstitch.kernel.clock import JST, now, today_jst
from lockstitch.tenancy.scope import current_site_id

FOLLOWS_MAX = 200


def seen(number: int) -> None:
    """One more view today of a coordinate that visitors may see."""
    found = shown().filter(number=number).values_list("id", flat=True).first()
    if found is not None:
        _count(found, views=1)


def _count(coordinate_id: UUID, **more: int) -> None:
    """In one statement a day and coordinate, whoever else counts at that moment."""
    with transaction.atomic():
        today = {"site_id": current_site_id(), "coordinate_id": coordinate_id, "day": today_jst()}
        row, made = DailyCount.objects.get_or_create(**today, defaults=more)
        if not made:
            DailyCount.objects.filter(id=row.id).update(
                **{name: F(name) + value for name, value in more.items()}
            )


def added(coordinate_id: UUID, cart_id: UUID, sku_ids: Iterable[UUID]) -> None:
    """These went into a cart from the coordinate. The latest coordinate has the credit."""
    rows = [
        Added.here(coordinate_id=coordinate_id, cart_id=cart_id, sku_id=sku, at=now())
        for sku in sku_ids
    ]
    if not rows:
        return
    with transaction.atomic():
        Added.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["site", "cart_id", "sku_id"],
            update_fields=["coordinate", "at"],
        )  # fmt: skip
        _count(coordinate_id, adds=len(rows))


@dataclass(frozen=True)
class Bought:
    """A SKU of an order as it is now: pieces that are kept, and what is paid for them."""

    sku_id: UUID
    pieces: int
    net_yen: int


def credit(order_id: UUID, cart_id: UUID, bought: Iterable[Bought], at: dt.datetime) -> None:
    """The rule: a piece counts for the coordinate that its SKU was last added to this cart from,
    when it was ordered within CREDIT_DAYS. Again it only follows what the order has become."""
    by_sku = {one.sku_id: one for one in bought}
    with transaction.atomic():
        kept = set(Credit.objects.filter(order_id=order_id).values_list("sku_id", flat=True))
        rows = Added.objects.filter(cart_id=cart_id, sku_id__in=set(by_sku) - kept)
        made = [
            Credit.here(
                coordinate=row.coordinate, author_id=row.coordinate.author_id,
                order_id=order_id, sku_id=row.sku_id, pieces=by_sku[row.sku_id].pieces,
                net_yen=by_sku[row.sku_id].net_yen, day=at.astimezone(JST).date(),
            )
            for row in rows.select_related("coordinate")
            if credited(row.at, at)
        ]  # fmt: skip
        Credit.objects.bulk_create(made, ignore_conflicts=True)
        recount(order_id, by_sku.values())


def recount(order_id: UUID, bought: Iterable[Bought]) -> None:
    """After a change of the order: what was cancelled or sent back no longer counts."""
    by_sku = {one.sku_id: one for one in bought}
    with transaction.atomic():
        rows = list(Credit.objects.select_for_update().filter(order_id=order_id))
        for row in rows:
            now_is = by_sku.get(row.sku_id)
            row.pieces = now_is.pieces if now_is else 0
            row.net_yen = now_is.net_yen if now_is else 0
        Credit.objects.bulk_update(rows, ["pieces", "net_yen"])


def follow(author_id: UUID, *, member_id: UUID | None, token_digest: bytes | None) -> None:
    """Again changes nothing."""
    own = follows(member_id=member_id, token_digest=token_digest)
    if (member_id is None and not token_digest) or own.count() >= FOLLOWS_MAX:
        return
    whose = {"member_id": member_id} if member_id else {"token_digest": token_digest}
    with transaction.atomic():
        Follow.objects.bulk_create(
            [Follow.here(author_id=author_id, **whose)], ignore_conflicts=True
        )


def unfollow(author_id: UUID, *, member_id: UUID | None, token_digest: bytes | None) -> None:
    with transaction.atomic():
        follows(member_id=member_id, token_digest=token_digest).filter(author=author_id).delete()


def forget(member_id: UUID) -> None:
    """Whom a member who leaves had followed."""
    with transaction.atomic():
        Follow.objects.filter(member_id=member_id).delete()


def take_over(token_digest: bytes, member_id: UUID) -> None:
    """Whom the browser followed, its owner follows once signed in. Again changes nothing."""
    with transaction.atomic():
        rows = list(Follow.objects.select_for_update().filter(token_digest=token_digest))
        Follow.objects.bulk_create(
            [Follow.here(author_id=row.author_id, member_id=member_id, at=row.at) for row in rows],
            ignore_conflicts=True,
        )
        Follow.objects.filter(id__in=[row.id for row in rows]).delete()

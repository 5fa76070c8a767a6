"""Favourites: of a member, or of a browser until its owner signs in."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from lockstitch.catalogue.queries import Card, cards_of
from lockstitch.kernel.ids import digest
from lockstitch.members.models import Favourite

MAX = 200


@dataclass(frozen=True)
class Owner:
    """A member, or who holds the token of a cookie."""

    member_id: UUID | None = None
    token: str = ""

    @property
    def rows(self) -> QuerySet[Favourite]:
        if self.member_id is not None:
            return Favourite.objects.filter(member_id=self.member_id)
        return Favourite.objects.filter(member=None, token_digest=digest(self.token))

    @property
    def is_nobody(self) -> bool:
        return self.member_id is None and not self.token


@dataclass(frozen=True)
class Liked:
    """A favourite as its page shows it; `fell_yen` is how much cheaper it is than when chosen."""

    card: Card
    sku_id: UUID | None
    fell_yen: int


def liked(owner: Owner) -> list[Liked]:
    """What is still sold of it, newest first. Four queries."""
    if owner.is_nobody:
        return []
    rows = list(owner.rows.order_by("-at", "-id")[:MAX])
    cards = {card.product.id: card for card in cards_of([row.product_id for row in rows])}
    return [
        Liked(
            cards[row.product_id], row.sku_id,
            max(0, row.price_seen_yen - cards[row.product_id].price_yen),
        )
        for row in rows
        if row.product_id in cards
    ]  # fmt: skip


def is_liked(owner: Owner, product_id: UUID) -> bool:
    return not owner.is_nobody and owner.rows.filter(product_id=product_id).exists()


def like(owner: Owner, product_id: UUID, *, sku_id: UUID | None = None, price_yen: int = 0) -> None:
    """Again changes nothing; beyond MAX the oldest goes."""
    if owner.is_nobody:
        return
    whose = (
        {"member_id": owner.member_id}
        if owner.member_id is not None
        else {"token_digest": digest(owner.token)}
    )
    with transaction.atomic():
        Favourite.objects.bulk_create(
            [
                Favourite.here(
                    product_id=product_id, sku_id=sku_id, price_seen_yen=price_yen, **whose
                )
            ],
            ignore_conflicts=True,
        )
        over = owner.rows.order_by("-at", "-id").values_list("id", flat=True)[MAX : MAX + 50]
        if over:
            Favourite.objects.filter(id__in=list(over)).delete()


def unlike(owner: Owner, product_id: UUID) -> None:
    if not owner.is_nobody:
        with transaction.atomic():
            owner.rows.filter(product_id=product_id).delete()


def take_over(token: str, member_id: UUID) -> None:
    """What the browser liked becomes the member's at sign-in. Again changes nothing."""
    if not token:
        return
    browser = Owner(token=token)
    with transaction.atomic():
        rows = list(browser.rows.select_for_update())
        mine = Owner(member_id).rows.count()
        Favourite.objects.bulk_create(
            [
                Favourite.here(
                    member_id=member_id, product_id=row.product_id, sku_id=row.sku_id,
                    price_seen_yen=row.price_seen_yen, at=row.at,
                )
                for row in rows[: max(0, MAX - mine)]
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        browser.rows.delete()


def likes_since(moment: dt.datetime) -> dict[UUID, int]:
    """Product -> how many chose it since then and still keep it."""
    rows = Favourite.objects.filter(at__gte=moment).values_list("product_id")
    return dict(rows.annotate(likes=Count("id")))

"""Favourites: of a member, or of a browser until its owner signs in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from lockstitch.catalogue.queries import Card, cards_of
from lockstitch.kernel.ids import digest
from lockstitch.members.models import Favourite
from lockstitch.tenancy.models import TenantModel

MAX = 200


@dataclass(frozen=True)
class Owner:
    """A member, or who holds the token of a cookie."""

    member_id: UUID | None = None
    token: str = ""

    @property
    def key(self) -> dict[str, Any]:
        """The columns that say whose a row is."""
        mine = self.member_id is not None
        return {"member_id": self.member_id, "token_digest": None if mine else digest(self.token)}

    def of(self, model: type[TenantModel]) -> QuerySet[Any]:
        """What they keep of this kind, favourites of goods or others; of nobody nothing."""
        rows = model.objects.filter(**self.key)
        return rows.none() if self.is_nobody else rows

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
    rows = list(owner.of(Favourite).order_by("-at", "-id")[:MAX])
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
    return owner.of(Favourite).filter(product_id=product_id).exists()


def keep(owner: Owner, model: type[TenantModel], **values: Any) -> None:
    """Again changes nothing; beyond MAX the oldest goes."""
    if owner.is_nobody:
        return
    with transaction.atomic():
        model.objects.bulk_create([model.here(**owner.key, **values)], ignore_conflicts=True)
        rows = owner.of(model).order_by("-at", "-id")
        over = rows.values_list("id", flat=True)[MAX : MAX + 50]
        if over:
            model.objects.filter(id__in=list(over)).delete()


def like(owner: Owner, product_id: UUID, *, sku_id: UUID | None = None, price_yen: int = 0) -> None:
    keep(owner, Favourite, product_id=product_id, sku_id=sku_id, price_seen_yen=price_yen)


def unlike(owner: Owner, product_id: UUID) -> None:
    with transaction.atomic():
        owner.of(Favourite).filter(product_id=product_id).delete()


def hand_over(
    token: str, member_id: UUID, model: type[TenantModel], columns: Sequence[str]
) -> None:
    """What the browser kept becomes the member's at sign-in. Again changes nothing."""
    browser, mine = Owner(token=token), Owner(member_id)
    if browser.is_nobody:
        return
    with transaction.atomic():
        rows = list(browser.of(model).select_for_update())
        room = max(0, MAX - mine.of(model).count())
        copies = [
            model.here(**mine.key, **{name: getattr(row, name) for name in columns})
            for row in rows[:room]
        ]
        model.objects.bulk_create(copies, ignore_conflicts=True)
        browser.of(model).delete()


def take_over(token: str, member_id: UUID) -> None:
    hand_over(token, member_id, Favourite, ("product_id", "sku_id", "price_seen_yen", "at"))


def likes_since(moment: dt.datetime) -> dict[UUID, int]:
    """Product -> how many chose it since then and still keep it."""
    rows = Favourite.objects.filter(at__gte=moment).values_list("product_id")
    return dict(rows.annotate(likes=Count("id")))

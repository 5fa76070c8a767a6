"""Who buys, as far as a price depends on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from lockstitch.catalogue.audience import OPEN, of_member
from lockstitch.catalogue.queries import Offer
from lockstitch.members import queries as members
from lockstitch.members.queries import Rank
from lockstitch.orders.models import Order
from lockstitch.pricing.queries import Who

NOT_BOUGHT = ("pending", "lapsed", "cancelled")


@dataclass(frozen=True)
class Buyer:
    """A guest by default. `points` is how many can be spent."""

    member_id: UUID | None = None
    rank: Rank | None = None
    points: int = 0
    is_first: bool = False

    @property
    def rate_bp(self) -> int:
        """What the rank takes off every price."""
        return self.rank.rate_bp if self.rank else 0

    @property
    def who(self) -> Who:
        return Who(self.member_id, self.rank.code if self.rank else "", self.is_first)


def audiences(member_id: UUID | None) -> tuple[str, ...]:
    """For whom goods may be that this buyer is shown and sold."""
    member = members.find_member(member_id) if member_id else None
    if member is None:
        return OPEN
    level = member.rank.level if member.rank else 0
    return of_member(each.code for each in members.ranks() if each.level <= level)


def sold_to(offers: Mapping[UUID, Offer], member_id: UUID | None) -> dict[UUID, Offer]:
    """Without what is not for this buyer."""
    if all(offer.audience in OPEN for offer in offers.values()):
        return dict(offers)
    to = audiences(member_id)
    return {sku: offer for sku, offer in offers.items() if offer.audience in to}


def buyer(member_id: UUID | None) -> Buyer:
    member = members.find_member(member_id) if member_id else None
    if member is None:
        return Buyer()
    bought = Order.objects.filter(member_id=member.pk).exclude(status__in=NOT_BOUGHT)
    points = members.points_of(member.pk).balance
    return Buyer(member.pk, member.rank, points, not bought.exists())

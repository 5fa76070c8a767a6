"""What a shop has promised about its goods, held to when they are bought: no more sold ahead than
was said, no present made of what is not wrapped."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from lockstitch.catalogue.queries import Offer
from lockstitch.inventory.actions import NotEnough
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.text import localised
from lockstitch.orders.ahead import left_ahead
from lockstitch.orders.models import Order
from lockstitch.orders.persons import bought_before, one_at_a_time


def within_limits(offers: Iterable[Offer], more: Iterable[UUID]) -> None:
    """Raises NotEnough when more of one of these SKUs is sold ahead than its limit.

    Asked after the lines are written and the stock rows of `more` are locked: whoever buys the
    same SKU at the same time waits there, and then counts these pieces too.
    """
    grown = set(more)
    left = left_ahead({o.sku_id: o.preorder_limit for o in offers if o.sku_id in grown})
    if short := {sku: 0 for sku, pieces in left.items() if pieces < 0}:
        raise NotEnough(short)


def bought_of(offers: Iterable[Offer], member_id: UUID | None, mark: UUID | None) -> Counter[UUID]:
    """Pieces that somebody has of each of these products that is limited per person."""
    windows = {offer.product_id: offer.limit_days for offer in offers if offer.limit_per_person}
    return bought_before(windows, member_id=member_id, mark=mark)


def within_persons(offers: Iterable[Offer], order: Order) -> None:
    """Raises Refused when a person has, with this order that is written, more of a product than
    the shop sells to one."""
    limited = {o.product_id: o for o in offers if o.limit_per_person}
    if not limited:
        return
    if order.buyer_mark is None:
        raise Refused(
            _("Please confirm your address once more: some goods are limited per person.")
        )
    one_at_a_time(order.buyer_mark)
    bought = bought_of(limited.values(), order.member_id, order.buyer_mark)
    names = [
        localised(offer.name)
        for product, offer in limited.items()
        if offer.limit_per_person and bought[product] > offer.limit_per_person
    ]
    if names:
        raise Refused(
            _("This is more than one person can buy: %(names)s") % {"names": "、".join(names)}
        )


def sellable(over: Iterable[Offer]) -> None:
    """Raises Refused with the names of what there is more of than one order, or this buyer, may
    have."""
    names = [localised(offer.name) for offer in over]
    if names:
        raise Refused(
            _("There is more in the cart than you can buy: %(names)s")
            % {"names": "、".join(dict.fromkeys(names))}
        )


def wrappable(wrapped: Iterable[Offer]) -> None:
    """Raises Refused with the names of what would be wrapped and is not wrapped by this shop."""
    names = [localised(offer.name) for offer in wrapped if not offer.is_giftable]
    if names:
        raise Refused(
            _("Cannot be gift-wrapped: %(names)s") % {"names": "、".join(dict.fromkeys(names))}
        )

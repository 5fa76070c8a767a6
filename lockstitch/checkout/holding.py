"""What a shop has promised about its goods, held to when they are bought: no more sold ahead than
was said, no present made of what is not wrapped."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from lockstitch.catalogue.queries import Offer
from lockstitch.inventory.actions import NotEnough
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.text import localised
from lockstitch.orders.ahead import left_ahead


def within_limits(offers: Iterable[Offer], more: Iterable[UUID]) -> None:
    """Raises NotEnough when more of one of these SKUs is sold ahead than its limit.

    Asked after the lines are written and the stock rows of `more` are locked: whoever buys the
    same SKU at the same time waits there, and then counts these pieces too.
    """
    grown = set(more)
    left = left_ahead({o.sku_id: o.preorder_limit for o in offers if o.sku_id in grown})
    if short := {sku: 0 for sku, pieces in left.items() if pieces < 0}:
        raise NotEnough(short)


def wrappable(wrapped: Iterable[Offer]) -> None:
    """Raises Refused with the names of what would be wrapped and is not wrapped by this shop."""
    names = [localised(offer.name) for offer in wrapped if not offer.is_giftable]
    if names:
        raise Refused(
            _("Cannot be gift-wrapped: %(names)s") % {"names": "、".join(dict.fromkeys(names))}
        )

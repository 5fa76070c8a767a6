"""What a cart would cost somebody: for the console, before an offer is let loose."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from lockstitch.catalogue.queries import Sku, offers
from lockstitch.kernel.errors import Refused
from lockstitch.pricing import queries
from lockstitch.pricing.models import Promotion
from lockstitch.pricing.queries import Who
from lockstitch.pricing.rules import Item, Quote, To, quote, rank_price

LINES_MAX = 50


@dataclass(frozen=True)
class Tried:
    quote: Quote
    problems: dict[str, str]  # code -> why it does not count


def pieces_of(text: str) -> dict[str, int]:
    """`SHIRT-WHITE-M 2` a line; the number may be left out. Raises Refused."""
    found: dict[str, int] = {}
    for line in text.splitlines()[:LINES_MAX]:
        code, _space, number = line.strip().partition(" ")
        if not code:
            continue
        pieces = number.strip() or "1"
        if not (pieces.isascii() and pieces.isdigit()) or not 1 <= int(pieces) <= 1_000:
            raise Refused(_("Not a number of pieces: %(line)s") % {"line": line})
        found[code] = found.get(code, 0) + int(pieces)
    return found


def try_out(
    pieces: dict[str, int], who: Who, *, rate_bp: int = 0, codes: list[str], prefecture: str = "",
    draft: Promotion | None = None,
) -> Tried:  # fmt: skip
    """With what runs now, these codes, and the draft as if it ran. Nothing is used up.

    `rate_bp` is what the rank takes off. Raises Refused for a code that is no SKU on sale.
    """
    ids: dict[str, UUID] = dict(Sku.objects.filter(code__in=pieces).values_list("code", "id"))
    shown = offers(ids.values())
    missing = [code for code in pieces if ids.get(code) not in shown]
    if missing or not pieces:
        names = ", ".join(missing) or "—"
        raise Refused(_("Not on sale: %(codes)s") % {"codes": names})
    items = [
        Item(
            rank_price(offer.price_yen, rate_bp), pieces[code], offer.tax_rate_bp,
            key=str(offer.sku_id), product=str(offer.product_id), brand=offer.brand,
            categories=frozenset({str(offer.category_id)} if offer.category_id else ()),
            on_sale=offer.list_price_yen is not None, weight_g=offer.weight_g,
        )
        for code in pieces
        for offer in [shown[ids[code]]]
    ]  # fmt: skip
    running = queries.promotions(who)
    if draft is not None:
        running = [one for one in running if one.id != str(draft.pk)] + [queries.offer(draft)]
    typed = queries.coupons(codes, who)
    priced = quote(
        items, queries.charges(), "", to=[To(prefecture=prefecture)],
        promotions=[*running, *typed.offers],
    )  # fmt: skip
    return Tried(priced, typed.problems)

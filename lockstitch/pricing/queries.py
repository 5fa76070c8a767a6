"""A site's terms."""

from lockstitch.pricing.models import Terms
from lockstitch.pricing.rules import Charges


def terms() -> Terms:
    """This site's terms; the defaults when it has set none."""
    return Terms.objects.first() or Terms()


def charges(of: Terms | None = None) -> Charges:
    found = of or terms()
    return Charges(
        shipping_yen=found.shipping_yen,
        free_shipping_from_yen=found.free_shipping_from_yen,
        cod_fees=[(limit, fee) for limit, fee in found.cod_fees],
    )

"""The product that an address leads to, for whoever asks."""

from lockstitch.catalogue.queries import ProductView, find_product
from lockstitch.checkout.buyers import audiences
from lockstitch.storefront.visitor import member_id
from lockstitch.tenancy.requests import SiteRequest


def product_shown(request: SiteRequest, slug: str) -> ProductView | None:
    """A page that is kept for others is made as for nobody in particular."""
    view = find_product(slug)
    if view is not None or getattr(request, "keeping", None):
        return view
    member = member_id(request)
    return find_product(slug, to=audiences(member)) if member else None

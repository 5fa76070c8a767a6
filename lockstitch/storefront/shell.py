"""What the frame around every page needs."""

from typing import Any

from lockstitch.catalogue import queries as catalogue
from lockstitch.checkout.queries import cart_count
from lockstitch.content import queries as content
from lockstitch.looks.theming import documents
from lockstitch.storefront.visitor import cart_token, member_id
from lockstitch.tenancy.requests import SiteRequest

PLACES = {"home": "home", "items": "lists", "category": "lists"}


def shell(request: SiteRequest, **context: Any) -> dict[str, Any]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    places = {"all", PLACES.get(here or "", "all")}
    return {
        "banners": content.banners(documents(request).get("banners"), places),
        "categories": catalogue.categories(),
        "pages": content.pages(),
        "notices": content.notices(),
        "cart_count": cart_count(cart_token(request)),
        "member": member_id(request),
        **context,
    }

"""What the frame around every page needs."""

from typing import Any

from lockstitch.catalogue import queries as catalogue
from lockstitch.checkout.queries import cart_count
from lockstitch.content import queries as content
from lockstitch.storefront.visitor import cart_token, member_id
from lockstitch.tenancy.requests import SiteRequest


def shell(request: SiteRequest, **context: Any) -> dict[str, Any]:
    return {
        "categories": context["categories"] if "categories" in context else catalogue.categories(),
        "pages": content.pages(),
        "notices": content.notices(),
        "cart_count": cart_count(cart_token(request)),
        "member": member_id(request),
        **context,
    }

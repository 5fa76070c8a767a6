"""What the frame around every page needs. What differs per visitor are holes (`holes.py`)."""

from typing import Any

from lockstitch.catalogue import queries as catalogue
from lockstitch.content import queries as content
from lockstitch.looks.theming import documents
from lockstitch.search.of_site import of_site
from lockstitch.sets import queries as sets
from lockstitch.storefront.keeping import is_kept, nonce_mark
from lockstitch.storefront.visitor import member_id
from lockstitch.tenancy.requests import SiteRequest

PLACES = {"home": "home", "items": "lists", "category": "lists"}


def shell(request: SiteRequest, **context: Any) -> dict[str, Any]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    places = {"all", PLACES.get(here or "", "all")}
    return {
        "banners": content.banners(documents(request).get("banners"), places),
        "categories": of_site("categories", catalogue.categories),
        "pages": content.pages(),
        "has_sets": sets.any_shown(of_site("sets", sets.windows)),
        "notices": of_site("notices", content.notices),
        # Of a page that is kept for everybody nobody's state may be asked.
        "member": None if is_kept(request) else member_id(request),
        **nonce_mark(request),
        **context,
    }

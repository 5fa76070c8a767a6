"""A draft as it will look, for whoever has the signed address; never found, never kept."""

from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from lockstitch.catalogue.previewing import as_published, product_of
from lockstitch.storefront.views import goods
from lockstitch.tenancy.origins import console_origin
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def show(request: SiteRequest, token: str, colour: str = "") -> HttpResponse:
    """The product's own page. Its links to its colours lead to the preview's."""
    found = product_of(request.site, token)
    if found is None:
        raise Http404
    product_id, slug = found
    with as_published(product_id):
        response = goods.product_page(request, slug, colour)
    body = response.content
    for known in {slug, quote(slug)}:
        body = body.replace(f"/items/{known}/".encode(), f"/draft/{token}/".encode())
    response.content = body
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response.policy = {"frame-ancestors": [console_origin()]}  # type: ignore[attr-defined]
    return response

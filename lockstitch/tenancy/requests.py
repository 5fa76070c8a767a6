"""A request whose host is known."""

from uuid import UUID

from django.http import HttpRequest

from lockstitch.tenancy.models import Site


class SiteRequest(HttpRequest):
    """What `tenancy.middleware` adds. On the console `site` is None; its views do not use it."""

    site: Site  # type: ignore[assignment]  # the stubs mean django.contrib.sites
    console: bool
    shop_origin: str
    desk_origin: str
    member_found: UUID | None  # once the storefront's `member_id` has looked

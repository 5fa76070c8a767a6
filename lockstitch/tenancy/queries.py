"""Which sites there are. The few rows change rarely, so a host is remembered for some seconds."""

import time
from uuid import UUID

from lockstitch.tenancy.models import Company
from lockstitch.tenancy.models import Site as Site  # doors name it in their annotations

REMEMBER_S = 5.0
REMEMBER_MAX = 10_000
_by_host: dict[str, tuple[float, Site | None]] = {}


def find_site_by_host(host: str) -> Site | None:
    """The site that answers at this host, or None."""
    known = _by_host.get(host)
    if known is not None and time.monotonic() - known[0] < REMEMBER_S:
        return known[1]
    site = Site.objects.select_related("company").filter(hosts__contains=[host]).first()
    if len(_by_host) >= REMEMBER_MAX:
        _by_host.clear()
    _by_host[host] = (time.monotonic(), site)
    return site


def forget_hosts() -> None:
    """A site's hosts, name or look have changed."""
    _by_host.clear()


def find_site(slug: str) -> Site | None:
    return Site.objects.select_related("company").filter(slug=slug).first()


def sites_of(site_ids: list[UUID]) -> list[Site]:
    return list(Site.objects.filter(id__in=site_ids).order_by("slug"))


def all_sites() -> list[Site]:
    return list(Site.objects.select_related("company").order_by("company__name", "slug"))


def all_companies() -> list[Company]:
    return list(Company.objects.order_by("name"))

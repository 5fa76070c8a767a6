"""Where a site and the console are, for addresses that are written outside of a request."""

from django.conf import settings

from lockstitch.tenancy.models import Site


def _origin(host: str) -> str:
    return f"https://{host}" if settings.SECURE else f"http://{host}:{settings.PORT}"


def shop_origin(site: Site) -> str:
    return _origin(site.hosts[0])


def console_origin() -> str:
    return _origin(settings.CONSOLE_HOST)

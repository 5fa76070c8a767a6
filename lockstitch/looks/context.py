"""What every template may know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site": getattr(request, "site", None),
        "shop_origin": getattr(request, "shop_origin", ""),
        "desk_origin": getattr(request, "desk_origin", ""),
        "demo": settings.DEMO,
    }

"""`{% hole "badge" %}`: a mark on a page that is made to be kept, else what belongs there."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from lockstitch.storefront import holes

register = template.Library()


@register.simple_tag(takes_context=True)
def hole(context: template.Context, name: str, *about: Any) -> SafeString:
    text, request = " ".join(map(str, about)), context.get("request")
    if getattr(request, "keeping", None) is not None:
        return SafeString(holes.mark(name, text))
    return SafeString(holes.fill(name, request, text))

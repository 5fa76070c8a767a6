"""A draft seen as a visitor will see it: by an address that is signed, ends after a day, and counts
for one product of one site."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.core import signing

from lockstitch.catalogue.models import Product
from lockstitch.tenancy.models import Site
from lockstitch.tenancy.origins import shop_origin

SALT = "lockstitch.draft"
GOOD_S = 60 * 60 * 24

_shown: ContextVar[UUID | None] = ContextVar("previewed", default=None)


def previewed() -> UUID | None:
    """The product that counts as published here and now; `queries.on_sale` asks."""
    return _shown.get()


@contextmanager
def as_published(product_id: UUID) -> Iterator[None]:
    token = _shown.set(product_id)
    try:
        yield
    finally:
        _shown.reset(token)


def address_of(site: Site, product_id: UUID) -> str:
    token = signing.dumps([site.id.hex, product_id.hex], salt=SALT)
    return f"{shop_origin(site)}/draft/{token}/"


def product_of(site: Site, token: str) -> tuple[UUID, str] | None:
    """(product, its slug), while the address is good."""
    try:
        of, product = signing.loads(token, salt=SALT, max_age=GOOD_S)
    except signing.BadSignature:
        return None
    if of != site.id.hex:
        return None
    row = Product.objects.filter(id=UUID(product)).values_list("id", "slug").first()
    return row or None

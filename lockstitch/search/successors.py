"""後継商品: what is sold now in place of goods that are gone, however often they were succeeded."""

from collections.abc import Iterable

from lockstitch.catalogue.cards import on_sale
from lockstitch.catalogue.models import Product
from lockstitch.kernel.clock import now
from lockstitch.search.models import FormerSlug

STEPS = 4  # of one that succeeded another; each a query, and mostly there is one


def successors(slugs: Iterable[str]) -> dict[str, Product]:
    """By the address that a product names as its successor: what is on sale there, or succeeded
    that in turn. An address that was changed since leads to the same product."""
    at = {slug: slug for slug in slugs if slug}
    found: dict[str, Product] = {}
    for _step in range(STEPS):
        if not at:
            break
        wanted = set(at.values())
        here = {row.slug: row for row in on_sale().filter(slug__in=wanted)}
        found |= {named: here[slug] for named, slug in at.items() if slug in here}
        onward = _onward(wanted - here.keys()) if wanted - here.keys() else {}
        at = {named: onward[slug] for named, slug in at.items() if slug in onward}
    return found


def _onward(slugs: set[str]) -> dict[str, str]:
    """Where these lead: to their own successor, or to the address that they have now."""
    moved = FormerSlug.objects.filter(slug__in=slugs).values_list("slug", "product__slug")
    gone = Product.objects.filter(slug__in=slugs).exclude(successor="")
    return {**dict(moved), **dict(gone.values_list("slug", "successor"))}


def gone_product(slug: str) -> Product | None:
    """One that everybody could see until its publication ended, and that names a successor."""
    ended = Product.objects.filter(
        slug=slug, audience="public", published_from__lte=now(), published_until__lte=now()
    )
    return ended.exclude(successor="").first()

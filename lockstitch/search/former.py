"""Where a product that was at another address is now."""

from lockstitch.search.models import FormerSlug


def former_slug(slug: str) -> str:
    """The present slug of the product that had this one; empty when none did."""
    found = FormerSlug.objects.filter(slug=slug).values_list("product__slug", flat=True).first()
    return str(found or "")

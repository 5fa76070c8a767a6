"""A product's video as its page shows it and as search engines are told of it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags

from lockstitch.catalogue.queries import Picture, ProductView
from lockstitch.catalogue.video import played_here, provider_of
from lockstitch.kernel.text import localised
from lockstitch.looks.templatetags.looks import largest


@dataclass(frozen=True)
class Film:
    """`type` is empty for what is only linked to; `poster` is a picture of the colour."""

    address: str
    title: str
    type: str
    provider: str
    poster: str
    captions: str

    @property
    def far_captions(self) -> bool:
        return self.captions.startswith("https:")


def film(view: ProductView, poster: Picture | None) -> Film | None:
    product = view.product
    if not product.video:
        return None
    still = f"/media/{largest(poster)}" if poster is not None and poster.renditions else ""
    return Film(
        product.video, localised(product.video_title) or localised(product.name),
        played_here(product.video, settings.VIDEO_ORIGINS), provider_of(product.video),
        still, product.video_captions,
    )  # fmt: skip


def told(origin: str, view: ProductView, shown: Film) -> dict[str, Any]:
    """schema.org's VideoObject. Its day is the one that the product is shown from."""
    since = view.product.published_from or view.product.created_at
    whole = f"{origin}{shown.address}" if shown.address.startswith("/") else shown.address
    data = {
        "@context": "https://schema.org", "@type": "VideoObject", "name": shown.title,
        "description": strip_tags(localised(view.product.description))[:500] or shown.title,
        "uploadDate": since.isoformat(timespec="seconds"),
        "contentUrl" if shown.type else "url": whole,
    }  # fmt: skip
    if shown.poster:
        data["thumbnailUrl"] = f"{origin}{shown.poster}"
    return data

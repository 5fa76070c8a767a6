"""The pixels of a picture that this program has encoded itself."""

from PIL import Image

from lockstitch.catalogue.gateways import DiskStore
from lockstitch.catalogue.models import Picture

NEAR_WIDTH = 640  # pixels: enough to tell what words would stand on


def small_pixels(picture: Picture, store: DiskStore) -> Image.Image | None:
    """About 640 wide; none when its file is not there."""
    found = [one for one in picture.renditions if one["type"] == "webp"]
    if not found:
        return None
    nearest = min(found, key=lambda one: abs(int(one["width"]) - NEAR_WIDTH))
    path = store.path(nearest["key"])
    if path is None:
        return None
    with Image.open(path, formats=("WEBP",)) as image:
        return image.convert("RGB")

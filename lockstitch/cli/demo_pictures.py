"""Drawing the demo's pictures on every core, and showing them as any uploaded picture is shown."""

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import django
from PIL.Image import Image

from lockstitch.catalogue.images import Taken
from lockstitch.cli.progress import Advance

Place = tuple[str, str, str, int]  # brand, product slug, colour code, position
LOOKS = ("hero", "story")
KEPT = ("source_sha256", "width", "height", "placeholder", "dominant", "renditions")


def draw_all(sites: Mapping[str, UUID], advance: Advance) -> dict[str, dict[str, Any]]:
    """Every picture of the range that is not shown yet, a transaction each. Returns, a brand, the
    pictures of its look as `tenancy.Site.look` keeps them, those of coordinates as `look:0`."""
    from lockstitch.catalogue.actions import keep_picture, store_picture
    from lockstitch.catalogue.queries import colour_ids
    from lockstitch.cli.demo_looks import look_names
    from lockstitch.tenancy.scope import scope

    colours: dict[str, dict[tuple[str, str], tuple[UUID, int]]] = {}
    for brand, site_id in sites.items():
        with scope(site_id):
            colours[brand] = colour_ids()
    wanted: list[Place] = [
        (brand, name, "", 0) for brand in sites for name in (*LOOKS, *look_names(brand))
    ]
    for brand in sites:
        for slug, code, position in _drawings(brand):
            _id, shown = colours[brand][slug, code]
            if position >= shown:
                wanted.append((brand, slug, code, position))
    looks: dict[str, dict[str, Any]] = {brand: {} for brand in sites}
    # Fresh processes: one that was forked would share this one's connection to the database.
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=django.setup) as pool:
        drawn = {place: pool.submit(drawing, place) for place in wanted}
        for number, place in enumerate(wanted, start=1):
            taken = drawn.pop(place).result()
            brand, slug, code, position = place
            with scope(sites[brand]):
                picture = store_picture(taken)
                if code:
                    keep_picture(colours[brand][slug, code][0], position, picture=picture)
                else:
                    looks[brand][slug] = {name: getattr(picture, name) for name in KEPT}
            advance(number, len(wanted))
    return looks


@cache
def _drawings(brand: str) -> dict[tuple[str, str, int], Callable[[], Image]]:
    from lockstitch.cli.demo_range import pictures

    return {(slug, code, position): draw for slug, code, position, draw in pictures(brand)}


def drawing(place: Place) -> Taken:
    from lockstitch.cli.demo_looks import draw_look
    from lockstitch.cli.garments.scenes import draw_hero, draw_story
    from lockstitch.cli.pictures import as_uploaded

    brand, slug, code, position = place
    if code:
        image = _drawings(brand)[slug, code, position]()
    elif slug.startswith("look:"):
        image = draw_look(brand, int(slug.removeprefix("look:")))
    else:
        image = draw_hero(brand) if slug == "hero" else draw_story(brand)
    return as_uploaded(image)

"""The demo's drawings are the same everywhere, and its range is fit for the catalogue."""

import datetime as dt
import os

import django
import pytest
from PIL import ImageChops, ImageStat

from lockstitch.cli.garments import KINDS, Backdrop, draw, easel
from lockstitch.cli.garments.pattern import PATTERNS

PAPER = Backdrop("#e4ded4")


@pytest.fixture(autouse=True, scope="module")
def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lockstitch.settings")
    django.setup()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_lies_whole_and_in_the_middle(kind: str) -> None:
    work = easel(kind, cloth="plain", colour="#7a4a3a", seed=4, view="front")
    left, top, right, low = work.alpha.getbbox() or (0, 0, 0, 0)
    assert 0 < left < right < 1200
    assert 0 < top < low < 1500
    assert abs((left + right) / 2 - 600) < 30
    assert abs((top + low) / 2 - 750) < 30
    assert max(right - left, low - top) > 800


@pytest.mark.parametrize("colour", ["#f3f1ea", "#26262a", "#2c55b8", "#d9412f"])
def test_the_garment_has_the_colour_that_is_sold(colour: str) -> None:
    work = easel("crew", cloth="knit", colour=colour, seed=1, view="front")
    wanted = bytes.fromhex(colour[1:])
    for seen, want in zip(ImageStat.Stat(work.image, work.alpha).median, wanted, strict=True):
        assert abs(seen - want) < 26


def test_the_same_arguments_give_the_same_pixels() -> None:
    first, again, other = (
        draw("tee", cloth="jersey", colour="#8f9c86", seed=seed, view="front", backdrop=PAPER)
        for seed in (3, 3, 4)
    )
    assert first.size == (1200, 1500)
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_front_back_and_detail_are_three_pictures() -> None:
    shots = [
        draw("shirt", cloth="poplin", colour="#bccddd", seed=3, view=view, backdrop=PAPER)
        for view in ("front", "back", "detail")
    ]
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert ImageStat.Stat(ImageChops.difference(shots[a], shots[b])).sum[0] > 1e6


@pytest.mark.parametrize("motif", sorted(PATTERNS))
def test_a_pattern_shows_both_colours(motif: str) -> None:
    cloth = f"plain+{motif}:#ffffff"
    work = easel("scarf", cloth=cloth, colour="#202020", seed=2, view="front")
    levels = work.image.convert("L").histogram(work.alpha)
    assert sum(levels[150:]) > 0.01 * sum(levels)
    assert sum(levels[:90]) > 0.01 * sum(levels)


@pytest.mark.parametrize("brand", ["north", "south"])
def test_a_range_fits_the_catalogue(brand: str) -> None:
    from lockstitch.catalogue.colours import FAMILIES
    from lockstitch.cli.demo_range import new_products, pictures, stock

    products = new_products(brand, dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    assert 12 <= len(products) <= 14
    for product in products:
        for text in (product.name, product.description, product.material, product.category_name):
            assert set(text) == {"ja", "en"}
            assert all(text.values())
        assert {colour.family for colour in product.colours} <= FAMILIES.keys()
        assert 2 <= len(product.colours) <= 4
        assert len(product.skus) == len(product.colours) * len(product.sizes)
        for sku in product.skus:
            assert sku.list_price_yen is None or sku.list_price_yen > sku.price_yen
    codes = {sku.code for product in products for sku in product.skus}
    levels = stock(brand)
    assert levels.keys() == codes
    assert 0 in levels.values()
    assert {1, 2} & set(levels.values())
    assert max(levels.values()) <= 30
    assert levels == stock(brand)
    shown = {(slug, colour) for slug, colour, place, _draw in pictures(brand) if place == 0}
    assert shown == {(p.slug, c.code) for p in products for c in p.colours}


def test_numbers_are_right_and_unique_over_both_brands() -> None:
    from lockstitch.catalogue.rules import checked_gtin
    from lockstitch.cli.demo_range import RANGES, new_products

    now = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    skus = [sku for brand in RANGES for p in new_products(brand, now) for sku in p.skus]
    assert len({sku.gtin for sku in skus}) == len({sku.code for sku in skus}) == len(skus)
    for sku in skus:
        assert checked_gtin(sku.gtin).startswith("20")


@pytest.mark.parametrize("brand", ["north", "south"])
def test_a_look_has_only_values_that_a_site_may_set(brand: str) -> None:
    from lockstitch.cli.demo_range import LOOKS
    from lockstitch.looks.templatetags.looks import TOKEN, VALUE

    for name, value in LOOKS[brand]["tokens"].items():
        assert TOKEN.fullmatch(name)
        assert VALUE.fullmatch(value), name
    for text in ("tagline", "hero_title", "hero_text", "story_title", "story_text"):
        assert set(LOOKS[brand][text]) == {"ja", "en"}


@pytest.mark.parametrize("brand", ["north", "south"])
def test_the_hero_leaves_calm_room_for_words(brand: str) -> None:
    from lockstitch.cli.garments.scenes import draw_hero, draw_story

    hero = draw_hero(brand)
    assert hero.size == (2400, 1350)
    words = hero.crop((100, 500, 900, 1300))
    assert max(ImageStat.Stat(words).stddev) < 12
    assert draw_story(brand).size == (1200, 1500)

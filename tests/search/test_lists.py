"""Lists with filters over the index: exact at once, counted rightly, a fixed number of queries."""

import datetime as dt
from random import Random

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from lockstitch.catalogue.actions import NewColour, NewProduct, NewSku
from lockstitch.catalogue.models import Category, Colour, Product, Sku
from lockstitch.inventory.intake import take_in
from lockstitch.inventory.models import Stock
from lockstitch.kernel.clock import now
from lockstitch.search import queries
from lockstitch.search.actions import catch_up
from lockstitch.search.models import Goods
from lockstitch.search.queries import Wish, facets, find
from lockstitch.storefront.filtering import wish_of
from tests import world

pytestmark = pytest.mark.usefixtures("database")
FAMILIES = ("navy", "white", "red")


def fill(count: int = 30, seed: int = 5) -> None:
    rng = Random(seed)
    made, stock = [], {}
    for n in range(count):
        colours = rng.sample(FAMILIES, rng.randint(1, 3))
        sizes = rng.sample(["S", "M", "L"], rng.randint(1, 3))
        skus = [
            NewSku(c, s, f"L{n}-{c}-{s}", rng.randrange(1_000, 60_000, 500))
            for c in colours for s in sizes
        ]  # fmt: skip
        stock |= {sku.code: rng.choice([0, 2, 9]) for sku in skus}
        made.append(
            NewProduct(
                slug=f"l{n}", item_number=f"L-{n}", name={"ja": f"シャツ{n}"}, brand=f"B{n % 3}",
                colours=[NewColour(c, {"ja": c}, c) for c in colours],
                sizes=[(s, s) for s in sizes], skus=skus, published=now(), position=n,
                category=f"cat{n % 2}", category_name={"ja": f"類{n % 2}"}, season="2026AW",
            )
        )  # fmt: skip
    take_in(made, stock)


def every(wish: Wish) -> list:
    found, after = [], ""
    while True:
        page = find(Wish(**{**wish.__dict__, "after": after, "limit": 7}))
        found += [hit.product_id for hit in page.hits]
        if not page.next:
            return found
        after = page.next


@pytest.mark.parametrize("sort", list(queries.SORTS))
def test_every_page_once(site, sort: str) -> None:
    fill()
    found = every(Wish(sort=sort))
    assert len(found) == len(set(found)) == 30
    if sort in ("low", "high"):
        lowest = {g.product_id: g.lowest_yen for g in Goods.objects.all()}
        prices = [lowest[key] for key in found]
        assert prices == sorted(prices, reverse=sort == "high")


def test_counts_are_what_the_lists_hold(site) -> None:
    fill()
    rng = Random(3)
    tokens = sorted({t for g in Goods.objects.all() for t in g.facets})
    for _ in range(25):
        chosen: dict[str, tuple[str, ...]] = {}
        for token in rng.sample(tokens, rng.randint(0, 3)):
            chosen[token[0]] = (*chosen.get(token[0], ()), token)
        wish = Wish(chosen=chosen)
        counted = facets(find(wish), wish)
        assert counted.total == len(every(wish))
        for token in rng.sample(tokens, 6):
            narrowed = {**chosen, token[0]: (token,)}
            assert counted.by_token.get(token, 0) == len(every(Wish(chosen=narrowed))), token


@pytest.mark.parametrize("sort", list(queries.SORTS))
def test_in_order_and_by_the_index_the_same_is_found(site, monkeypatch, sort: str) -> None:
    fill()
    for chosen in ({"f": ["f:navy", "f:white"]}, {"f": ["f:red"], "z": ["z:M"]}):
        lists = []
        for is_dense in (True, False):
            monkeypatch.setattr(queries, "_is_dense", lambda *_asked, so=is_dense: so)
            lists.append(every(Wish(chosen=chosen, within=("b:B1",), sort=sort)))
        assert lists[0] == lists[1]
        assert lists[0]


def test_counts_of_a_search(site) -> None:
    fill()
    wish = Wish(words="シャツ", chosen={"f": ("f:navy",)})
    found = find(wish)
    assert found.hits
    assert facets(found, wish).total == len(every(wish))


def facets_of(slug: str) -> set[str]:
    return {t for g in Goods.objects.filter(product__slug=slug) for t in g.facets}


def test_the_index_follows_at_once(site) -> None:
    skus = world.new_product(stock=10)
    shirt = Product.objects.get(slug="shirt")
    assert {"z:S", "z:M", "o:in", "y:1"} <= facets_of("shirt")
    Stock.objects.filter(sku_id=skus[0]).update(on_hand=0)
    first = Goods.objects.get(colour__code="white")
    assert "z:S" not in first.facets
    Stock.objects.filter(sku_id=skus[1]).update(on_hand=2)
    first.refresh_from_db()
    assert first.few == ["M"]
    Sku.objects.filter(id=skus[0]).update(price_yen=31_000)
    Sku.objects.filter(id=skus[1]).update(price_yen=32_000)
    first.refresh_from_db()
    assert (first.price_yen, first.lowest_yen) == (31_000, 4_400)
    Product.objects.filter(id=shirt.pk).update(is_outlet=True)
    assert "o:outlet" in facets_of("shirt")
    Product.objects.filter(id=shirt.pk).update(is_outlet=False)
    assert "o:outlet" not in facets_of("shirt")
    Colour.objects.filter(product=shirt, code="navy").update(published_until=now())
    assert Goods.objects.count() == 1
    Product.objects.filter(id=shirt.pk).update(audience="members")
    assert not Goods.objects.exists()
    Product.objects.filter(id=shirt.pk).update(audience="public", published_from=None)
    assert not Goods.objects.exists()
    Product.objects.filter(id=shirt.pk).update(published_from=now() + dt.timedelta(hours=1))
    assert Goods.objects.count() == 1
    assert find(Wish()).hits == []
    assert queries.next_change() is not None


def test_a_sale_begins_by_the_clock(site) -> None:
    world.new_product()
    soon = now() + dt.timedelta(milliseconds=300)
    Sku.objects.all().update(sale_price_yen=2_000, sale_from=soon)
    assert "o:sale" not in facets_of("shirt")
    while now() < soon:
        pass
    assert catch_up() == 1
    assert "o:sale" in facets_of("shirt")
    assert Goods.objects.all()[0].price_yen == 2_000
    assert catch_up() == 0


def test_a_category_renamed_is_found(site) -> None:
    world.new_product()
    Category.objects.filter(slug="tops").update(name={"ja": "うわもの"})
    catch_up()
    assert find(Wish(words="うわもの")).hits


def test_nonsense_in_the_address(site) -> None:
    fill(3)
    for text in (
        "f=%00", "after=x", "after=9_9", "sort=zzz", "v_=x", "y=99&y=x", "f=" + "a&f=" * 99,
        "after=99999999999999999999_" + "0" * 32,
    ):  # fmt: skip
        wish = wish_of(QueryDict(text))
        facets(find(wish), wish)


def test_a_fixed_number_of_queries(site, client_of) -> None:
    numbers = []
    fill(15)
    client_of(site).get("/items/")  # the host is known, and who is not let in
    for count in (15, 40):
        fill(count)
        for path in ("/items/", "/items/c/cat0/?z=M&sort=low", "/items/?q=シャツ", "/new/"):
            with CaptureQueriesContext(connection) as kept:
                assert client_of(site).get(path).status_code == 200
            asked = [q for q in kept.captured_queries if "blocked_source" not in q["sql"]]
            numbers.append(len(asked))
    assert numbers[:4] == numbers[4:]
    assert max(numbers) <= 23  # nobody listens here: what belongs to the site is read each time


def test_pages_of_the_lists(site, client_of) -> None:
    fill(30)
    world.new_product()
    shop = client_of(site)
    for path in (
        "/new/",
        "/ranking/",
        "/brands/B1/",
        "/seasons/2026AW/",
        "/items/c/cat1/",
        "/sale/",
    ):
        assert shop.get(path).status_code == 200, path
    assert shop.get("/brands/nobody/").status_code == 404
    page = shop.get("/items/?f=navy&z=M").content.decode()
    assert 'content="noindex' in page
    assert page.count('class="chip"') == 2
    one = shop.get("/items/c/cat1/").content.decode()
    assert "noindex" not in one
    assert 'rel="canonical"' in one
    nothing = shop.get("/items/?q=ぬぬぬぬ").content.decode()
    assert "Nothing matches" in nothing
    assert [miss.words for miss in queries.misses()] == ["ぬぬぬぬ"]
    assert "shirt" in shop.get("/suggest/?q=shi").content.decode()

"""What a product's page and the files for machines say, with nobody listening: all anew."""

import json
import re
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lockstitch.catalogue.models import Category, Pairing, Product, Sku
from lockstitch.crm.models import ProductViews
from lockstitch.crm.popularity import rank_goods, rule, set_rule
from lockstitch.crm.together import reckon_together
from lockstitch.fulfilment.actions import cancel
from lockstitch.inventory.models import Location, Stock
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.search.models import Goods
from lockstitch.search.queries import Wish, find
from tests import world

_xml = ElementTree.fromstring  # of our own making

pytestmark = pytest.mark.usefixtures("database")


def test_structured_data(site, client_of) -> None:
    world.new_product()
    Product.objects.all().update(name={"ja": "</script><b>"}, gender="women", brand="A & B")
    page = client_of(site).get("/items/shirt/").content.decode()
    text = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)[1]
    group, crumbs = json.loads(text)
    assert group["@type"] == "ProductGroup"
    assert group["name"] == "</script><b>"
    assert len(group["hasVariant"]) == 4
    first = group["hasVariant"][0]
    assert first["offers"]["price"] == 4_400
    assert first["offers"]["availability"] == "https://schema.org/InStock"
    assert first["size"] == {"@type": "SizeSpecification", "name": "S"}
    assert first["offers"]["hasMerchantReturnPolicy"]["merchantReturnDays"] == 8
    assert crumbs["itemListElement"][0]["name"] == "Tops"
    assert page.count('rel="canonical"') == 1
    assert page.count("hreflang") == 3


def test_prices_of_now(site, client_of) -> None:
    world.new_product()
    Sku.objects.all().update(sale_price_yen=3_000, sale_from=now())
    for path in ("/items/shirt/", "/items/"):
        page = client_of(site).get(path).content.decode()
        assert "<s>¥4,400</s>" in page
        assert "¥3,000" in page
    assert client_of(site).get("/sale/").content.decode().count('class="card"') == 1


def test_a_former_address_leads_on(site, client_of) -> None:
    world.new_product()
    shop = client_of(site)
    Product.objects.filter(slug="shirt").update(slug="blouse")
    answer = shop.get("/items/shirt/white/")
    assert (answer.status_code, answer["Location"]) == (301, "/items/blouse/white/")
    Product.objects.filter(slug="blouse").update(slug="shirt")
    assert shop.get("/items/shirt/").status_code == 200
    assert shop.get("/items/blouse/")["Location"] == "/items/shirt/"


def test_only_whom_it_is_for(site, client_of) -> None:
    world.new_product()
    shop = client_of(site)
    Product.objects.all().update(audience="link")
    assert shop.get("/items/shirt/").status_code == 200
    assert 'content="noindex"' in shop.get("/items/shirt/").content.decode()
    assert "shirt" not in shop.get("/items/").content.decode()
    Product.objects.all().update(audience="members")
    assert shop.get("/items/shirt/").status_code == 404


def test_shop_stock_with_its_age(site, client_of) -> None:
    skus = world.new_product()
    shop = Location.here(code="S1", name={"ja": "銀座", "en": "Ginza"}, kind="store")
    shop.sells_online = False
    shop.save()
    row = Stock.here(sku_id=skus[0], location=shop, on_hand=1, stated_at=now())
    row.save()
    page = client_of(site).get("/items/shirt/").content.decode()
    assert "Ginza" in page
    assert "△" in page
    assert "as of" in page
    Stock.objects.filter(pk=row.pk).update(stated_at="2020-01-01T00:00Z")
    assert "Ginza" not in client_of(site).get("/items/shirt/").content.decode()


def test_where_and_when(site, client_of) -> None:
    world.new_product()
    shop = client_of(site)
    own = {"HTTP_ORIGIN": f"http://{site.hosts[0]}"}
    sent = shop.post("/place/", {"prefecture": "京都府", "next": "/items/shirt/"}, **own)
    assert sent["Location"] == "/items/shirt/"
    assert "To 京都府 from" in shop.get("/items/shirt/").content.decode()
    bad = shop.post("/place/", {"prefecture": "x", "next": "https://evil.example/"}, **own)
    assert bad["Location"] == "/"


def test_seen_lately(site, client_of) -> None:
    world.new_product()
    world.new_product(slug="coat")
    shop = client_of(site)
    ids = dict(Product.objects.values_list("slug", "id"))
    assert "card" not in shop.get(f"/seen/?product={ids['shirt']}").content.decode()
    assert "/items/shirt/" in shop.get(f"/seen/?product={ids['coat']}").content.decode()
    assert shop.get("/seen/?product=nonsense").status_code == 200


def test_files_for_machines(site, client_of) -> None:
    world.new_product()
    shop = client_of(site)
    assert "Sitemap: " in shop.get("/robots.txt").content.decode()
    index = _xml(shop.get("/sitemap.xml").content)
    found = []
    for each in index.findall(".//{*}loc"):
        answer = shop.get("/" + each.text.split("/", 3)[3])
        assert answer.status_code == 200
        found += [loc.text for loc in _xml(answer.content).findall(".//{*}loc")]
    assert {f.split("/", 3)[3] for f in found} >= {"items/shirt/white/", "items/shirt/navy/"}
    assert shop.get("/sitemap/goods-x.xml").status_code == 404
    feed = _xml(shop.get("/new.rss").content)
    assert [item.findtext("title") for item in feed.iter("item")] == ["シャツ"]


def test_what_sells_stands_first(site) -> None:
    world.new_product(slug="shirt")
    skus = world.new_product(slug="coat")
    world.placed_order({skus[0]: 2})
    rank_goods()
    assert {g.score for g in Goods.objects.filter(product__slug="coat")} == {20}
    first = find(Wish(sort="rank")).hits[0].product_id
    assert Product.objects.get(id=first).slug == "coat"


def test_a_shop_says_what_its_ranking_goes_by(site, client_of) -> None:
    world.new_product(slug="shirt")
    skus = world.new_product(slug="coat")
    world.placed_order({skus[0]: 1})
    shirt = Product.objects.get(slug="shirt").id
    asked, looks = f"/seen/?product={shirt}", 11
    for n in range(looks):
        browser = client_of(site)
        browser.get(asked, headers={"HX-Request": "true"})
        browser.get(asked, headers={"HX-Request": "true"})  # the same browser counts once
        assert ProductViews.objects.get().views == n + 1
    client_of(site).get(asked)  # no browser that runs scripts
    client_of(site).get(f"/seen/?product={uuid4()}", headers={"HX-Request": "true"})
    assert ProductViews.objects.get().views == looks
    rank_goods()
    assert _first_by_rank() == "coat"
    set_rule(days=7, piece=10, like=3, view=1)
    assert _first_by_rank() == "shirt"
    for wrong in ({"days": 8}, {"piece": 101}, {"piece": 0, "like": 0, "view": 0}):
        with pytest.raises(Refused):
            set_rule(**{"days": 7, "piece": 10, "like": 3, "view": 1} | wrong)
    assert rule().view == 1


def test_what_is_bought_together_stands_beside_it(site, client_of) -> None:
    shirt = world.new_product(slug="shirt", stock=30)[0]
    coat = world.new_product(slug="coat", stock=30)[0]
    hat = world.new_product(slug="hat", stock=30)[0]
    for pieces in ({shirt: 1, coat: 1}, {shirt: 2, coat: 1}, {shirt: 1, hat: 1}, {hat: 3}):
        world.placed_order(pieces)
    gone = world.placed_order({shirt: 1, hat: 1})
    cancel(gone.id, world.OPERATOR)
    reckon_together()
    assert _beside("shirt") == ["coat"]  # a hat went with it once: chance
    assert (_beside("coat"), _beside("hat")) == (["shirt"], [])
    page = client_of(site).get("/items/shirt/").content.decode()
    assert page.count('class="card"') == 1  # not the others of its category
    for _more in range(3):
        world.placed_order({shirt: 1, hat: 1})
    reckon_together()
    assert _beside("shirt") == ["hat", "coat"]
    with CaptureQueriesContext(connection) as asked:
        reckon_together()
    assert len(asked) == 1


def _beside(slug: str) -> list[str]:
    rows = Pairing.objects.filter(product__slug=slug)
    return list(rows.values_list("other__slug", flat=True))


def _first_by_rank() -> str:
    return Product.objects.get(id=find(Wish(sort="rank")).hits[0].product_id).slug


def test_a_tree_of_categories(site, client_of) -> None:
    world.new_product()
    above = Category.here(slug="wear", name={"ja": "衣", "en": "Wear"})
    above.save()
    Category.objects.filter(slug="tops").update(parent=above)
    from lockstitch.search.actions import catch_up

    catch_up()
    assert "/items/shirt/" in client_of(site).get("/items/c/wear/").content.decode()
    page = client_of(site).get("/items/shirt/").content.decode()
    crumbs = page[page.index('class="crumbs"') :]
    assert crumbs.index(">Wear<") < crumbs.index(">Tops<")

"""Coordinates, staff and brands beside favourite goods: of a browser, then of its member; one page
lists them, with what is new."""

from uuid import UUID

from django.test import Client

from lockstitch.catalogue.models import Product
from lockstitch.coordinates import actions as coordinates
from lockstitch.coordinates.models import Coordinate
from lockstitch.kernel.clock import now
from lockstitch.members.favourites import Owner
from lockstitch.tenancy.queries import Site
from lockstitch.wishes import interests
from lockstitch.wishes.models import Interest
from tests import world
from tests.coordinates import world as looks
from tests.members.world import new_member
from tests.storefront.conftest import client_of  # noqa: F401

BROWSER = Owner(token="a browser's")


def branded(name: str = "Hinata") -> UUID:
    world.new_product(slug="linen")
    Product.objects.filter(slug="linen").update(brand=name, published_from=now())
    return Product.objects.get(slug="linen").id


def test_only_what_visitors_see_is_kept_and_once(site: Site) -> None:
    branded()
    look = looks.shown()
    for _n in range(2):
        assert interests.keep_look(BROWSER, look.number)
        assert interests.keep_brand(BROWSER, "Hinata")
    assert not interests.keep_look(BROWSER, looks.new_coordinate().number)
    assert not interests.keep_brand(BROWSER, "Nobody")
    assert not interests.keep_brand(BROWSER, "")
    interests.keep_look(Owner(), look.number)  # nobody
    assert Interest.objects.count() == 2
    found = interests.kept(BROWSER, set())
    assert ([one.number for one in found.looks], found.brands) == ([look.number], ["Hinata"])
    assert interests.kept(Owner(token="another's"), set()).brands == []
    coordinates.decide(look.number, "take_back", by=None)
    assert interests.kept(BROWSER, set()).looks == []
    interests.drop(BROWSER, brand="Hinata")
    assert interests.kept(BROWSER, set()).brands == []


def test_what_is_new_of_them(site: Site) -> None:
    product = branded()
    author = coordinates.keep_author(
        "mugi", name={"ja": "むぎ"}, shop={}, about={}, height_cm=160, operator_id=None
    )
    look = looks.shown()
    Coordinate.objects.filter(id=look.id).update(author=author)
    interests.keep_brand(BROWSER, "Hinata")
    found = interests.kept(BROWSER, {author.id})
    assert [one.id for one in found.new_looks] == [look.id]
    assert [card.product.id for card in found.new_goods] == [product]
    assert interests.kept(BROWSER, set()).new_looks == []
    long_ago = now().replace(year=2020)
    Coordinate.objects.update(published_from=long_ago)
    Product.objects.update(published_from=long_ago)
    found = interests.kept(BROWSER, {author.id})
    assert (found.new_looks, found.new_goods) == ([], [])


def test_they_become_the_members_and_go_with_the_member(site: Site) -> None:
    branded()
    member = new_member()
    interests.keep_brand(BROWSER, "Hinata")
    interests.keep_brand(Owner(member), "Hinata")
    interests.keep_look(BROWSER, looks.shown().number)
    for _n in range(2):
        interests.take_over(BROWSER.token, member)
    assert interests.kept(BROWSER, set()).brands == []
    mine = interests.kept(Owner(member), set())
    assert (len(mine.looks), mine.brands) == (1, ["Hinata"])
    interests.forget(member)
    assert not Interest.objects.exists()


def test_a_guest_presses_the_buttons(site: Site, client_of) -> None:  # noqa: F811
    branded("A & B")
    look = looks.shown()
    shop: Client = client_of(site)
    own = {"headers": {"host": site.hosts[0], "sec-fetch-site": "same-origin"}}
    page = shop.get("/brands/A & B/").content.decode()
    assert 'name="brand" value="A &amp; B"' in page
    kept = shop.post("/favourites/keep/", {"brand": "A & B"}, **own)
    assert (kept.status_code, kept["Location"]) == (302, "/favourites/")
    back = shop.post("/favourites/keep/", {"coordinate": look.number}, **own)
    assert back["Location"] == f"/coordinates/{look.number}/"
    assert "One of your favourites" in shop.get(back["Location"]).content.decode()
    page = shop.get("/favourites/").content.decode()
    assert "A &amp; B" in page
    assert "Autumn" in page
    for nothing in ({}, {"brand": "x"}, {"coordinate": "999999"}, {"coordinate": "²"}):
        assert shop.post("/favourites/keep/", nothing, **own).status_code == 404
    shop.post("/favourites/keep/", {"brand": "A & B", "out": "1"}, **own)
    assert "A &amp; B" not in shop.get("/favourites/").content.decode()

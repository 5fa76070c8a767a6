"""The pages of sets, as a visitor without JavaScript has them."""

from collections.abc import Callable

import pytest
from django.test import Client

from lockstitch.sets.queries import SetView
from lockstitch.tenancy.queries import Site
from tests.sets.world import new_set, product
from tests.storefront.conftest import client_of as client_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def suit(site: Site) -> SetView:
    return new_set([(product()[0], 1), (product(stock=0)[0], 1)], 8_000)


@pytest.fixture
def whole(site: Site) -> SetView:
    return new_set([(product()[0], 1), (product()[0], 1)], 8_000)


def test_a_set_is_listed_and_named_on_its_products(
    site: Site, whole: SetView, client_of: Callable[..., Client]
) -> None:
    client = client_of(site)
    page = client.get("/sets/").content.decode()
    assert f'href="/sets/{whole.row.number}/"' in page
    assert "800 less as a set" in page
    offer = whole.parts[0].options[0]
    assert f'href="/sets/{whole.row.number}/"' in (
        client.get(f"/items/{offer.product_slug}/").content.decode()
    )
    assert 'href="/sets/"' in client.get("/").content.decode()


def test_sold_out_when_any_part_is_out(
    site: Site, suit: SetView, client_of: Callable[..., Client]
) -> None:
    page = client_of(site).get(f"/sets/{suit.row.number}/").content.decode()
    assert "Sold out" in page
    assert "disabled>Put the set into the cart" in page


def test_each_piece_wants_a_size(
    site: Site, whole: SetView, client_of: Callable[..., Client]
) -> None:
    client, address = client_of(site), f"/sets/{whole.row.number}/cart/"
    skus = [str(one.options[1].sku_id) for one in whole.pieces]
    page = client.post(address, {"piece-1": skus[0]})
    text = page.content.decode()
    assert page.status_code == 422
    assert text.count("Please choose a size.") == 1
    assert f'value="{skus[0]}" selected' in text
    done = client.post(address, {"piece-1": skus[0], "piece-2": skus[1]}, follow=True)
    cart = done.content.decode()
    assert "Suit" in cart
    assert "¥8,000" in cart


def test_what_is_in_a_lucky_bag_is_on_no_page(site: Site, client_of: Callable[..., Client]) -> None:
    bag = new_set(
        [(product()[0], 1), (product()[0], 1)], 5_000, hides_contents=True, name={"en": "Bag"}
    )
    client = client_of(site)
    done = client.post(f"/sets/{bag.row.number}/cart/", {"label": "M"}, follow=True)
    for page in (client.get(f"/sets/{bag.row.number}/"), client.get("/sets/"), done):
        text = page.content.decode()
        assert "Bag" in text
        assert "Shirt" not in text
    assert "Size: M" in done.content.decode()
    refused = client.post(f"/sets/{bag.row.number}/cart/", {})
    assert refused.status_code == 422


def test_a_set_that_is_not_shown_is_not_there(site: Site, client_of: Callable[..., Client]) -> None:
    draft = new_set([(product()[0], 1), (product()[0], 1)], published_from=None)
    assert client_of(site).get(f"/sets/{draft.row.number}/").status_code == 404
    assert 'href="/sets/"' not in client_of(site).get("/").content.decode()

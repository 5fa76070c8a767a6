"""Goods for members from a rank on: shown and sold to these, and nowhere else."""

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from lockstitch.catalogue import queries as catalogue
from lockstitch.catalogue.checks import faults
from lockstitch.catalogue.models import Product
from lockstitch.catalogue.reading import find_whole
from lockstitch.checkout.filling import add_to_cart
from lockstitch.checkout.filling_sets import add_set
from lockstitch.checkout.queries import find_cart, show_cart
from lockstitch.coordinates.queries import find_coordinate
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.kernel.ids import new_token
from lockstitch.members.actions import save_ranks
from lockstitch.members.models import Member
from lockstitch.members.queries import ranks
from lockstitch.search.queries import Wish, find
from lockstitch.tenancy.queries import Site
from tests import world
from tests.coordinates.world import shown
from tests.members.world import new_member
from tests.sets.world import new_set, product

LADDER = [
    {"code": name, "name": {}, "threshold": at, "rate_bp": 0, "times_bp": 10_000}
    for name, at in (("plain", 0), ("silver", 10), ("gold", 20))
]


@pytest.fixture
def members(site: Site) -> dict[str, UUID]:
    """One of each rank, and one who has none yet."""
    save_ranks(LADDER)
    made = {"": new_member()}
    for rank in ranks():
        made[rank.code] = new_member()
        Member.objects.filter(id=made[rank.code]).update(rank=rank)
    return made


@pytest.fixture
def asked_as(monkeypatch: pytest.MonkeyPatch, members: dict[str, UUID]) -> dict[str, str]:
    """Whose session the page's visitor has: a rank; none is a guest."""
    session = {"rank": "nobody"}
    for module in ("shown", "views.goods"):
        monkeypatch.setattr(
            f"lockstitch.storefront.{module}.member_id", lambda _: members.get(session["rank"])
        )
    return session


def only_for(rank: str, slug: str = "shirt") -> None:
    Product.objects.filter(slug=slug).update(audience=f"rank:{rank}")


def test_its_page_is_theirs(site: Site, client_of, asked_as: dict[str, str]) -> None:
    world.new_product()
    only_for("silver")
    for rank, status in (
        ("nobody", 404),
        ("", 404),
        ("plain", 404),
        ("silver", 200),
        ("gold", 200),
    ):
        asked_as["rank"] = rank
        assert client_of(site).get("/items/shirt/").status_code == status
    answer = client_of(site).get("/items/shirt/")
    assert 'content="noindex"' in answer.content.decode()
    asked_as["rank"] = "nobody"
    assert client_of(site).get("/items/shirt/").status_code == 404


def test_no_list_has_it(site: Site, client_of) -> None:
    world.new_product()
    assert find(Wish()).hits
    only_for("gold")
    assert not find(Wish()).hits
    shop = client_of(site)
    for path in ("/items/", "/new/", "/feeds/google.xml", "/new.rss"):
        assert "shirt" not in shop.get(path).content.decode()


def test_only_they_buy_it(site: Site, members: dict[str, UUID]) -> None:
    [sku, *_rest] = world.new_product()
    only_for("silver")
    for member in (None, members[""], members["plain"]):
        with pytest.raises(NotFound):
            add_to_cart(new_token(), sku, member_id=member)
    token = new_token()
    add_to_cart(token, sku, member_id=members["gold"])
    cart = find_cart(token)
    assert show_cart(cart, member_id=members["gold"]).count == 1
    assert not show_cart(cart, member_id=members["plain"]).rows
    assert not show_cart(cart).rows  # signed out: it waits in the cart


def test_members_goods_are_no_guests(site: Site, members: dict[str, UUID]) -> None:
    [sku, *_rest] = world.new_product()
    Product.objects.all().update(audience="members")
    with pytest.raises(NotFound):
        add_to_cart(new_token(), sku)
    add_to_cart(new_token(), sku, member_id=members[""])


def test_no_look_and_no_set_leads_past_it(site: Site, members: dict[str, UUID]) -> None:
    look = shown(world.new_product(slug="coat"))
    trousers, jacket = product()[0], product()[0]
    suit = new_set([(trousers, 1), (jacket, 1)])
    add_set(new_token(), suit.row.number, [trousers, jacket])
    only_for("gold", "coat")
    only_for("gold", catalogue.offers([jacket])[jacket].product_slug)
    found = find_coordinate(look.number)
    assert found is not None
    assert [piece.options for piece in found.pieces] == [[], []]
    with pytest.raises(Refused):
        add_set(new_token(), suit.row.number, [trousers, jacket])


@pytest.mark.parametrize("wrong", ["rank:", "rank", "everybody", "rank:a b", "rank:" + "x" * 31])
def test_what_is_no_audience(site: Site, wrong: str) -> None:
    world.new_product()
    kept = find_whole("shirt")
    assert kept is not None
    kept.new.audience = wrong
    assert [fault.path for fault in faults(kept.new)] == [("audience",)]
    if not wrong.startswith("rank:"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Product.objects.update(audience=wrong)

"""Goods for members from a rank on: shown and sold to these, and nowhere else."""

import re
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from lockstitch.catalogue import queries as catalogue
from lockstitch.catalogue.checks import faults
from lockstitch.catalogue.models import Product
from lockstitch.catalogue.reading import find_whole
from lockstitch.checkout.filling import add_to_cart
from lockstitch.checkout.filling_sets import add_set
from lockstitch.checkout.queries import find_cart, show_cart
from lockstitch.console.goods_page import Page, choices
from lockstitch.coordinates.queries import find_coordinate
from lockstitch.crm import letters
from lockstitch.kernel.errors import NotFound
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

SECRET = "A coat for few"
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
    for module in ("shown", "views.goods", "views.waits"):
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


def hidden(rank: str, slug: str) -> None:
    only_for(rank, slug)
    Product.objects.filter(slug=slug).update(name={"ja": SECRET, "en": SECRET})


def test_a_look_does_not_even_name_it(site: Site, client_of, members: dict[str, UUID]) -> None:
    look = shown(world.new_product(slug="coat"))
    path = f"/coordinates/{look.number}/"
    assert client_of(site).get(path).content.decode().count('class="piece"') == 2
    hidden("gold", "coat")
    answer = client_of(site).get(path)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert SECRET not in page
    assert 'class="piece"' not in page
    assert 'class="spot"' not in page
    drafted = find_coordinate(look.number, drafts=True)
    assert drafted is not None
    assert len(drafted.pieces) == 2


def test_a_set_with_it_is_nobodys(site: Site, client_of, members: dict[str, UUID]) -> None:
    trousers, jacket = product()[0], product()[0]
    suit = new_set([(trousers, 1), (jacket, 1)])
    token = new_token()
    add_set(token, suit.row.number, [trousers, jacket])
    pages = (f"/sets/{suit.row.number}/", "/sets/")
    name = "Suit"
    assert all(name in client_of(site).get(path).content.decode() for path in pages)
    hidden("gold", catalogue.offers([jacket])[jacket].product_slug)
    assert client_of(site).get(pages[0]).status_code == 404
    assert name not in client_of(site).get(pages[1]).content.decode()
    with pytest.raises(NotFound):
        add_set(new_token(), suit.row.number, [trousers, jacket])
    assert not show_cart(find_cart(token)).can_proceed


def test_who_waits_for_it_may_have_it(
    site: Site, client_of, members: dict[str, UUID], asked_as: dict[str, str]
) -> None:
    [sku, *_rest] = world.new_product(stock=0)
    hidden("silver", "shirt")
    form = {"sku": str(sku), "count": "1"}
    for rank, status in (("nobody", 404), ("plain", 404), ("silver", 200)):
        asked_as["rank"] = rank
        answer = client_of(site).post("/waits/", form, headers={"sec-fetch-site": "same-origin"})
        assert answer.status_code == status
        assert (SECRET in answer.content.decode()) == (status == 200)


def test_no_letter_names_it_to_others(site: Site, members: dict[str, UUID]) -> None:
    [sku, *_rest] = world.new_product()
    said = {}
    for rank in ("plain", "gold"):
        token = new_token()
        add_to_cart(token, sku, member_id=members[rank])
        said[rank] = find_cart(token)
        said[rank].member_id = members[rank]
    only_for("silver")
    assert [len(letters._lines(said[rank])) for rank in said] == [0, 1]


def test_a_form_keeps_a_rank_that_is_gone(site: Site, members: dict[str, UUID]) -> None:
    save_ranks(LADDER[:2])
    for kept, offered in (("rank:silver", 5), ("rank:gold", 6), ("public", 5)):
        audiences = choices(kept)["audiences"]
        page = Page({"audience": kept}, {}, None, [])
        context = {"field": page["audience"], "choices": audiences}
        [chosen] = re.findall(
            r'value="([^"]+)" selected', render_to_string("console/_field.html", context)
        )
        assert (chosen, len(audiences)) == (kept, offered)


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

"""Making, deciding, showing and buying a coordinate."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lockstitch.catalogue.models import Sku
from lockstitch.checkout.queries import find_cart, show_cart
from lockstitch.coordinates import actions, counting, queries, rules
from lockstitch.coordinates.models import Credit, Hotspot
from lockstitch.coordinates.queries import Wanted
from lockstitch.coordinates.rules import Point
from lockstitch.crm.looks import credit_looks, recount_looks
from lockstitch.fulfilment.actions import cancel
from lockstitch.kernel.clock import now, today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.orders.models import Order
from lockstitch.storefront.visitor import CART_COOKIE
from lockstitch.tenancy.queries import Site
from tests import world
from tests.coordinates.world import new_coordinate, new_picture, shown
from tests.members.test_pages import Visitor, plain_files, sign_in
from tests.members.world import new_member

__all__ = ["plain_files"]
pytestmark = pytest.mark.usefixtures("database")
ROUTES = [
    ("draft", "submit", "submitted"), ("draft", "approve", "approved"),
    ("draft", "send_back", None), ("submitted", "approve", "approved"),
    ("submitted", "send_back", "returned"), ("submitted", "take_back", "draft"),
    ("submitted", "submit", None), ("returned", "submit", "submitted"),
    ("returned", "send_back", None), ("approved", "take_back", "draft"),
    ("approved", "approve", None), ("approved", "submit", None),
]  # fmt: skip


@pytest.mark.parametrize(("state", "step", "to"), ROUTES)
def test_each_state_allows_its_steps_and_no_other(state: str, step: str, to: str | None) -> None:
    assert rules.next_state(state, step) == to


@pytest.mark.parametrize(
    ("x", "y"), [("", "1"), ("-1", "5"), ("１", "2"), ("a", "2"), ("1.5", "2")]
)
def test_a_place_is_two_whole_numbers(x: str, y: str) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        Point.of(x, y)
    assert Point.of("2000", "3") == Point(1000, 3)


def test_what_is_missing_is_named_and_nothing_is_shown(site: Site) -> None:
    row = actions.begin(by=None, words=actions.Words(title={"ja": "題"}, text={}))
    with pytest.raises(Refused, match="a picture, two to twelve items"):
        actions.decide(row.number, "approve", by=None)
    assert queries.listed(Wanted()).rows == []


def test_a_staff_post_is_returned_with_a_reason_and_approved_later(site: Site) -> None:
    row = new_coordinate(by=uuid4())
    actions.decide(row.number, "submit", by=None)
    assert queries.waiting() == 1
    with pytest.raises(Refused, match="say why"):
        actions.decide(row.number, "send_back", by=None)
    returned = actions.decide(row.number, "send_back", by=None, reason="暗い")
    assert (returned.state, returned.reason) == ("returned", "暗い")
    with pytest.raises(Refused, match="cannot be done any more"):
        actions.decide(row.number, "send_back", by=None, reason="again")
    actions.decide(row.number, "approve", by=None)
    found = queries.find_coordinate(row.number)
    assert found is not None
    assert found.coordinate.reason == ""


def test_it_is_shown_in_its_window_only(site: Site) -> None:
    row, later = new_coordinate(), now() + dt.timedelta(days=1)
    actions.decide(row.number, "approve", by=None, since=later)
    assert queries.find_coordinate(row.number) is None
    actions.decide(row.number, "take_back", by=None)
    with pytest.raises(Refused, match="ends before"):
        actions.decide(row.number, "approve", by=None, since=later, until=now())
    actions.decide(row.number, "approve", by=None, since=now(), until=later)
    assert queries.find_coordinate(row.number) is not None


def test_who_saves_an_older_version_is_told(site: Site) -> None:
    row = new_coordinate()
    words = actions.Words(title={"ja": "新"}, text={})
    actions.write(row.number, words, version=row.version)
    with pytest.raises(Refused, match="Somebody else"):
        actions.write(row.number, words, version=row.version)


def test_the_list_is_narrowed_and_paged(site: Site) -> None:
    rows = [shown() for _ in range(3)]
    first = queries.listed(Wanted(category="tops"), limit=2)
    rest = queries.listed(Wanted(category="tops"), after=first.next, limit=2)
    assert [one.number for one in (*first.rows, *rest.rows)] == [
        one.number for one in reversed(rows)
    ]
    assert queries.listed(Wanted(category="shoes")).rows == []
    assert queries.listed(Wanted.of({"height": "170", "kind": "nonsense"})).rows == []
    assert queries.listed(Wanted(), after="nonsense").rows == []


def test_it_is_shown_on_each_of_its_products(site: Site) -> None:
    skus = world.new_product(slug="coat")
    row = shown(skus)
    product = Sku.objects.get(id=skus[0]).product_id
    assert [one.number for one in queries.wears([product])] == [row.number]
    assert queries.wears([uuid4()]) == []


def test_a_point_of_another_coordinate_is_not_taken(site: Site) -> None:
    one, other = new_coordinate(), new_coordinate()
    view = queries.find_coordinate(other.number, drafts=True)
    mine = queries.find_coordinate(one.number, drafts=True)
    assert view is not None
    assert mine is not None
    before = Hotspot.objects.filter(shot=mine.shots[0]).count()
    actions.place(one.number, mine.shots[0].id, {view.pieces[0].piece.id: Point(1, 1)})
    assert Hotspot.objects.filter(shot=mine.shots[0]).count() == before


def test_the_same_picture_and_colour_come_in_once(site: Site) -> None:
    row, picture = new_coordinate(), new_picture()
    assert actions.add_picture(row.id, picture.id) == actions.add_picture(row.id, picture.id)
    view = queries.find_coordinate(row.number, drafts=True)
    assert view is not None
    sku = view.pieces[0].piece.worn
    assert sku is not None
    actions.add_piece(row.number, sku)
    again = queries.find_coordinate(row.number, drafts=True)
    assert again is not None
    assert len(again.pieces) == len(view.pieces)


def _lines(visitor: Visitor) -> dict[UUID, int]:
    cart = find_cart(visitor.client.cookies[CART_COOKIE].value)
    assert cart is not None
    return {row.offer.sku_id: row.quantity for row in show_cart(cart, is_preorder=False).rows}


def test_the_whole_look_goes_into_the_cart(site: Site) -> None:
    skus = world.new_product(slug="suit")
    row, visitor = shown(skus), Visitor(site.hosts[0])
    view = queries.find_coordinate(row.number)
    assert view is not None
    chosen = {
        f"{name}-{one.piece.id}": value
        for one, sku in zip(view.pieces, (skus[1], skus[2]), strict=True)
        for name, value in (("pick", "1"), ("sku", str(sku)))
    }
    answer = visitor.post(f"/coordinates/{row.number}/cart/", **chosen)
    assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    assert _lines(visitor) == {skus[1]: 1, skus[2]: 1}


def test_each_piece_that_cannot_be_had_is_told_of_and_the_others_are_added(site: Site) -> None:
    good, gone = world.new_product(slug="good"), world.new_product(slug="gone", stock=0)
    row = new_coordinate([good[0], good[1]])
    actions.add_piece(row.number, Sku.objects.get(id=gone[0]))
    actions.add_piece(row.number, Sku.objects.get(id=good[2]))
    actions.decide(row.number, "approve", by=None)
    view = queries.find_coordinate(row.number)
    assert view is not None
    keys = [str(one.piece.id) for one in view.pieces]
    chosen = {f"pick-{key}": "1" for key in keys} | {f"sku-{keys[0]}": str(good[0])}
    visitor = Visitor(site.hosts[0])
    answer = visitor.post(f"/coordinates/{row.number}/cart/", **chosen)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "In the cart" in page
    assert "Please choose a size." in page
    assert "Sold out" in page
    assert _lines(visitor) == {good[0]: 1}


def test_a_draft_and_another_sites_coordinate_are_not_there(site: Site) -> None:
    row, visitor = new_coordinate(), Visitor(site.hosts[0])
    assert visitor.get(f"/coordinates/{row.number}/").status_code == 404
    assert visitor.post(f"/coordinates/{row.number}/cart/").status_code == 404
    actions.decide(row.number, "approve", by=None)
    assert visitor.get(f"/coordinates/{row.number}/").status_code == 200
    assert Visitor(world.new_site().hosts[0]).get(f"/coordinates/{row.number}/").status_code == 404


def test_views_are_counted_and_a_draft_is_not(site: Site) -> None:
    row, draft, visitor = shown(), new_coordinate(), Visitor(site.hosts[0])
    for number in (row.number, row.number, draft.number):
        assert visitor.post(f"/coordinates/{number}/seen/").status_code == 204
    figures = queries.figures([row.id, draft.id], today_jst())
    assert (figures[row.id].views, figures[draft.id].views) == (2, 0)


def test_an_order_counts_for_the_last_look_and_is_taken_back(site: Site) -> None:
    skus = world.new_product(slug="parka")
    first, last = shown(skus), shown(skus)
    order = world.placed_order({skus[0]: 1, skus[2]: 1})
    cart = _cart_of(order)
    counting.added(first.id, cart, [skus[0], skus[2]])
    counting.added(last.id, cart, [skus[0]])
    Order.objects.filter(id=order.id).update(placed_at=now() + dt.timedelta(days=1))
    for _ in range(2):  # followers run at least once
        credit_looks(order.id)
    figures = queries.figures([first.id, last.id], today_jst() - dt.timedelta(days=1))
    assert (figures[first.id].pieces, figures[last.id].pieces) == (1, 1)
    assert figures[last.id].net_yen == 4_400
    cancel(order.id, world.OPERATOR)
    recount_looks(order.id)
    assert queries.figures([last.id], today_jst())[last.id].pieces == 0


def test_an_order_after_the_window_counts_for_nobody(site: Site) -> None:
    skus = world.new_product(slug="vest")
    row, order = shown(skus), world.placed_order({skus[0]: 1})
    counting.added(row.id, _cart_of(order), [skus[0]])
    late = now() + dt.timedelta(days=rules.CREDIT_DAYS, hours=1)
    Order.objects.filter(id=order.id).update(placed_at=late)
    credit_looks(order.id)
    assert not Credit.objects.filter(order_id=order.id).exists()


def _cart_of(order: Order) -> UUID:
    from lockstitch.checkout.models import Checkout

    return Checkout.objects.get(id=order.checkout_id).cart_id


def test_following_again_changes_nothing_and_ends(site: Site) -> None:
    author = actions.keep_author("nagi", name={"ja": "なぎ"}, shop={}, about={}, height_cm=153)
    visitor = Visitor(site.hosts[0])
    for _ in range(2):
        assert visitor.post("/staff/nagi/follow/").status_code == 302
    assert author.follows.count() == 1
    sign_in(visitor, member := new_member())
    assert author.follows.get().member_id == member
    assert "You follow" in visitor.get("/staff/nagi/").content.decode()
    visitor.post("/staff/nagi/follow/", out="1")
    assert author.follows.count() == 0
    actions.keep_author("nagi", name={}, shop={}, about={}, height_cm=None, left=True)
    assert visitor.get("/staff/nagi/").status_code == 404


def test_an_issue_may_be_called_anything(site: Site) -> None:
    row, visitor = new_coordinate(), Visitor(site.hosts[0])
    words = actions.Words(title={"ja": "題"}, text={}, issue="12/1月号 <&>", season="2026/27")
    actions.write(row.number, words, version=row.version)
    actions.decide(row.number, "approve", by=None)
    assert "12/1月号 &lt;&amp;&gt;" in visitor.get(f"/coordinates/{row.number}/").content.decode()
    assert visitor.get("/magazine/12/1月号 <&>/").status_code == 200
    assert visitor.get("/lookbook/2026/27/").status_code == 404
    assert visitor.get("/magazine/13/").status_code == 404


def test_a_page_asks_as_often_however_much_there_is(site: Site) -> None:
    def asked() -> tuple[int, int, int]:
        counts = []
        for ask in (
            lambda: queries.find_coordinate(small.number), lambda: queries.listed(Wanted()),
            lambda: queries.find_coordinate(large.number),
        ):  # fmt: skip
            with CaptureQueriesContext(connection) as seen:
                ask()
            counts.append(len(seen))
        return counts[0], counts[1], counts[2]

    small, large = shown(), new_coordinate(world.new_product(slug="many"))
    for n in range(4):
        actions.add_piece(large.number, Sku.objects.get(id=world.new_product(slug=f"m-{n}")[0]))
        actions.add_picture(large.id, new_picture().id)
    actions.decide(large.number, "approve", by=None)
    one, few, other = asked()
    for _ in range(5):
        shown()
    assert one == other
    assert asked() == (one, few, other)

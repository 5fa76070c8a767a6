"""セット: one price over several pieces, whose stock is taken once and in total."""

from collections import Counter

import pytest

from lockstitch.checkout import actions as checkout
from lockstitch.checkout.amending import Change, amend, preview
from lockstitch.checkout.filling_sets import add_set, put_sets_back, set_sets
from lockstitch.checkout.in_sets import split
from lockstitch.checkout.models import CartSet, Checkout
from lockstitch.checkout.queries import cart_count, find_cart, find_checkout, show_checkout
from lockstitch.inventory.actions import NotEnough
from lockstitch.inventory.grid import stock
from lockstitch.inventory.queries import disagreements
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.orders.exporting import order_rows
from lockstitch.orders.queries import Order, Wanted, find_order
from lockstitch.returns.actions import Wish
from lockstitch.sets.actions import keep_set
from lockstitch.sets.models import GoodsSet
from lockstitch.sets.queries import find_set, sets_with
from lockstitch.tenancy.queries import Site
from tests import world
from tests.checkout.test_offers import offer
from tests.returns.test_returns import send, take_back
from tests.sets.world import cart_of, code, new_set, product, ready, written

pytestmark = pytest.mark.usefixtures("database")


def fresh(order: Order) -> Order:
    found = find_order(order.number)
    assert found
    return found


def test_shares_are_whole_yen_and_sum_to_the_price(site: Site) -> None:
    top, bottom = product(price_yen=3_333)[0], product(price_yen=7_000)[0]
    view = new_set([(top, 2), (bottom, 1)], 9_999)
    checkout_id, total = ready([(view, [top, top, bottom], 3)])
    order = checkout.place(checkout_id, shown_total_yen=total)
    assert order.items_yen == 3 * 9_999
    lines = order.current_lines
    assert {line.set_id for line in lines} == {view.row.pk}
    assert len({line.set_group for line in lines}) == 1
    assert sum(line.unit_price_yen * line.quantity // 3 for line in lines) == 9_999
    assert stock([top, bottom]) == {top: (10, 6), bottom: (10, 3)}
    [bought] = order.goods
    assert bought.is_set  # type: ignore[union-attr]
    assert (bought.count, bought.total_yen) == (3, 29_997)  # type: ignore[union-attr]


def test_shares_follow_the_pieces_own_prices(site: Site) -> None:
    top, bottom = product(price_yen=2_000)[0], product(price_yen=8_000)[0]
    view = new_set([(top, 1), (bottom, 1)], 9_000)
    pieces = split(9_000, [one.options[0] for one in view.parts])
    assert [piece.share_yen for piece in pieces] == [1_800, 7_200]


def test_a_saving_is_told_only_where_there_is_one(site: Site) -> None:
    top, bottom = product(price_yen=4_000)[0], product(price_yen=6_000)[0]
    assert new_set([(top, 1), (bottom, 1)], 9_000).saving_yen == 1_000
    assert new_set([(top, 1), (bottom, 1)], 10_000).saving_yen == 0
    assert new_set([(top, 1), (bottom, 1)], 11_000).saving_yen == 0
    assert new_set([(top, 1), (bottom, 1)], 9_000, hides_contents=True).saving_yen == 0


def test_a_set_in_a_cart_changes_whole(site: Site) -> None:
    top, bottom = product(), product()
    view, token = new_set([(top[0], 1), (bottom[0], 1)], 8_000), new_token()
    add_set(token, view.row.number, [top[1], bottom[0]])
    add_set(token, view.row.number, [top[1], bottom[0]])
    add_set(token, view.row.number, [top[0], bottom[0]])
    cart = find_cart(token)
    assert cart
    assert cart_count(token) == 3
    first, second = cart_of(token).sets
    assert (first.of.quantity, second.of.quantity) == (2, 1)
    set_sets(cart, first.of.id, 5)
    assert cart_of(token).pieces == {top[1]: 5, bottom[0]: 6, top[0]: 1}
    assert cart_of(token).quote.items_yen == 6 * 8_000
    set_sets(cart, first.of.id, 0)
    assert cart_of(token).pieces == {top[0]: 1, bottom[0]: 1}


def test_a_choice_must_fit_the_parts(site: Site) -> None:
    top, bottom = product(), product()
    view = new_set([(top[0], 1), (bottom[0], 1)])
    for skus in ([top[0]], [bottom[0], top[0]], [top[2], bottom[0]], [top[0], bottom[0], top[0]]):
        with pytest.raises(Refused):
            add_set(new_token(), view.row.number, skus)


def test_what_a_set_and_a_single_piece_want_is_counted_together(site: Site) -> None:
    top, bottom = product(stock=2)[0], product()[0]
    view = new_set([(top, 1), (bottom, 1)])
    checkout_id, total = ready([(view, [top, bottom], 2)], {top: 1})
    with pytest.raises(NotEnough):
        checkout.place(checkout_id, shown_total_yen=total)
    assert stock([top, bottom]) == {top: (2, 0), bottom: (10, 0)}


def test_a_cart_says_that_its_set_is_short(site: Site) -> None:
    top, bottom = product(stock=2)[0], product()[0]
    view, token = new_set([(top, 1), (bottom, 1)]), new_token()
    add_set(token, view.row.number, [top, bottom], 3)
    shown = cart_of(token)
    assert shown.sets[0].short
    assert not shown.can_proceed


def test_parallel_checkouts_never_oversell(site: Site) -> None:
    """Sets and single pieces of the same SKU at once; of the part that is short, five exist."""
    top, bottom = product(stock=5)[0], product(stock=40)[0]
    view = new_set([(top, 1), (bottom, 1)])
    buyers = [ready([(view, [top, bottom], 1)]) for _n in range(8)]
    buyers += [ready([], {top: 1}) for _n in range(4)]
    placed, refused = world.place_at_once(site, buyers)
    assert (len(placed), len(refused)) == (5, 7)
    of_sets = sum(order.items_yen == 10_000 for order in placed)
    assert stock([top, bottom]) == {top: (5, 5), bottom: (40, of_sets)}
    assert disagreements() == []


def test_a_returned_part_refunds_its_share(site: Site) -> None:
    top, bottom = product(price_yen=2_000)[0], product(price_yen=8_000)[0]
    view = new_set([(top, 1), (bottom, 1)], 9_000)
    checkout_id, total = ready([(view, [top, bottom], 1)])
    order = send(checkout.place(checkout_id, shown_total_yen=total))
    keys = {line.sku_id: line.key for line in order.current_lines}
    back = take_back(order, [Wish(keys[top], 1, "too_small")])
    assert back.total_yen == 1_800
    rest = take_back(order, [Wish(keys[bottom], 1, "too_small")])
    assert back.total_yen + rest.total_yen == 9_000
    assert fresh(order).net_yen == order.charges_yen
    assert stock([top, bottom]) == {top: (10, 0), bottom: (10, 0)}


def test_an_exchange_for_another_size_costs_nothing_more(site: Site) -> None:
    top, bottom = product(), product()
    view = new_set([(top[0], 1), (bottom[0], 1)], 7_001)
    checkout_id, total = ready([(view, [top[0], bottom[0]], 1)])
    order = send(checkout.place(checkout_id, shown_total_yen=total))
    key = next(line.key for line in order.current_lines if line.sku_id == top[0])
    take_back(order, [Wish(key, 1, "too_small", wanted_sku_id=top[1])])
    assert fresh(order).net_yen == order.net_yen


def test_discounts_and_points_of_a_set_agree_everywhere(site: Site) -> None:
    top, bottom = product(price_yen=3_300)[0], product(price_yen=5_500)[0]
    offer("rate", "TEN", rate_bp=1_000)
    view = new_set([(top, 1), (bottom, 1)], 7_777)
    checkout_id, _total = ready([(view, [top, bottom], 1)], {top: 1})
    checkout.apply_offers(checkout_id, coupons=["TEN"], points_yen=0)
    kept = find_checkout(checkout_id)
    assert kept
    quote = show_checkout(kept).quote
    order = checkout.place(checkout_id, shown_total_yen=quote.total_yen)
    assert (order.items_yen, order.discount_yen) == (7_777 + 3_300, (7_777 + 3_300) // 10)
    lines = fresh(order).current_lines
    assert sum(line.net_yen for line in lines) == order.items_yen - order.discount_yen
    columns = ("number", "set_name", "unit_price_yen", "quantity", "net_yen")
    rows = b"".join(order_rows(Wanted(number=order.number), columns)).decode().splitlines()[1:]
    told = [row.split(",") for row in rows]
    assert sum(int(cells[4]) for cells in told) == order.items_yen - order.discount_yen
    assert Counter(cells[1] for cells in told) == {"上下セット": 2, "": 1}


def test_a_piece_of_a_set_changes_its_size_at_the_same_price(site: Site) -> None:
    top, bottom = product(), product()
    view = new_set([(top[0], 1), (bottom[0], 1)], 7_001)
    checkout_id, total = ready([(view, [top[0], bottom[0]], 1)])
    order = fresh(checkout.place(checkout_id, shown_total_yen=total))
    key = next(line.key for line in order.current_lines if line.sku_id == top[0])
    change = Change(swaps={key: top[1]})
    money = preview(order, change).quote.money_yen
    assert money == order.money_yen
    amend(order.id, change, shown_money_yen=money, by=world.OPERATOR)
    after = fresh(order)
    [bought] = after.goods
    assert bought.total_yen == 7_001
    assert stock([top[0], top[1]]) == {top[0]: (10, 0), top[1]: (10, 1)}


def test_the_price_of_a_set_that_was_shown_is_the_one_that_is_charged(site: Site) -> None:
    top, bottom = product()[0], product()[0]
    view = new_set([(top, 1), (bottom, 1)], 8_000)
    checkout_id, total = ready([(view, [top, bottom], 1)])
    keep_set(view.row.number, written([(top, 1), (bottom, 1)], 8_500), version=view.row.version)
    with pytest.raises(checkout.QuoteChanged):
        checkout.place(checkout_id, shown_total_yen=total)
    assert stock([top]) == {top: (10, 0)}


def test_a_set_whose_parts_have_changed_is_not_bought(site: Site) -> None:
    top, bottom, other = product()[0], product()[0], product()[0]
    view, token = new_set([(top, 1), (bottom, 1)], 8_000), new_token()
    add_set(token, view.row.number, [top, bottom])
    keep_set(view.row.number, written([(top, 1), (other, 1)], 8_000), version=view.row.version)
    shown = cart_of(token)
    assert (shown.rows, len(shown.gone)) == ([], 1)


def test_what_was_not_paid_goes_back_into_the_cart_as_a_set(site: Site) -> None:
    top, bottom = product(), product()
    view = new_set([(top[0], 2), (bottom[0], 1)], 8_001)
    checkout_id, total = ready([(view, [top[0], top[1], bottom[0]], 2)])
    order = fresh(checkout.place(checkout_id, shown_total_yen=total))
    cart = Checkout.objects.get(id=checkout_id).cart
    assert not CartSet.objects.filter(cart=cart).exists()
    for _again in range(2):
        put_sets_back(cart.pk, order.current_lines)
    [row] = CartSet.objects.filter(cart=cart)
    assert (row.skus, row.quantity) == ([top[0], top[1], bottom[0]], 2)


def test_a_lucky_bag_tells_a_size_and_nothing_else_until_it_is_sent(site: Site) -> None:
    top, bottom = product(stock=1), product()
    view = new_set(
        [(top[0], 1), (bottom[0], 1)], 5_000, hides_contents=True, name={"ja": "福袋", "en": "Bag"}
    )
    assert view.labels == ["S", "M"]
    skus = view.of_label("M")
    assert skus == [top[1], bottom[1]]
    assert sets_with(view.parts[0].part.colour.product_id) == []
    checkout_id, total = ready([(view, skus, 1)])
    order = fresh(checkout.place(checkout_id, shown_total_yen=total))
    assert [line.name["en"] for line in order.told_lines] == ["Bag (M)"]
    assert view.is_sold_out({top[0]: 0, top[1]: 0, bottom[0]: 5, bottom[1]: 5})
    sent = send(order)
    assert [line.name["en"] for line in sent.told_lines] == ["Shirt", "Shirt"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([("nothing", 1), ("either", 1)], "nothing, either"),
        ([("A", 1)], "two to twelve"),
        ([("A", 1), ("A-M", 1)], "already"),
        ([("A", 1), ("B", 30)], "twenty"),
        ([("A", 1), ("B", 0)], "one or more"),
    ],
)
def test_what_makes_no_set_is_refused(site: Site, parts: list[tuple[str, int]], said: str) -> None:
    top, bottom = product(), product()
    codes = {"A": code(top[0]), "A-M": code(top[1]), "B": code(bottom[0])}
    bad = written([(top[0], 1)])
    with pytest.raises(Refused, match=said):
        keep_set(
            None, type(bad)(**{**vars(bad), "parts": [(codes.get(c, c), n) for c, n in parts]})
        )
    assert not GoodsSet.objects.exists()


def test_two_who_write_at_once_are_told(site: Site) -> None:
    top, bottom = product()[0], product()[0]
    view = new_set([(top, 1), (bottom, 1)])
    again = written([(top, 1), (bottom, 2)])
    keep_set(view.row.number, again, version=view.row.version)
    with pytest.raises(Refused, match="Somebody else"):
        keep_set(view.row.number, again, version=view.row.version)
    kept = find_set(view.row.number)
    assert kept
    assert len(kept.pieces) == 3

"""お直し: a length beside the size, its fee in every sum, its days in the promise, its consent on
the line, and no way back but for a fault."""

import csv
import datetime as dt
import io
from uuid import UUID, uuid4

import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from lockstitch.catalogue.models import Product, Size, Sku
from lockstitch.checkout import actions as checkout
from lockstitch.checkout import filling, settling
from lockstitch.checkout.amending import Change
from lockstitch.checkout.parties import add_recipient, share_out
from lockstitch.checkout.queries import Checkout, find_cart, find_checkout, show_cart, show_checkout
from lockstitch.checkout.rules import Piece
from lockstitch.fulfilment.actions import cancel
from lockstitch.fulfilment.papers import figures
from lockstitch.fulfilment.papers.hemming import slips_of, work_slips
from lockstitch.inventory.actions import NotEnough
from lockstitch.inventory.grid import stock
from lockstitch.inventory.queries import disagreements
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.mailing.queries import render
from lockstitch.members.models import Member, Rank
from lockstitch.orders.exporting import order_rows
from lockstitch.orders.models import OrderLine
from lockstitch.orders.queries import Order, Wanted, find_by_checkout, find_order
from lockstitch.returns.actions import Wish, ask
from lockstitch.tenancy.queries import Site
from tests import world
from tests.checkout.test_amend import do
from tests.members.world import new_member
from tests.returns.test_returns import send, take_back

FEE, DAYS = 550, 3


def trousers(**more: object) -> list[UUID]:
    """Of inseams 70 and 72 cm, hemmed to 60 to 76 cm by half a centimetre."""
    skus = world.new_product(slug="trousers", **more)  # type: ignore[arg-type]
    Product.objects.filter(slug="trousers").update(
        hem_from_mm=600, hem_to_mm=760, hem_step_mm=5, hem_fee_yen=FEE, hem_days=DAYS
    )
    for code, inseam in (("S", 700), ("M", 720)):
        Size.objects.filter(product__slug="trousers", code=code).update(measures={"inseam": inseam})
    return skus


def begun(lines: list[tuple[UUID, int, int]], *, method: str = "bank", **more) -> Checkout:
    """A checkout of (SKU, pieces, length)."""
    token = new_token()
    for sku, pieces, hem in lines:
        filling.add_to_cart(token, sku, pieces, hem_mm=hem, member_id=more.get("member_id"))
    cart = find_cart(token)
    assert cart
    made = checkout.begin_checkout(cart, language="ja", **{"member_id": None, **more})
    checkout.keep_contact(
        made.id, record_id=uuid4(), buyer_hint="山＊ ＊＊", prefecture="東京都", postal_zone="150"
    )
    checkout.choose_method(made.id, method)
    return made


def place(made: Checkout, *, agreed: bool = True) -> Order:
    found = find_checkout(made.id)
    assert found
    quote = show_checkout(found).quote
    checkout.place(
        made.id, shown_total_yen=quote.total_yen, shown_money_yen=quote.money_yen,
        hem_agreed=agreed,
    )  # fmt: skip
    order = find_by_checkout(made.id)
    assert order
    return order


def cells(order: Order) -> list[tuple[int, int, int]]:
    return [(line.hem_mm, line.quantity, line.unit_price_yen) for line in order.current_lines]


def test_each_length_is_a_line_and_its_fee_is_in_every_sum(site: Site) -> None:
    sku = trousers(price_yen=4_400)[0]
    order = place(begun([(sku, 1, 650), (sku, 2, 0), (sku, 1, 655), (sku, 1, 650)]))
    assert cells(order) == [(650, 2, 4_950), (0, 2, 4_400), (655, 1, 4_950)]
    assert order.items_yen == 5 * 4_400 + 3 * FEE
    assert order.taxes == {"1000": order.total_yen * 10 // 110}
    assert stock([sku]) == {sku: (10, 5)}
    assert show_cart(find_checkout(order.checkout_id).cart).rows == []
    sums = figures.invoice(order, [])
    assert (sums.goods_yen, sums.total_yen) == (order.items_yen, order.total_yen)
    assert [item.detail for item in sums.items] == [
        "白 / S / お直し 股下65cm", "白 / S", "白 / S / お直し 股下65.5cm",
    ]  # fmt: skip
    file = b"".join(order_rows(Wanted(), ("sku", "hem_cm", "hem_fee_yen", "unit_price_yen")))
    assert [row[1:] for row in csv.reader(io.StringIO(file.decode("utf-8-sig")))][1:] == [
        ["65", "550", "4950"], ["", "0", "4400"], ["65.5", "550", "4950"],
    ]  # fmt: skip
    goods = order.current_lines
    letter = render("placed", language="ja", order=order, site=site, goods=goods)
    assert "65.5" in letter.text
    assert "65.5" in letter.html


def test_a_rank_takes_nothing_off_the_fee(site: Site) -> None:
    sku = trousers(price_yen=10_000)[0]
    rank = Rank.objects.create(
        code="gold", level=1, threshold=0, rate_bp=1_000, times_bp=10_000, name={}
    )
    member = new_member()
    Member.objects.filter(id=member).update(rank=rank)
    order = place(begun([(sku, 1, 650)], member_id=member))
    [line] = order.current_lines
    assert (line.unit_price_yen, line.hem_fee_yen) == (9_000 + FEE, FEE)


@pytest.mark.parametrize("hem", [599, 595, 602, 705, 765])
def test_only_lengths_that_the_size_can_have(site: Site, hem: int) -> None:
    small, medium, *_rest = trousers()
    for sku, length in ((small, 700), (medium, 705)):
        filling.add_to_cart(new_token(), sku, hem_mm=length)
    with pytest.raises(Refused):
        filling.add_to_cart(new_token(), small, hem_mm=hem)
    plain = world.new_product(slug="shirt")[0]
    with pytest.raises(Refused):
        filling.add_to_cart(new_token(), plain, hem_mm=650)


def test_an_unmeasured_size_has_all_lengths_and_a_short_one_none(site: Site) -> None:
    small, medium, *_rest = trousers()
    Size.objects.filter(code="M").update(measures={})
    Size.objects.filter(code="S").update(measures={"inseam": 590})
    filling.add_to_cart(new_token(), medium, hem_mm=760)
    with pytest.raises(Refused):
        filling.add_to_cart(new_token(), small, hem_mm=600)


def test_nothing_hemmed_is_bought_without_consent(site: Site) -> None:
    sku = trousers()[0]
    made = begun([(sku, 1, 650), (sku, 1, 0)])
    with pytest.raises(Refused):
        place(made, agreed=False)
    assert not Order.objects.exists()
    order = place(made)
    hemmed, plain = order.current_lines
    assert hemmed.hem_agreed_at is not None
    assert (hemmed.is_final_sale, plain.is_final_sale) == (True, False)
    assert plain.hem_agreed_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.filter(id=hemmed.pk).update(hem_agreed_at=None)


def test_what_is_hemmed_comes_back_only_when_it_is_faulty(site: Site) -> None:
    sku, medium, *_rest = trousers()
    order = send(place(begun([(sku, 1, 650), (sku, 1, 0)], method="cod")))
    hemmed, plain = order.current_lines
    with pytest.raises(Refused, match=r"(シャツ|Shirt).*65"):
        ask(order.id, [Wish(hemmed.key, 1, "too_small")], by=world.By("shopper"))
    ask(order.id, [Wish(plain.key, 1, "too_small")], by=world.By("shopper"))
    take_back(order, [Wish(hemmed.key, 1, "faulty", "", medium)])
    new = find_order(order.number)
    assert new
    [instead] = [line for line in new.current_lines if line.exchanges]
    assert (instead.sku_id, instead.hem_mm, instead.unit_price_yen) == (medium, 650, 4_950)
    assert instead.hem_agreed_at == hemmed.hem_agreed_at


def test_its_days_are_in_the_promise_and_the_longest_counts(site: Site) -> None:
    sku = trousers()[0]
    coat = world.new_product(slug="coat")[0]
    made = begun([(sku, 1, 650), (sku, 1, 0), (coat, 1, 0)])
    view = show_checkout(find_checkout(made.id))
    hemmed, plain, other = view.rows
    assert (plain.ships_on, other.ships_on, view.making(1)) == (None, None, DAYS)
    assert hemmed.ships_on is not None
    assert hemmed.ships_on >= today_jst() + dt.timedelta(days=DAYS)
    Product.objects.filter(slug="coat").update(made_to_order_days=20)
    Product.objects.filter(slug="trousers").update(made_to_order_days=4)
    later = show_checkout(find_checkout(made.id))
    assert later.making(1) == 20
    assert later.rows[0].ships_on >= hemmed.ships_on + dt.timedelta(days=3)  # made, then hemmed
    assert later.ships_on == later.rows[2].ships_on
    order = place(made)
    assert [line.ships_on for line in order.current_lines] == [row.ships_on for row in later.rows]


def test_a_length_that_is_offered_no_longer_stops_the_cart(site: Site) -> None:
    sku = trousers()[0]
    made = begun([(sku, 1, 650)])
    Product.objects.filter(slug="trousers").update(hem_from_mm=660)
    view = show_checkout(find_checkout(made.id))
    assert (view.rows[0].cannot_hem, view.can_proceed) == (True, False)
    with pytest.raises(Refused):
        place(made)
    Product.objects.filter(slug="trousers").update(hem_from_mm=600, hem_fee_yen=FEE + 110)
    dearer = show_checkout(find_checkout(made.id)).rows[0]
    assert (dearer.price_changed, dearer.price_yen) == (True, 4_400 + FEE + 110)


def test_all_lengths_share_one_stock(site: Site) -> None:
    sku = trousers(stock=3)[0]
    made = begun([(sku, 2, 650), (sku, 2, 0)])
    rows = show_checkout(find_checkout(made.id)).rows
    assert [(row.left, row.short) for row in rows] == [(3, False), (1, True)]
    with pytest.raises(NotEnough):
        place(made)
    filling.set_quantity(made.cart, sku, 1)
    order = place(made)
    assert stock([sku]) == {sku: (3, 3)}
    cancel(order.id, world.OPERATOR)
    assert stock([sku]) == {sku: (3, 0)}
    assert disagreements() == []


def test_lines_are_changed_put_aside_and_shared_apart(site: Site) -> None:
    sku = trousers()[0]
    made = begun([(sku, 2, 650), (sku, 2, 0)])
    filling.set_quantity(made.cart, sku, 1, hem_mm=650)
    filling.set_saved(made.cart, sku, True, hem_mm=650)
    view = show_cart(made.cart)
    assert [(row.piece, row.quantity) for row in view.rows] == [(Piece(sku), 2)]
    assert [(row.piece, row.quantity) for row in view.saved] == [(Piece(sku, 650), 1)]
    filling.set_saved(made.cart, sku, False, hem_mm=650)
    no = add_recipient(
        made.id, record_id=uuid4(), hint="海＊ ＊＊", prefecture="京都府", postal_zone="600",
        has_message=False,
    )  # fmt: skip
    with pytest.raises(Refused):
        share_out(made.id, {(no, Piece(sku, 650)): 2})
    share_out(made.id, {(no, Piece(sku, 650)): 1, (no, Piece(sku)): 1})
    order = place(made)
    assert sorted((x.destination, x.hem_mm, x.quantity) for x in order.current_lines) == [
        (1, 0, 1), (2, 0, 1), (2, 650, 1),
    ]  # fmt: skip


def test_an_order_that_was_not_paid_puts_each_length_back(site: Site) -> None:
    sku = trousers()[0]
    made = begun([(sku, 2, 650), (sku, 1, 0)])
    order = place(made)
    Order.objects.filter(id=order.pk).update(status="pending")
    settling.lapse(order.pk)
    rows = show_cart(made.cart).rows
    assert sorted((row.hem_mm, row.quantity) for row in rows) == [(0, 1), (650, 2)]
    assert not any(row.price_changed for row in rows)
    member, phone = new_member(), new_token()
    filling.add_to_cart(phone, sku, 1, hem_mm=655)
    filling.carry_over(phone, member, site.id)
    filling.add_to_cart(other := new_token(), sku, 1)
    filling.carry_over(other, member, site.id)
    assert sorted(row.hem_mm for row in show_cart(find_cart(other)).rows) == [0, 655]


def test_a_changed_order_keeps_what_was_agreed(site: Site) -> None:
    small, medium, *_rest = trousers()
    order = place(begun([(small, 1, 650), (small, 1, 0)]))
    hemmed, _plain = order.current_lines
    Product.objects.filter(slug="trousers").update(hem_fee_yen=9_900)
    after = do(order, Change(quantities={hemmed.key: 2}, swaps={hemmed.key: medium}))
    assert cells(after) == [(650, 2, 4_950), (0, 1, 4_400)]
    first = after.current_lines[0]
    assert (first.sku_id, first.is_final_sale) == (medium, True)
    assert first.hem_agreed_at == hemmed.hem_agreed_at
    Sku.objects.filter(id=small).update(price_yen=F("price_yen") + 1_000)
    dearer = do(after, Change(swaps={first.key: small}))
    assert cells(dearer)[0] == (650, 2, 5_400 + FEE)
    Size.objects.filter(code="M").update(measures={"inseam": 640})
    with pytest.raises(Refused):
        do(dearer, Change(swaps={dearer.current_lines[0].key: medium}))


def test_the_work_slip_says_all_that_is_to_be_done_and_nobody(site: Site) -> None:
    sku = trousers()[0]
    order = place(begun([(sku, 2, 655), (sku, 1, 0)]))
    [slip] = slips_of([order])
    assert slip == {
        "number": order.number, "line": 1, "sku": "trousers-white-S", "name": "シャツ",
        "colour": "白", "size": "S", "length": "65.5", "quantity": 2, "whole": "70", "off": "4.5",
        "due": order.current_lines[0].ships_on.isoformat(),
    }  # fmt: skip
    pages = pypdfium2.PdfDocument(work_slips([order]))
    text = "".join("".join(p.get_textpage().get_text_range().split()) for p in pages)
    for word in ("お直し指示書", order.number, "trousers-white-S", "65.5cm", "2点", slip["due"]):
        assert word in text, word
    assert "山" not in text
    cancel(order.id, world.OPERATOR)
    assert slips_of([find_order(order.number)]) == []

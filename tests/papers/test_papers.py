"""Papers: their sums are the order's to the yen, and they can be read."""

import datetime as dt
from collections.abc import Sequence
from uuid import uuid4

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lockstitch.fulfilment import planning
from lockstitch.fulfilment.actions import cancel, ship
from lockstitch.fulfilment.papers import figures, pages, render
from lockstitch.fulfilment.papers.figures import Figures
from lockstitch.fulfilment.papers.issuing import issue
from lockstitch.fulfilment.papers.picking import picking_list
from lockstitch.fulfilment.queries import find_batch, parcels_of
from lockstitch.kernel.money import included_tax
from lockstitch.orders.actions import lock
from lockstitch.orders.models import Order
from lockstitch.orders.reducing import reduce
from lockstitch.pricing.actions import set_terms
from lockstitch.pricing.queries import terms
from lockstitch.tenancy.queries import Site
from tests import world
from tests.world_parcels import order_of, tracking

PERSON = {
    "family_name": "𠮷田", "given_name": "葛󠄀子", "postal_code": "1240012", "prefecture": "東京都",
    "city": "葛󠄀飾区", "street": "立石１－２－３", "building": "髙﨑ハイツ２０１",
}  # fmt: skip


@pytest.fixture
def shop(site: Site) -> Site:
    set_terms(
        registration_number="T7000012050002",
        issuer={
            "name": "株式会社ノース",
            "address": "東京都渋谷区神宮前１－２－３",
            "phone": "03-1234-5678",
        },
    )
    return site


def text_of(pdf: bytes) -> list[str]:
    """Of each page, without the spaces that are set between scripts."""
    document = pypdfium2.PdfDocument(pdf)
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def again(order: Order) -> Order:
    found: Order = Order.objects.prefetch_related("lines", "destinations", "reductions").get(
        id=order.pk
    )
    return found


def check(sums: Figures) -> None:
    """The three ways to add up one paper."""
    charges = sum(yen for _, yen in sums.charges)
    assert sums.goods_yen - sums.discount_yen + charges == sums.total_yen
    assert sum(rate.yen for rate in sums.rates) == sums.total_yen
    assert sums.points_yen + sums.money_yen == sums.total_yen
    assert sums.points_yen >= 0


orders = st.tuples(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 9_999)), min_size=1, max_size=4),
    st.integers(0, 5_000), st.integers(0, 30_000), st.integers(0, 900),
)  # fmt: skip
steps = st.lists(st.tuples(st.sampled_from(["cancel", "return"]), st.integers(0, 3)), max_size=6)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(orders, steps)
def test_all_papers_of_an_order_sum_to_the_yen(
    site: Site, bought: tuple[list[tuple[int, int]], int, int, int], history: Sequence
) -> None:
    """Two rates, a discount, points, part cancels and returns: the invoice less the credit notes is
    what is left of the order, at each rate (C18)."""
    lines, discount, points, shipping = bought
    skus = world.new_product(slug=f"p-{uuid4().hex[:12]}", stock=50)
    items = sum(n * price for n, price in lines)
    total = items - min(discount, items) + shipping
    order = order_of(
        [(skus[k], n, price, 1) for k, (n, price) in enumerate(lines)],
        method="bank", rates=(1000, 800), discount_yen=min(discount, items),
        shipping_yen=shipping, points_yen=min(points, total),
    )  # fmt: skip
    cancels = [which for kind, which in history if kind == "cancel"]
    returns = [which for kind, which in history if kind == "return"]
    for kind, which in [*(("cancel", w) for w in cancels), *(("return", w) for w in returns)]:
        now = again(order)
        line = now.current_lines[which % len(lines)]
        if kind == "return" and not line.shipped:
            line.shipped = line.quantity - line.cancelled
            line.save(update_fields=["shipped"])
            now = again(order)
        room = line.open if kind == "cancel" else line.kept
        if room:
            reduce(now, {line.key: 1}, kind=kind, reference=uuid4(), by=world.OPERATOR)
    ended = again(order)
    rows = list(ended.reductions.all())
    sold = figures.invoice(ended, rows)
    back = figures.credit(ended, [row for row in rows if row.kind == "return"])
    check(sold)
    assert all(rate.tax_yen == included_tax(rate.yen, rate.rate_bp) for rate in sold.rates)
    assert sold.total_yen - back.total_yen == ended.net_yen
    if not rows:
        assert {str(r.rate_bp): r.tax_yen for r in sold.rates} == {
            rate: tax for rate, tax in ended.taxes.items() if tax or rate in
            {str(r.rate_bp) for r in sold.rates}
        }  # fmt: skip
    tax_left = sum(r.tax_yen for r in sold.rates) - sum(r.tax_yen for r in back.rates)
    given_up = sum(tax for row in rows for tax in row.taxes.values())
    assert tax_left == sum(ended.taxes.values()) - given_up


@pytest.fixture
def bought(shop: Site) -> Order:
    skus = world.new_product(stock=20)
    return again(
        order_of(
            [(skus[0], 2, 4_400, 1), (skus[1], 1, 1_080, 1)], rates=(1000, 800),
            shipping_yen=660, discount_yen=500, points_yen=1_000,
        )
    )  # fmt: skip


def test_an_invoice_has_all_that_the_law_asks(bought: Order) -> None:
    page = pages.invoice(bought, [], PERSON, terms())
    (text,) = text_of(render.pdf("sheet", {"title": "請求書", "pages": [page]}))
    for wanted in (
        "適格請求書", "T7000012050002", "株式会社ノース", "𠮷田葛󠄀子様", bought.number,
        "10%対象", "8%対象（軽減税率）",
        "※は軽減税率（8%）対象", "うち消費税額", "値引", "ポイント利用", "¥10,040", "¥9,040",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_a_receipt_is_the_money_without_points(bought: Order) -> None:
    page = pages.receipt(bought, [], PERSON, terms())
    assert page["amount"] == 9_040
    (text,) = text_of(render.pdf("sheet", {"title": "領収書", "pages": [page]}))
    assert "領収書" in text
    assert "再発行" not in text


def test_a_receipt_is_issued_once(bought: Order) -> None:
    assert [issue(bought, "receipt", by=world.OPERATOR) for _ in range(3)] == [0, 1, 2]
    page = pages.receipt(bought, [], PERSON, terms(), copy=1)
    (text,) = text_of(render.pdf("sheet", {"title": "領収書", "pages": [page]}))
    assert "再発行" in text


def test_a_gift_shows_no_price(bought: Order) -> None:
    planning.plan_batch(
        [bought], carrier="yamato", ships_on=dt.date(2026, 12, 1), by=world.OPERATOR
    )
    (parcel,) = parcels_of(bought)
    lines = {line.key: line for line in bought.current_lines}
    gift = pages.slip(parcel, lines, [], PERSON, terms(), prices=False)
    slip = pages.slip(parcel, lines, [], PERSON, terms(), prices=True)
    hidden, shown = text_of(render.pdf("sheet", {"title": "納品書", "pages": [gift, slip]}))
    assert "¥" not in hidden
    assert "円" not in hidden
    assert "¥4,400" in shown
    assert "¥10,040" in shown
    assert hidden.endswith("1/1")
    assert shown.endswith("1/1")


def test_a_credit_note_names_the_sale_and_the_return(bought: Order) -> None:
    ship(bought.pk, carrier="yamato", tracking_number=tracking(), by=world.OPERATOR)
    order = again(bought)
    from django.db import transaction

    with transaction.atomic():
        reduce(
            lock(order.pk), {order.current_lines[0].key: 1}, kind="return", reference=uuid4(),
            by=world.OPERATOR,
        )  # fmt: skip
    order = again(order)
    page = pages.credit(order, list(order.reductions.all()), PERSON, terms())
    (text,) = text_of(render.pdf("sheet", {"title": "返還", "pages": [page]}))
    for wanted in ("適格返還請求書", "返還日", "取引日", "返還金額", "T7000012050002", "10%対象"):
        assert wanted in text, wanted


def test_a_long_order_has_several_pages_with_headings(shop: Site) -> None:
    skus = world.new_product(stock=200)
    order = again(order_of([(skus[n % 4], 1, 1_000 + n, 1) for n in range(60)]))
    page = pages.invoice(order, [], PERSON, terms())
    texts = text_of(render.pdf("sheet", {"title": "請求書", "pages": [page]}))
    assert len(texts) > 1
    assert all("品名" in text for text in texts[:-1])


def test_the_picking_list_knows_nobody(bought: Order) -> None:
    planned = planning.plan_batch(
        [bought], carrier="yamato", ships_on=dt.date(2026, 12, 1), by=world.OPERATOR
    )
    batch = find_batch(planned.batch.pk if planned.batch else uuid4())
    assert batch is not None
    texts = text_of(picking_list(list(batch.parcels.all()), number="B-1"))
    whole = "".join(texts)
    assert "3点" in whole
    assert bought.number in whole
    assert bought.buyer_hint not in whole


def test_without_a_japanese_font_the_reason_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    render.font.cache_clear()
    monkeypatch.setattr(render, "FONTS", ("No Such Font",))
    with pytest.raises(render.NoJapaneseFont, match="fonts-noto-cjk"):
        render.pdf("sheet", {"title": "", "pages": []})
    render.font.cache_clear()


def test_a_cancelled_piece_is_not_on_the_invoice(bought: Order) -> None:
    cancel(bought.pk, world.OPERATOR, pieces={bought.current_lines[0].key: 1})
    order = again(bought)
    sums = figures.invoice(order, list(order.reductions.all()))
    check(sums)
    assert [item.quantity for item in sums.items] == [1, 1]
    assert sums.money_yen == order.money_yen

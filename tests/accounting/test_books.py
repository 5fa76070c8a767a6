"""The journal: balanced by the database, equal to what orders, money and points say, and readable
by the programs that it is written for."""

import csv
import datetime as dt
import io

import pytest
from beancount import loader
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lockstitch.accounting import queries
from lockstitch.accounting.actions import close_day, lock_month, post, settle
from lockstitch.accounting.exports import PROGRAMS, pairs
from lockstitch.accounting.models import Entry, Line
from lockstitch.accounting.rules import CHART, Sold, Stands, difference, position
from lockstitch.checkout import actions as checkout
from lockstitch.fulfilment import actions as fulfilment
from lockstitch.kernel.clock import today_jst
from lockstitch.kernel.errors import Refused
from lockstitch.members import points
from lockstitch.members.models import Programme
from lockstitch.payments import actions as payments
from lockstitch.returns.actions import Wish
from lockstitch.tenancy.queries import Site
from tests import world
from tests.checkout.test_offers import offer, open_checkout, place
from tests.members.world import new_member
from tests.returns.test_returns import send, take_back


@st.composite
def lines(draw) -> Sold:
    quantity = draw(st.integers(1, 9))
    total = draw(st.integers(0, 90_000))
    shipped = draw(st.integers(0, quantity))
    cancelled = draw(st.integers(0, quantity - shipped))
    returned = draw(st.integers(0, shipped))
    return Sold(
        total, draw(st.integers(0, total)), quantity, shipped - returned,
        quantity - shipped - cancelled, cancelled + returned, draw(st.sampled_from([1000, 800])),
    )  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no finding
@given(
    st.lists(lines(), max_size=5), st.integers(0, 3_000), st.integers(0, 900), st.booleans(),
    st.integers(0, 5_000), st.dictionaries(st.sampled_from(["bank", "cod_due"]), st.integers()),
)  # fmt: skip
def test_every_position_balances(bought, shipping, given_up, left, spent, money) -> None:  # noqa: PLR0917
    books = position(Stands(tuple(bought), shipping, 330, 0, given_up, left, spent, money))
    assert sum(books.values()) == 0
    assert books.keys() <= CHART.keys()
    assert difference(books, books) == {}


def test_an_order_through_its_life(site: Site) -> None:
    sku = world.new_product(price_yen=11_000)[0]
    offer("amount", "OFF", yen=1_000)
    Programme.objects.create(rate_bp=100)
    member = new_member(2_000)
    made = open_checkout({sku: 2}, member=member, method="bank")
    checkout.apply_offers(made.id, coupons=["OFF"], points_yen=2_000)
    order = place(made)
    post()
    assert balance("points") == 0  # given and spent
    assert balance("deposits") == -2_000
    payments.receive_transfer(order.id, world.OPERATOR)
    post()
    assert (balance("bank"), balance("deposits")) == (19_000, -21_000)
    send(order)
    points.settle(order.id)
    post()
    assert (balance("sales_10"), balance("discounts_10")) == (-20_001, 910)
    assert (balance("tax_10"), balance("deposits")) == (-1_909, 0)
    take_back(order, [Wish(order.current_lines[0].key, 1, "too_small")])
    post()
    assert balance("deposits") == -10_500  # due to the buyer
    assert queries.disagreements() == []
    assert post() == 0


def balance(account: str) -> int:
    return next((row.yen for row in queries.trial_balance() if row.account == account), 0)


def test_cash_on_delivery_is_settled_by_the_carrier(site: Site) -> None:
    sku = world.new_product(price_yen=11_000)[0]
    send(world.placed_order({sku: 1}))
    post()
    assert balance("cod_due") == 11_660
    for _time in range(2):
        settle("cod_due", day=today_jst(), gross_yen=11_660, fee_yen=440, reference="Y-1", by=None)
    assert (balance("cod_due"), balance("bank")) == (0, 11_220)
    assert (balance("provider_fees"), balance("paid_tax")) == (400, 40)
    with pytest.raises(Refused):
        settle("bank", day=today_jst(), gross_yen=1, fee_yen=0, reference="x", by=None)


def test_the_database_refuses_what_does_not_balance(site: Site) -> None:
    with pytest.raises(IntegrityError, match="balance"), transaction.atomic():
        entry = Entry.objects.create(
            day=today_jst(), kind="payout", source_id=site.id, text="wrong"
        )
        Line.objects.create(entry=entry, account="bank", yen=1)


def test_a_closed_month_stays_as_it_is(site: Site) -> None:
    sku = world.new_product()[0]
    send(world.placed_order({sku: 1}))
    closed = close_day(today_jst())
    assert (closed.entries, closed.disagreements) == (1, [])
    assert sum(closed.sums.values()) == 0
    assert close_day(today_jst()).pk == closed.pk
    lock_month(today_jst())
    with pytest.raises(Refused):
        lock_month(today_jst() - dt.timedelta(days=40))
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        Entry.objects.create(day=today_jst(), kind="payout", source_id=site.id, text="late")


def a_month(site: Site) -> list[queries.Posted]:
    skus = world.new_product(price_yen=3_333, stock=50)
    for n, sku in enumerate(skus):
        order = world.placed_order({sku: n + 1}, method="cod" if n % 2 else "bank")
        if order.method == "bank":
            payments.receive_transfer(order.id, world.OPERATOR)
        send(order)
    fulfilment.cancel(world.placed_order({skus[0]: 1}).id, world.OPERATOR)
    post()
    return list(queries.entries(today_jst(), today_jst()))


@pytest.mark.parametrize(
    ("program", "columns"), [("freee", 12), ("moneyforward", 23), ("yayoi", 25)]
)
def test_exports_for_other_programs(site: Site, program: str, columns: int) -> None:
    month = a_month(site)
    write, _ending, encoding = PROGRAMS[program]
    text = "".join(write(month))
    assert text.encode(encoding).decode(encoding) == text
    rows = list(csv.reader(io.StringIO(text)))
    assert {len(row) for row in rows} == {columns}
    assert len(rows) - (program != "yayoi") == sum(len(list(pairs(e))) for e in month)


def test_beancount_accepts_the_journal(site: Site) -> None:
    text = "".join(PROGRAMS["beancount"][0](a_month(site)))
    loaded, errors, _options = loader.load_string(text)
    assert errors == []
    assert sum(type(each).__name__ == "Transaction" for each in loaded) == len(
        list(queries.entries(today_jst(), today_jst()))
    )
    _spoilt, errors, _options = loader.load_string(text.replace(" JPY\n", "1 JPY\n", 1))
    assert errors


def test_posting_asks_the_same_number_of_times_however_many_orders(site: Site) -> None:
    from django.test.utils import CaptureQueriesContext

    sku = world.new_product(stock=50)[0]

    def queries_for(orders: int) -> int:
        for _n in range(orders):
            world.placed_order({sku: 1}, method="bank")
        with CaptureQueriesContext(connection) as asked:
            post()
        return len(asked)

    queries_for(1)
    assert queries_for(2) == queries_for(9)

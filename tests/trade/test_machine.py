"""Random lives of orders, at a provider that repeats, delays, reorders and loses its news and
breaks off its answers, with operators who look at buyers. After every step money, goods, points
and books agree, and the ledger has exactly the looks that there were.

What must hold is written down once, in `tests/trade/invariants.py`; this only makes trouble.
"""

import contextlib
import datetime as dt
import os
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from guard.wire import Reveal
from lockstitch.checkout import actions as checkout
from lockstitch.checkout.amending import Change, amend, preview
from lockstitch.checkout.filling import add_to_cart
from lockstitch.checkout.queries import find_cart, find_checkout, show_checkout
from lockstitch.fulfilment import actions as fulfilment
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.ids import new_token
from lockstitch.members.models import Programme
from lockstitch.orders.actions import SHOPPER
from lockstitch.orders.models import Order
from lockstitch.payments import actions as payments
from lockstitch.payments import watching, working
from lockstitch.payments.gateways import Declined, Unknown, gateway_of
from lockstitch.payments.models import Attempt, Connection, Payment
from lockstitch.pricing import actions as pricing
from lockstitch.returns.actions import Verdict, Wish, ask, decide, inspect
from lockstitch.returns.models import Return
from lockstitch.tenancy.scope import scope
from tests import world
from tests.fakes.running import Running, direct, started
from tests.guard.conftest import Guard
from tests.guard.conftest import guard as guard
from tests.members.world import new_member
from tests.payments.conftest import run_jobs
from tests.trade.invariants import check

pytestmark = pytest.mark.slow

STEPS = int(os.environ.get("LOCKSTITCH_STEPS", "30"))
EXAMPLES = int(os.environ.get("LOCKSTITCH_EXAMPLES", "5"))
STOCK = 6
CODES = ("", "OFF", "RATE")
METHODS = ("cod", "bank", "card", "konbini", "link")
PRESS = {
    "card": ("card", "authenticated"),
    "konbini": ("number",),
    "link": ("pay", "authenticated"),
}
any_number = st.integers(0, 999)


@pytest.fixture(scope="module")
def fakes() -> Iterator[dict[str, Running]]:
    with started("stripe") as stripe, started("link") as link:
        yield {"stripe": stripe, "link": link}


class Trade(RuleBasedStateMachine):
    fakes: dict[str, Running]
    guard: Guard

    def __init__(self) -> None:
        super().__init__()
        self.site = world.new_site()
        self.scope = scope(self.site.id)
        self.scope.__enter__()
        self.skus = world.new_product(stock=STOCK, price_yen=3_333)
        self.stock = dict.fromkeys(self.skus, STOCK)
        self.members = [new_member(5_000), new_member(0)]
        Programme.objects.create(rate_bp=300)
        for kind, code, values in (
            ("amount", "OFF", {"yen": 1_001}),
            ("rate", "RATE", {"rate_bp": 1_300}),
        ):
            made = pricing.save_promotion(None, name={"ja": code}, kind=kind, **values)
            pricing.save_coupon(made.id, code)
        pricing.save_promotion(None, name={"ja": "まとめ"}, kind="n_for", pieces=2, yen=6_001)
        Connection.objects.create(provider="stripe", methods=["card", "konbini"])
        Connection.objects.create(provider="link", methods=["link"])
        for row in Connection.objects.all():
            row.cursor = working.make_gateway(row.provider).changes("")[1]
            row.save()
        self.vault = self.guard.site()
        self.operator, _identity = self.guard.operator(self.vault, "orders")
        self.looks = 0

    def teardown(self) -> None:
        for fake in self.fakes.values():
            fake.knobs(down=False, troubles=[])
        self.scope.__exit__(None, None, None)

    def some(self, n: int, **wanted: Any) -> Order | None:
        found = list(Order.objects.filter(**wanted).order_by("id"))
        return found[n % len(found)] if found else None

    def attempt(self, deed: Callable[[], object]) -> None:
        """A refusal is an answer; whatever it left behind, the invariants see."""
        with contextlib.suppress(Refused, Unknown, Declined):
            deed()

    # -- buying

    @rule(pieces=st.dictionaries(st.integers(0, 3), st.integers(1, 3), min_size=1, max_size=3),
          method=st.sampled_from(METHODS), who=st.integers(0, 2), code=st.sampled_from(CODES),
          points=st.sampled_from([0, 0, 700, 4_000, 99_999]))  # fmt: skip
    def place(self, pieces: dict[int, int], method: str, who: int, code: str, points: int) -> None:
        member = self.members[who] if who < 2 else None
        token = new_token()
        for n, quantity in pieces.items():
            add_to_cart(token, self.skus[n], quantity, member_id=member)
        cart = find_cart(token)
        assert cart
        made = checkout.begin_checkout(cart, member_id=member, language="ja")
        checkout.keep_contact(
            made.id,
            record_id=self.guard.deposit(self.vault),
            buyer_hint="山＊",
            prefecture="東京都",
            postal_zone="150",
        )

        def buy() -> None:
            checkout.choose_method(made.id, method)
            if member:
                self.attempt(lambda: checkout.apply_offers(
                    made.id, coupons=[code], points_yen=points
                ))  # fmt: skip
            found = find_checkout(made.id)
            assert found
            quote = show_checkout(found).quote
            for _click in range(2):
                checkout.place(
                    made.id, shown_total_yen=quote.total_yen, shown_money_yen=quote.money_yen
                )

        self.attempt(buy)

    @rule(n=any_number, leave=st.booleans())
    def go_to_the_page(self, n: int, leave: bool) -> None:
        order = self.some(n, status="pending")
        if order is None:
            return
        attempt = Attempt.objects.filter(payment__order=order, state="open").first()
        if attempt and attempt.url:
            fake = self.fakes[attempt.provider]
            fake.press(
                attempt.url, *(PRESS[attempt.method][:1] if leave else PRESS[attempt.method])
            )

    @rule(n=any_number)
    def pay_at_the_till(self, n: int) -> None:
        found = list(Attempt.objects.filter(state="waiting").order_by("id"))
        if found:
            each = found[n % len(found)]
            fake = self.fakes[each.provider]
            # The till takes nothing twice, also before the shop has heard of the first.
            if fake.object(each.payment_ref)["status"] != "succeeded":
                fake.do("pay", each.payment_ref)

    @rule(n=any_number)
    def transfer(self, n: int) -> None:
        order = self.some(n, method__in=["bank", "cod"], payment="awaiting", status="placed")
        if order:
            self.attempt(
                lambda: payments.receive_transfer(order.id, world.OPERATOR, reference=uuid4())
            )

    @rule(n=any_number)
    def too_late(self, n: int) -> None:
        order = self.some(n, status="pending")
        if order:
            Order.objects.filter(id=order.id).update(placed_at=now() - dt.timedelta(minutes=40))
            self.attempt(watching.end_pending)

    # -- news

    @rule(n=any_number, times=st.integers(1, 3))
    def bell(self, n: int, times: int) -> None:
        """News: late, doubled or out of order, as the draw has it; lost when not drawn."""
        found = list(Attempt.objects.exclude(payment_ref="").order_by("id"))
        if found:
            each = found[n % len(found)]
            for _time in range(times):
                self.attempt(lambda: working.heard(each.provider, each.payment_ref))

    @rule()
    def worker(self) -> None:
        self.attempt(run_jobs)

    @rule()
    def auditor(self) -> None:
        Payment.objects.update(checked_at=None)
        self.attempt(watching.watch)

    @rule(
        what=st.sampled_from(["capture", "refund", "sessions", "cancel", "payments"]),
        when=st.sampled_from(["before", "after"]),
        which=st.sampled_from(["stripe", "link"]),
    )
    def trouble(self, what: str, when: str, which: str) -> None:
        self.fakes[which].trouble(what, when)

    # -- the shop

    @rule(n=any_number, counts=st.lists(st.integers(0, 3), min_size=1, max_size=3),
          swap=st.integers(0, 7))  # fmt: skip
    def edit(self, n: int, counts: list[int], swap: int) -> None:
        order = self.some(n, status="placed", fulfilment="unshipped")
        if order is None:
            return
        lines = [line for line in order.current_lines if not line.is_gift]
        change = Change(
            quantities={line.key: c for line, c in zip(lines, counts, strict=False)},
            swaps={lines[0].key: self.skus[swap]} if swap < 4 else {},
            added={self.skus[swap - 4]: 1} if swap >= 6 else {},
        )

        def do() -> None:
            shown = preview(order, change).quote.money_yen
            amend(order.id, change, shown_money_yen=shown, by=world.OPERATOR)

        self.attempt(do)

    @rule(n=any_number, some_of_it=st.booleans())
    def ship(self, n: int, some_of_it: bool) -> None:
        order = self.some(n, status="placed", fulfilment__in=["unshipped", "part"])
        if order:
            pieces = self.first_piece(order) if some_of_it else None
            self.attempt(lambda: fulfilment.ship(
                order.id, carrier="yamato", tracking_number=world.TRACKING, by=world.OPERATOR,
                pieces=pieces,
            ))  # fmt: skip

    @rule(n=any_number, some_of_it=st.booleans(), twice=st.booleans())
    def cancel(self, n: int, some_of_it: bool, twice: bool) -> None:
        order = self.some(n, status="placed")
        if order:
            pieces, reference = self.first_piece(order) if some_of_it else None, uuid4()
            for _time in range(1 + twice):
                self.attempt(lambda: fulfilment.cancel(
                    order.id, world.OPERATOR, pieces=pieces, reference=reference
                ))  # fmt: skip

    def first_piece(self, order: Order) -> dict[UUID, int] | None:
        return next(({line.key: 1} for line in order.current_lines if line.open), None)

    @rule(n=any_number, pieces=st.integers(1, 2), wanted=st.integers(0, 7))
    def ask_to_return(self, n: int, pieces: int, wanted: int) -> None:
        order = self.some(n, fulfilment__in=["part", "shipped", "delivered"])
        line = next((each for each in order.current_lines if each.kept), None) if order else None
        if order and line:
            instead = self.skus[wanted] if wanted < 4 else None
            wish = Wish(line.key, pieces, "too_small", "", instead)
            self.attempt(lambda: ask(order.id, [wish], by=SHOPPER))

    @rule(n=any_number, state=st.sampled_from(["approved", "approved", "refused", "withdrawn"]),
          at_once=st.booleans())  # fmt: skip
    def decide_return(self, n: int, state: str, at_once: bool) -> None:
        found = list(Return.objects.filter(state__in=["asked", "approved"]).order_by("id"))
        if found:
            each = found[n % len(found)]
            self.attempt(lambda: decide(each.pk, state, world.OPERATOR, at_once=at_once))

    @rule(n=any_number, fewer=st.booleans(), to=st.sampled_from(["restock", "restock", "scrap"]))
    def inspect_return(self, n: int, fewer: bool, to: str) -> None:
        found = list(Return.objects.filter(state="approved").order_by("id"))
        if not found:
            return
        each = found[n % len(found)]
        verdicts = {
            line.pk: Verdict(max(0, line.quantity - fewer), to) for line in each.lines.all()
        }
        self.attempt(lambda: inspect(each.pk, verdicts, world.OPERATOR))

    @rule(n=any_number)
    def refund_by_hand(self, n: int) -> None:
        order = self.some(n, payment="refund_due", method__in=["cod", "bank"])
        if order:
            held = Payment.objects.get(order=order)
            due = held.captured_yen - held.refunded_yen - (held.amount_yen - held.given_back_yen)
            self.attempt(lambda: payments.record_refund(
                order.id, due, world.OPERATOR, reference=str(uuid4()), way="bank"
            ))  # fmt: skip

    @rule(n=any_number)
    def look(self, n: int) -> None:
        order = self.some(n)
        if order:
            ask = Reveal(
                record_ids=[order.first.record_id], fields=["street"], purpose="order.ship"
            )
            self.guard.desk.call(ask, session=self.operator)
            self.looks += 1

    @invariant()
    def everything_agrees(self) -> None:
        check(self.stock, self.fakes)
        [kept] = self.guard.sql(
            "SELECT count(*) AS looks FROM guard.ledger WHERE verb = 'reveal' AND site_id = %s",
            [self.vault.site_id],
        )
        assert kept["looks"] == self.looks

    def settle(self) -> None:
        """The provider answers again, and everybody does their work: nothing is left open."""
        for fake in self.fakes.values():
            fake.knobs(down=False, troubles=[])
        for _round in range(4):
            run_jobs()
            self.auditor()
            run_jobs()


def test_random_lives_of_orders(
    fakes: dict[str, Running],
    guard: Guard,
    database: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    transport = direct({name: fake.url for name, fake in fakes.items()})
    monkeypatch.setattr(working, "make_gateway", lambda name: gateway_of(name, transport))

    class Settled(Trade):
        def teardown(self) -> None:
            try:
                self.settle()
                check(self.stock, self.fakes, settled=True)
                verified = self.guard.command("verify")
                assert verified.returncode == 0, verified.stdout
            finally:
                super().teardown()

    Settled.fakes, Settled.guard = fakes, guard
    run_state_machine_as_test(
        Settled,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None,
            suppress_health_check=list(HealthCheck), print_blob=True,
        ),
    )  # fmt: skip

"""Random lives of payments at a provider: cut calls, no bells, late money, changes of mind. After
each step nobody was charged twice; after a quiet hour every yen agrees with the journals."""

from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lockstitch.fulfilment import actions as fulfilment
from lockstitch.kernel.errors import Refused
from lockstitch.orders.actions import SYSTEM, lock
from lockstitch.orders.models import Order
from lockstitch.payments import actions, watching, working
from lockstitch.payments.gateways import Declined, Unknown
from lockstitch.payments.models import Attempt, Capture, Payment, Refund
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world
from tests.fakes.running import Running
from tests.payments.conftest import run_jobs
from tests.payments.test_flow import late

METHODS = st.sampled_from(["card", "konbini", "link"])
VERBS = st.sampled_from(["sessions", "tokens", "capture", "refund", "cancel", "expire", "intents"])
PRESSES = {
    "card": ("card", "authenticated"), "link": ("pay", "authenticated"), "konbini": ("number",),
}  # fmt: skip
STEPS, EXAMPLES = 25, 4


class Payments(RuleBasedStateMachine):
    site: ClassVar[Site]
    fakes: ClassVar[dict[str, Running]]

    def __init__(self) -> None:
        super().__init__()
        self.scope = scope(self.site.id)
        self.scope.__enter__()
        self.orders: list[Any] = []
        self.sku = world.new_product(stock=10_000)[0]

    def teardown(self) -> None:
        self.settle()
        self.scope.__exit__(None, None, None)

    @initialize(method=METHODS)
    def begin(self, method: str) -> None:
        self.buy(method)

    @rule(method=METHODS)
    def buy(self, method: str) -> None:
        self.orders.append(world.placed_order({self.sku: 1}, method=method).id)

    @rule(which=st.integers(0, 30))
    def pay(self, which: int) -> None:
        """The buyer, wherever their page is."""
        attempt = self.attempt(which)
        if attempt and attempt.url:
            try:
                self.fakes[attempt.provider].press(attempt.url, *PRESSES[attempt.method])
            except KeyError:
                return  # the page says that it is over

    @rule(which=st.integers(0, 30))
    def till(self, which: int) -> None:
        """A number is paid at a shop, in time or not."""
        attempt = self.attempt(which)
        if attempt and attempt.method == "konbini" and attempt.payment_ref:
            there = self.fakes["stripe"].object(attempt.payment_ref)
            if (
                there["status"] in ("requires_action", "canceled")
                and there["latest_charge"] is None
            ):
                self.fakes["stripe"].do("pay", attempt.payment_ref)

    @rule(which=st.integers(0, 30))
    def come_back(self, which: int) -> None:
        attempt = self.attempt(which)
        if attempt:
            try:
                working.look(attempt.id)
            except (Unknown, Declined):
                return

    @rule(which=st.integers(0, 30))
    def ship(self, which: int) -> None:
        self.tried(
            lambda: fulfilment.ship(
                self.orders[which % len(self.orders)], carrier="yamato",
                tracking_number=world.TRACKING, by=world.OPERATOR,
            )
        )  # fmt: skip

    @rule(which=st.integers(0, 30))
    def cancel(self, which: int) -> None:
        self.tried(lambda: fulfilment.cancel(self.orders[which % len(self.orders)], SYSTEM))

    @rule(which=st.integers(0, 30), yen=st.integers(1, 2_000))
    def give_back(self, which: int, yen: int) -> None:
        def deed() -> None:
            with transaction.atomic():
                order = lock(self.orders[which % len(self.orders)])
                payment = Payment.objects.get(order=order)
                room = payment.amount_yen - payment.given_back_yen
                if order.status in ("placed", "completed") and room > yen:
                    actions.give_back(order, yen, world.OPERATOR, uuid4())

        self.tried(deed)

    @rule(which=st.integers(0, 30))
    def time_passes(self, which: int) -> None:
        order_id = self.orders[which % len(self.orders)]
        late(Order.objects.get(id=order_id), 31)
        watching.end_pending()

    @rule(match=VERBS, when=st.sampled_from(["before", "after"]))
    def cut(self, match: str, when: str) -> None:
        for fake in self.fakes.values():
            fake.trouble(match, when)

    @rule(rounds=st.integers(1, 3))
    def work(self, rounds: int) -> None:
        run_jobs(rounds=rounds)

    @rule()
    def audit(self) -> None:
        watching.watch()

    @precondition(lambda self: len(self.orders) > 1)
    @rule(which=st.integers(0, 30))
    def give_up(self, which: int) -> None:
        order = Order.objects.get(id=self.orders[which % len(self.orders)])
        if order.status == "pending" and order.payment in ("awaiting", "failed"):
            actions.give_up(order.id)

    def attempt(self, which: int) -> Attempt | None:
        order_id = self.orders[which % len(self.orders)]
        return Attempt.objects.filter(payment__order_id=order_id).order_by("-no").first()

    def tried(self, deed: Any) -> None:
        try:
            deed()
        except Refused:
            return

    @invariant()
    def nobody_is_charged_twice(self) -> None:
        for number, total in Order.objects.filter(id__in=self.orders).values_list(
            "number", "total_yen"
        ):
            taken, back = self.there(number)
            assert back <= taken <= total

    @invariant()
    def counters_are_their_rows(self) -> None:
        for payment in Payment.objects.filter(order_id__in=self.orders):
            captured = sum(
                Capture.objects.filter(payment=payment).values_list("amount_yen", flat=True)
            )
            refunded = sum(
                Refund.objects.filter(payment=payment).values_list("amount_yen", flat=True)
            )
            assert (payment.captured_yen, payment.refunded_yen) == (captured, refunded)

    def there(self, number: str) -> tuple[int, int]:
        """Taken and given back, by the providers' journals."""
        rows = [row for fake in self.fakes.values() for row in fake.journal(order=number)]
        taken = sum(row["yen"] for row in rows if row["kind"] in ("captured", "paid"))
        return taken, sum(row["yen"] for row in rows if row["kind"] == "refunded")

    def settle(self) -> None:
        """A quiet hour: no call is cut, the auditor goes round."""
        for fake in self.fakes.values():
            fake.knobs(clear=True)
        for _round in range(4):
            Payment.objects.update(checked_at=None)
            run_jobs()
            watching.watch()
            for attempt_id in Attempt.objects.exclude(session_ref="").values_list("id", flat=True):
                working.look(attempt_id)
            run_jobs()
        for order in Order.objects.filter(id__in=self.orders):
            self.check(order)

    def check(self, order: Order) -> None:
        payment = Payment.objects.get(order=order)
        taken, back = self.there(order.number)
        assert (payment.captured_yen, payment.refunded_yen) == (taken, back), order.number
        owed = payment.amount_yen - payment.given_back_yen
        if order.status in ("cancelled", "lapsed"):
            assert taken == back
        elif order.payment in ("captured", "refunded"):
            assert taken - back == owed
        if order.fulfilment == "shipped":
            assert taken - back == owed
        assert order.payment not in ("capturing", "refund_due")


@pytest.mark.slow
def test_any_life_of_payments(connected: Site, stripe: Running, link: Running) -> None:
    Payments.site, Payments.fakes = connected, {"stripe": stripe, "link": link}
    case = Payments.TestCase
    case.settings = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, print_blob=True,
        suppress_health_check=list(HealthCheck), database=None,
    )  # fmt: skip
    case("runTest").runTest()

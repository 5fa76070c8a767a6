"""What is changed at the provider without a word is an alarm within one round of the auditor."""

import pytest

from lockstitch.kernel.clock import now
from lockstitch.orders.models import Order
from lockstitch.payments import queries, watching, working
from lockstitch.payments.models import Attempt, Connection, Disagreement, Payment, ProviderEvent
from lockstitch.payments.settling import apply
from lockstitch.tenancy.queries import Site
from tests.fakes.running import Running
from tests.payments.conftest import fresh, intent, page, paid, payment, pending, run_jobs
from tests.payments.test_flow import late, ship, states


@pytest.fixture
def fake(connected: Site, stripe: Running) -> Running:
    return stripe


def round_of_the_auditor() -> None:
    Payment.objects.update(checked_at=None)  # as if half a minute had passed
    watching.watch()
    run_jobs()


def alarms() -> list[tuple[str, int, int]]:
    rows = Disagreement.objects.filter(state="open").order_by("kind")
    return list(rows.values_list("kind", "here_yen", "there_yen"))


@pytest.mark.parametrize("lower", [True, False])
def test_an_amount_changed_at_the_provider(fake: Running, *, lower: bool) -> None:
    """The break-in's operators could lower amounts; here that holds the order at once."""
    order = paid("card", fake)
    round_of_the_auditor()
    assert alarms() == []
    there = 1 if lower else order.total_yen + 10_000
    fake.tamper(intent(order), amount=there, amount_capturable=there)
    round_of_the_auditor()
    assert alarms() == [("amount", order.total_yen, there), ("authorised", order.total_yen, there)]
    held = fresh(order)
    assert (held.on_hold, held.flag) == (True, "payment")
    fake.tamper(intent(order), amount=order.total_yen, amount_capturable=order.total_yen)
    round_of_the_auditor()
    assert alarms() == []
    assert Disagreement.objects.filter(state="agreed").count() == 2
    assert fresh(order).on_hold  # a person lets it go


def test_an_order_is_not_placed_for_less_than_it_costs(fake: Running) -> None:
    order = pending("card")
    fake.press(page(order), "card", "authenticated")
    key = Attempt.objects.get(payment__order=order).session_ref
    there = fake.object(key)["payment_intent"]
    fake.tamper(there, amount=100, amount_capturable=100)
    round_of_the_auditor()
    assert states(order) == ("pending", "awaiting", "unshipped")
    assert alarms() == [("amount", order.total_yen, 100)]


def test_money_taken_at_the_providers_own_console(fake: Running) -> None:
    order = paid("card", fake)
    fake.do("capture", intent(order))
    round_of_the_auditor()
    assert alarms() == [("unasked_capture", 0, order.total_yen)]
    assert states(order)[1] == "captured"
    assert payment(order).captured_yen == order.total_yen


def test_money_given_back_at_the_providers_own_console(fake: Running) -> None:
    order = paid("card", fake)
    ship(order)
    fake.do("refund", intent(order))
    round_of_the_auditor()
    assert alarms() == [("unasked_refund", 0, order.total_yen)]
    assert payment(order).refunded_yen == order.total_yen
    assert states(order)[1] == "refunded"


def test_held_money_that_is_lost(fake: Running) -> None:
    order = paid("card", fake)
    fake.do("run_out", intent(order))
    round_of_the_auditor()
    assert alarms() == [("authorised", order.total_yen, 0)]
    assert payment(order).attention == "authorisation_lost"
    assert fresh(order).on_hold


def test_every_lost_bell_is_made_good(fake: Running) -> None:
    """No bell arrives, nobody comes back: the provider's list of changes tells."""
    watching.watch()  # from here on it knows where the list was
    orders = [pending("card") for _ in range(2)] + [pending("konbini")]
    for order in orders[:2]:
        fake.press(page(order), "card", "authenticated")
    fake.press(page(orders[2]), "number")
    for connection in Connection.objects.filter(provider="stripe"):
        watching.follow_changes(connection)
    run_jobs()
    assert [states(order)[:2] for order in orders] == [
        ("placed", "authorised"), ("placed", "authorised"), ("placed", "awaiting"),
    ]  # fmt: skip


def test_the_nightly_comparison_finds_what_is_missing_on_either_side(fake: Running) -> None:
    order = paid("card", fake)
    other = paid("card", fake)
    Attempt.objects.filter(payment__order=order).update(payment_ref="pi_never_was")
    assert watching.compare_all() >= 2
    kinds = {kind for kind, _here, _there in alarms()}
    assert "missing_there" in kinds
    assert states(other)[1] == "authorised"


def test_a_payment_that_is_not_ours_is_an_alarm(fake: Running, site: Site) -> None:
    order = paid("card", fake)
    ref = intent(order)
    fake.tamper(ref, metadata={})  # as if made by somebody else with our key
    Attempt.objects.filter(payment__order=order).update(payment_ref="", session_ref="cs_other")
    working.heard("stripe", ref)
    assert alarms() == [("missing_here", 0, order.total_yen)]


def test_expiring_authorisations_are_listed_days_ahead(fake: Running) -> None:
    order = paid("card", fake)
    assert queries.expiring() == []
    Payment.objects.filter(order=order).update(expires_at=now() + watching.GRACE)
    assert [row.order_id for row in queries.expiring()] == [order.id]


def test_calls_whose_job_was_lost_are_made(fake: Running) -> None:
    fake.knobs(down=True)
    order = pending("card")
    fake.knobs(down=False)
    run_jobs(rounds=0)
    Attempt.objects.get(payment__order=order).calls.update(
        tried_at=now() - watching.LATE * 2, made_at=now() - watching.LATE * 2
    )
    watching.make_late_calls()
    assert page(order)


def test_a_lapsed_orders_money_is_let_go(fake: Running) -> None:
    """Authorised after all, when everything here was over already."""
    order = pending("card")
    late(order, 31)
    for _round in range(2):
        watching.end_pending()
        run_jobs()
    assert states(order)[0] == "lapsed"
    attempt = Attempt.objects.get(payment__order=order)
    fake.tamper(attempt.session_ref, status="open")
    fake.do("authorise", attempt.session_ref)
    seen = working.make_gateway("stripe").look(attempt.session_ref, "")
    apply(attempt.id, seen)
    run_jobs()
    assert len(fake.journal(kind="cancelled", order=order.number)) == 1
    assert states(order)[:2] == ("lapsed", "void")


def test_an_event_is_kept_once_and_without_a_person() -> None:
    columns = {field.name for field in ProviderEvent._meta.get_fields()}
    assert columns == {"id", "site", "provider", "event_id", "kind", "ref", "received_at"}


def test_orders_of_other_sites_are_not_looked_at(fake: Running) -> None:
    assert Order.objects.count() == 0
    watching.watch()
    assert alarms() == []

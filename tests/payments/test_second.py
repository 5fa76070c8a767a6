"""A refund above the shop's sum moves no money before a second person has seen it."""

import datetime as dt
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from lockstitch.access.models import Operator
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import NotFound, Refused
from lockstitch.orders.actions import SYSTEM, By, lock
from lockstitch.orders.models import Order, OrderEvent
from lockstitch.payments import actions, second
from lockstitch.payments.models import Payment, ProviderCall, RefundRule
from lockstitch.payments.refunding import settle_refund
from lockstitch.tenancy.queries import Site
from tests import world
from tests.fakes.running import Running
from tests.members.test_pages import operator
from tests.members.test_pages import plain_files as plain_files
from tests.payments.conftest import fresh, paid, payment, run_jobs
from tests.payments.test_flow import give_back, ship, states

OTHER = By("operator", UUID(int=77))
LIMIT = 1_000


@pytest.fixture
def card(connected: Site, stripe: Running) -> Order:
    """Paid by card and sent, in a shop that wants two people above the sum."""
    assert world.OPERATOR.id is not None
    assert not second.set_limit(LIMIT, world.OPERATOR.id)
    order = paid("card", stripe)
    ship(order)
    return order


def moved(stripe: Running, order: Order) -> list[int]:
    return [row["yen"] for row in stripe.journal(kind="refunded", order=order.number)]


def held() -> ProviderCall:
    [call] = second.held_refunds()
    return call


def noted(order: Order) -> list[str]:
    kinds = ("refund_held", "refund_approved", "refund_turned_down")
    rows = OrderEvent.objects.filter(order=order, kind__in=kinds).order_by("id")
    return [row.kind for row in rows]


def test_up_to_the_sum_one_person_refunds(card: Order, stripe: Running) -> None:
    give_back(card, LIMIT)
    assert moved(stripe, card) == [LIMIT]
    assert second.held_refunds() == []


def test_above_it_nothing_moves_before_the_second(card: Order, stripe: Running) -> None:
    give_back(card, LIMIT + 1)
    with transaction.atomic():  # whatever is looked at meanwhile asks for nothing more
        order = lock(card.id)
        settle_refund(order, Payment.objects.get(order=order), SYSTEM)
    run_jobs()
    assert moved(stripe, card) == []
    assert states(card)[1] == "refund_due"
    call = held()
    with pytest.raises(Refused):
        second.approve_refund(call.id, world.OPERATOR)
    run_jobs()
    assert moved(stripe, card) == []
    second.approve_refund(call.id, OTHER)
    with pytest.raises(NotFound):  # pressed twice
        second.approve_refund(call.id, OTHER)
    run_jobs()
    assert moved(stripe, card) == [LIMIT + 1]
    assert payment(card).refunded_yen == LIMIT + 1
    assert states(card)[1] == "captured"
    assert noted(card) == ["refund_held", "refund_approved"]


def test_parts_do_not_pass_below_the_sum(card: Order, stripe: Running) -> None:
    give_back(card, 600)
    give_back(card, 600)
    assert moved(stripe, card) == [600]
    assert held().amount_yen == 600


def test_turned_down_it_is_asked_for_anew_by_a_person(card: Order, stripe: Running) -> None:
    give_back(card, LIMIT + 1)
    first = held()
    second.turn_down(first.id, OTHER)
    run_jobs()
    assert second.held_refunds() == []
    actions.try_again(first.id, OTHER)
    again = held()
    assert (again.amount_yen, again.by_id) == (LIMIT + 1, OTHER.id)
    with pytest.raises(Refused):
        second.approve_refund(again.id, OTHER)
    second.approve_refund(again.id, world.OPERATOR)
    run_jobs()
    assert moved(stripe, card) == [LIMIT + 1]
    assert noted(card) == ["refund_held", "refund_turned_down", "refund_held", "refund_approved"]


def test_after_a_day_it_is_asked_for_anew(card: Order, stripe: Running) -> None:
    give_back(card, LIMIT + 1)
    call = held()
    ProviderCall.objects.filter(id=call.id).update(made_at=now() - dt.timedelta(hours=25))
    with pytest.raises(Refused):
        second.approve_refund(call.id, OTHER)
    run_jobs()
    assert moved(stripe, card) == []


def test_what_no_operator_gave_back_waits_for_nobody(card: Order, stripe: Running) -> None:
    member = UUID(int=5)
    Order.objects.filter(id=card.id).update(member_id=member)
    with transaction.atomic():
        actions.give_back(lock(card.id), LIMIT + 1, By("shopper", member), card.id)
    run_jobs()
    assert moved(stripe, card) == [LIMIT + 1]


def test_by_hand_it_is_made_with_a_file_that_two_approve(site: Site) -> None:
    assert world.OPERATOR.id is not None
    second.set_limit(LIMIT, world.OPERATOR.id)
    order = world.placed_order({world.new_product()[0]: 1}, method="bank")
    actions.receive_transfer(order.id, world.OPERATOR)
    with transaction.atomic():
        actions.give_back(lock(order.id), LIMIT + 1, world.OPERATOR, order.id)
    with pytest.raises(Refused):
        actions.record_refund(order.id, LIMIT + 1, world.OPERATOR, reference="file:1", way="bank")
    actions.record_refund(order.id, LIMIT, world.OPERATOR, reference="1", way="bank")
    with pytest.raises(Refused):
        actions.record_refund(order.id, 1, world.OPERATOR, reference="2", way="cash")
    actions.record_refund(order.id, 1, world.OPERATOR, reference="file:2", way="bank", by_two=True)
    assert fresh(order).payment == "captured"


def test_less_holds_at_once_and_more_waits_for_the_second(site: Site) -> None:
    one, other = UUID(int=1), UUID(int=2)
    assert second.limit_yen() is None
    assert not second.set_limit(5_000, one)
    assert not second.set_limit(3_000, one)
    assert second.limit_yen() == 3_000
    for laxer in (4_000, None):
        assert second.set_limit(laxer, one)
        assert second.limit_yen() == 3_000
        rule = second.waiting_rule()
        assert rule is not None
        assert rule.limit_yen == laxer
        with pytest.raises(Refused):
            second.decide_rule(rule.id, one, take=True)
    assert RefundRule.objects.filter(state="waits").count() == 1
    second.decide_rule(rule.id, other, take=True)
    assert second.limit_yen() is None
    with pytest.raises(NotFound):
        second.decide_rule(rule.id, other, take=True)

    second.set_limit(3_000, one)
    second.set_limit(9_000, one)
    old = second.waiting_rule()
    assert old is not None
    RefundRule.objects.filter(id=old.id).update(asked_at=now() - dt.timedelta(hours=25))
    assert second.waiting_rule() is None
    with pytest.raises(NotFound):
        second.decide_rule(old.id, other, take=True)
    assert second.limit_yen() == 3_000


def test_the_database_knows_that_two_are_two(card: Order) -> None:
    give_back(card, LIMIT + 1)
    call = held()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProviderCall.objects.filter(id=call.id).update(approved_by=world.OPERATOR.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        RefundRule.objects.update(approved_by=world.OPERATOR.id)


def test_two_at_the_console(site: Site, connected: Site, stripe: Running) -> None:
    """The owner sets the sum and gives back; a colleague sees it and lets it go."""
    page = f"/s/{site.slug}/payments/"
    owner = operator(site, "owner")
    alone = owner.post(f"{page}limit/", yen="1,000")
    assert alone.status_code == 422  # nobody else is here
    assert second.limit_yen() is None
    colleague, reader = operator(site, "orders"), operator(site, "readonly")
    assert owner.post(f"{page}limit/", yen="x").status_code == 422
    assert colleague.post(f"{page}limit/", yen="5").status_code == 403
    assert owner.post(f"{page}limit/", yen="1,000").status_code == 302
    assert second.limit_yen() == LIMIT

    order = paid("card", stripe)
    ship(order)
    me = By("operator", Operator.objects.get(handle="owner", site_ids__contains=[site.id]).id)
    with transaction.atomic():
        actions.give_back(lock(order.id), LIMIT + 1, me, order.id)
    seen = colleague.get(page).content.decode()
    assert order.number in seen
    assert "asked for by owner" in seen
    path = f"{page}held/{held().id}/"
    assert "Approve the refund" not in owner.get(page).content.decode()
    assert owner.post(path).status_code == 422
    assert reader.post(path).status_code == 403
    assert colleague.post(path).status_code == 302
    run_jobs()
    assert moved(stripe, order) == [LIMIT + 1]

    assert owner.post(f"{page}limit/", yen="").status_code == 302
    assert "owner asks that one person refunds any sum" in colleague.get(page).content.decode()
    rule = second.waiting_rule()
    assert rule is not None
    assert owner.post(f"{page}limit/{rule.id}/").status_code == 422
    assert colleague.post(f"{page}limit/{rule.id}/").status_code == 302
    assert second.limit_yen() is None

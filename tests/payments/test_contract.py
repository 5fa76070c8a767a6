"""One contract for every provider: ours against a fake Stripe, against localstripe, and against a
link-type service."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from lockstitch.kernel.clock import now
from lockstitch.payments.gateways import Declined, Gateway, Unknown, gateway_of
from lockstitch.payments.rules import Opening, Seen
from tests.fakes.running import KEYS, Running, direct, localstripe, started

DONE = {"capture": "captured", "refund": "refunded"}
BACK = "http://shop.localhost/pay/back/"


@dataclass
class Contract:
    """A provider, and how a buyer pays there."""

    gateway: Gateway
    authorised: Callable[[int], Seen]  # so much, authorised by a buyer who proved who they are
    fake: Running | None = None


def opening(yen: int, method: str = "card") -> Opening:
    return Opening(
        attempt_id=str(uuid4()), order_number="261125-ABCDEF", shop_name="Hem", method=method,
        amount_yen=yen, back=BACK, expires_at=now() + dt.timedelta(minutes=35),
    )  # fmt: skip


def key() -> str:
    return str(uuid4())


def of_fake(fake: Running, method: str) -> Contract:
    gateway = gateway_of(fake.provider, direct({fake.provider: fake.url}))

    def authorised(yen: int) -> Seen:
        made = gateway.open(opening(yen, method), key())
        assert made.state == "open"
        fake.press(made.url, "card" if fake.provider == "stripe" else "pay", "authenticated")
        return gateway.look(made.session_ref, "")

    return Contract(gateway, authorised, fake)


def of_localstripe(url: str) -> Contract:
    """It has no hosted page: the intent is confirmed by hand, with a card that wants 3-D Secure."""
    gateway = gateway_of("stripe", direct({"stripe": url}))
    auth = {"Authorization": f"Bearer {KEYS['stripe']}"}

    def post(path: str, **form: Any) -> Any:
        said = httpx.post(url + path, data=form, headers=auth)
        said.raise_for_status()
        return said.json()

    def authorised(yen: int) -> Seen:
        card = {"card[number]": "4000002500003155", "card[exp_month]": 1, "card[exp_year]": 2039,
                "card[cvc]": "123"}  # fmt: skip
        method = post("/v1/payment_methods", type="card", **card)
        intent = post(
            "/v1/payment_intents", amount=yen, currency="jpy", payment_method=method["id"],
            confirm="true", capture_method="manual",
        )  # fmt: skip
        assert intent["status"] == "requires_action"
        assert gateway.look("", intent["id"]).state == "open"
        post(
            f"/v1/payment_intents/{intent['id']}/_authenticate",
            client_secret=intent["client_secret"], success="true",
        )  # fmt: skip
        return gateway.look("", intent["id"])

    return Contract(gateway, authorised)


@pytest.fixture(scope="module")
def all_of_them() -> Iterator[dict[str, Contract]]:
    with started("stripe") as stripe, started("link") as link, localstripe() as other:
        yield {
            "stripe": of_fake(stripe, "card"),
            "link": of_fake(link, "link"),
            "localstripe": of_localstripe(other),
        }


@pytest.fixture(params=["stripe", "link", "localstripe"])
def contract(request: pytest.FixtureRequest, all_of_them: dict[str, Contract]) -> Contract:
    return all_of_them[request.param]


@pytest.fixture(params=["stripe", "link"])
def ours(request: pytest.FixtureRequest, all_of_them: dict[str, Contract]) -> Contract:
    """What localstripe lacks is tested against our own fakes."""
    return all_of_them[request.param]


def test_a_proven_buyers_money_is_held(contract: Contract) -> None:
    seen = contract.authorised(3_300)
    assert (seen.state, seen.amount_yen, seen.authorised_yen) == ("authorised", 3_300, 3_300)
    assert (seen.captured_yen, seen.refunded_yen, seen.currency) == (0, 0, "jpy")


def test_the_whole_is_captured(contract: Contract) -> None:
    held = contract.authorised(3_300)
    seen = contract.gateway.capture(held.payment_ref, 3_300, key())
    assert (seen.state, seen.captured_yen) == ("captured", 3_300)
    assert contract.gateway.look("", held.payment_ref).captured_yen == 3_300


def test_less_may_be_captured_but_not_more(contract: Contract) -> None:
    held = contract.authorised(3_300)
    with pytest.raises(Declined):
        contract.gateway.capture(held.payment_ref, 3_301, key())
    seen = contract.gateway.capture(held.payment_ref, 1_000, key())
    # localstripe says it the old way: all captured, and the rest given back.
    assert seen.captured_yen - seen.refunded_yen == 1_000


def test_held_money_is_let_go(contract: Contract) -> None:
    held = contract.authorised(3_300)
    assert contract.gateway.cancel(held.payment_ref, key()).state == "closed"
    assert contract.gateway.look("", held.payment_ref).authorised_yen == 0


def test_what_was_let_go_is_not_captured(ours: Contract) -> None:
    held = ours.authorised(3_300)
    ours.gateway.cancel(held.payment_ref, key())
    with pytest.raises(Declined):
        ours.gateway.capture(held.payment_ref, 3_300, key())


def test_money_goes_back_in_parts(contract: Contract) -> None:
    held = contract.authorised(3_300)
    contract.gateway.capture(held.payment_ref, 3_300, key())
    once = key()
    seen = contract.gateway.refund(held.payment_ref, 1_300, once)
    assert (seen.captured_yen, seen.refunded_yen) == (3_300, 1_300)
    assert [refund.key for refund in seen.refunds] == [once]
    assert contract.gateway.refund(held.payment_ref, 2_000, key()).refunded_yen == 3_300


def test_what_is_not_there_is_declined(contract: Contract) -> None:
    with pytest.raises(Declined):
        contract.gateway.look("", "pi_nothing")


def test_no_more_goes_back_than_was_taken(ours: Contract) -> None:
    held = ours.authorised(3_300)
    ours.gateway.capture(held.payment_ref, 3_000, key())
    ours.gateway.refund(held.payment_ref, 2_000, key())
    with pytest.raises(Declined):
        ours.gateway.refund(held.payment_ref, 1_001, key())


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("verb", ["capture", "refund"])
def test_a_call_cut_off_is_repeated_without_moving_money_twice(
    ours: Contract, verb: str, when: str
) -> None:
    assert ours.fake
    held = ours.authorised(3_300)
    if verb == "refund":
        ours.gateway.capture(held.payment_ref, 3_300, key())
    once, call = key(), getattr(ours.gateway, verb)
    ours.fake.trouble(verb, when)
    with pytest.raises(Unknown):
        call(held.payment_ref, 1_100, once)
    for _time in range(2):
        seen = call(held.payment_ref, 1_100, once)
    assert (seen.captured_yen if verb == "capture" else seen.refunded_yen) == 1_100
    moved = ours.fake.journal(intent=held.payment_ref, kind=DONE[verb])
    assert [row["yen"] for row in moved] == [1_100]


def test_a_page_opened_twice_with_one_key_is_one(ours: Contract) -> None:
    method = "card" if ours.fake and ours.fake.provider == "stripe" else "link"
    asked, once = opening(3_300, method), key()
    first, again = ours.gateway.open(asked, once), ours.gateway.open(asked, once)
    assert first.session_ref == again.session_ref
    assert first.attempt_id == asked.attempt_id


def test_a_closed_page_takes_no_money(ours: Contract) -> None:
    assert ours.fake
    method = "card" if ours.fake.provider == "stripe" else "link"
    made = ours.gateway.open(opening(3_300, method), key())
    assert ours.gateway.close(made.session_ref, "", key()).state == "closed"
    assert httpx.get(made.url).status_code == 410


def test_a_page_that_was_paid_meanwhile_says_so_when_closed(ours: Contract) -> None:
    held = ours.authorised(3_300)
    assert ours.gateway.close(held.session_ref, "", key()).state == "authorised"


def test_a_card_that_is_declined_leaves_the_page_open(ours: Contract) -> None:
    assert ours.fake
    stripe = ours.fake.provider == "stripe"
    made = ours.gateway.open(opening(3_300, "card" if stripe else "link"), key())
    ours.fake.press(made.url, "declined" if stripe else "decline")
    assert ours.gateway.look(made.session_ref, "").state == "open"


def test_changes_are_told_oldest_first_and_once(ours: Contract) -> None:
    ours.authorised(1_000)
    _none, cursor = ours.gateway.changes("")
    held = ours.authorised(3_300)
    ours.gateway.capture(held.payment_ref, 3_300, key())
    found, after = ours.gateway.changes(cursor)
    assert {change.ref for change in found} <= {held.payment_ref, held.session_ref}
    assert held.payment_ref in {change.ref for change in found}
    assert ours.gateway.changes(after) == ([], after)


def test_every_payment_is_listed_for_the_comparison(ours: Contract) -> None:
    held = ours.authorised(3_300)
    listed = ours.gateway.since(now() - dt.timedelta(hours=1))
    assert [one.authorised_yen for one in listed if one.payment_ref == held.payment_ref] == [3_300]


@pytest.mark.parametrize("method", ["konbini", "transfer"])
def test_a_number_is_given_and_paid_later(all_of_them: dict[str, Contract], method: str) -> None:
    contract = all_of_them["stripe"]
    assert contract.fake
    made = contract.gateway.open(opening(3_300, method), key())
    contract.fake.press(made.url, "number")
    seen = contract.gateway.look(made.session_ref, "")
    assert (seen.state, seen.captured_yen) == ("waiting", 0)
    assert seen.voucher["url"]
    if method == "konbini":
        assert "123456 / 9012345" in seen.voucher.values()
        assert seen.expires_at
    contract.fake.do("pay", seen.payment_ref)
    assert contract.gateway.look(made.session_ref, seen.payment_ref).captured_yen == 3_300


def test_a_number_that_nobody_pays_fails(all_of_them: dict[str, Contract]) -> None:
    contract = all_of_them["stripe"]
    assert contract.fake
    made = contract.gateway.open(opening(3_300, "konbini"), key())
    contract.fake.press(made.url, "number")
    seen = contract.gateway.look(made.session_ref, "")
    contract.fake.do("run_out", seen.payment_ref)
    assert contract.gateway.look(made.session_ref, seen.payment_ref).state == "failed"

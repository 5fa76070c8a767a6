"""What a provider can say of a payment, and what follows from it. Pure."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

AT_PROVIDER = ("card", "konbini", "link")  # methods that are paid on a provider's page
PROVIDERS = ("stripe", "link")
METHODS_OF = {"stripe": ("card", "konbini"), "link": ("link",)}
CHAINS = {
    "familymart": "ファミリーマート", "lawson": "ローソン", "ministop": "ミニストップ",
    "seicomart": "セイコーマート",
}  # fmt: skip
CONFIRM_WITHIN = dt.timedelta(minutes=30)  # from placing to an authorised card or a number
AUTHORISED_FOR = dt.timedelta(days=7)  # a card's, where the provider does not say
TAKEN_BEFORE = dt.timedelta(days=1)  # the end of one that is not let go
WARN_BEFORE = dt.timedelta(days=3)  # of an authorisation that expires
CHECK_EVERY = dt.timedelta(seconds=30)

# open: the buyer is, or may come, on the provider's page; waiting: they have a number and pay at
# a shop or bank; closed: nothing can come any more.
State = Literal["open", "waiting", "authorised", "captured", "closed", "failed"]


@dataclass(frozen=True)
class SeenRefund:
    id: str
    amount_yen: int
    key: str = ""  # ours, when the provider gives it back
    is_failed: bool = False


@dataclass(frozen=True)
class Seen:
    """The provider's whole truth about one attempt, in yen."""

    state: State
    amount_yen: int
    authorised_yen: int = 0  # that can still be captured
    captured_yen: int = 0
    refunds: tuple[SeenRefund, ...] = ()
    session_ref: str = ""
    payment_ref: str = ""
    attempt_id: str = ""
    url: str = ""
    currency: str = "jpy"
    expires_at: dt.datetime | None = None
    voucher: dict[str, str] = field(default_factory=dict)

    @property
    def refunded_yen(self) -> int:
        return sum(refund.amount_yen for refund in self.refunds if not refund.is_failed)


@dataclass(frozen=True)
class Opening:
    """What a provider's page is opened with. `back` is where the browser returns to."""

    attempt_id: str
    order_number: str
    shop_name: str
    method: str
    amount_yen: int
    back: str
    expires_at: dt.datetime
    konbini_days: int = 3
    language: str = "ja"


@dataclass(frozen=True)
class Change:
    """Something happened to an object of the provider's; what, is to be asked."""

    event_id: str
    kind: str
    ref: str


def owed_yen(*, amount_yen: int, given_back_yen: int) -> int:
    """What the buyer should have paid in the end."""
    return amount_yen - given_back_yen


def to_refund_yen(*, amount_yen: int, given_back_yen: int, captured_yen: int,
                  refunded_yen: int) -> int:  # fmt: skip
    """What was taken and is owed to nobody but the buyer."""
    owed = owed_yen(amount_yen=amount_yen, given_back_yen=given_back_yen)
    return max(0, captured_yen - refunded_yen - owed)


def differences(
    seen: Seen, *, asked_yen: int, authorised_yen: int, captured_yen: int, refunded_yen: int
) -> dict[str, tuple[int, int]]:
    """What the provider says otherwise than we do: name -> (here, there)."""
    found: dict[str, tuple[int, int]] = {}
    if seen.currency != "jpy":
        found["currency"] = (0, 1)
    if seen.amount_yen != asked_yen and seen.state != "closed":
        found["amount"] = (asked_yen, seen.amount_yen)
    if seen.captured_yen != captured_yen:
        found["captured"] = (captured_yen, seen.captured_yen)
    elif not captured_yen and authorised_yen and seen.authorised_yen != authorised_yen:
        found["authorised"] = (authorised_yen, seen.authorised_yen)
    if seen.refunded_yen != refunded_yen:
        found["refunded"] = (refunded_yen, seen.refunded_yen)
    return found

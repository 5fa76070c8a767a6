"""What a payment provider can be asked, and how it can fail."""

import datetime as dt
from typing import Protocol

from lockstitch.payments.rules import Change, Opening, Seen
from lockstitch.sealed import providers


class Unknown(Exception):
    """No answer that can be relied on: the call may have taken effect. Look, then repeat."""


class Declined(Exception):
    """The provider said no, for good; `code` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:80]


class Transport(Protocol):
    """Carries one request. Raises providers.Unreachable, providers.NoKey."""

    def __call__(
        self, provider: str, method: str, path: str, body: bytes = b"", *, content_type: str = "",
        version: str = "", idempotency_key: str = "",
    ) -> providers.ProviderAnswered: ...  # fmt: skip


class Gateway(Protocol):
    """Each raises Unknown or Declined."""

    def open(self, asked: Opening, key: str) -> Seen:
        """A page where the buyer pays."""
        ...

    def close(self, session_ref: str, payment_ref: str, key: str) -> Seen:
        """Nobody can pay there any more, unless somebody just has: look at what it says."""
        ...

    def look(self, session_ref: str, payment_ref: str) -> Seen:
        """At the one that is known, the payment rather than the page."""
        ...

    def capture(self, payment_ref: str, amount_yen: int, key: str) -> Seen:
        """Takes so much of what is authorised and lets go of the rest."""
        ...

    def cancel(self, payment_ref: str, key: str) -> Seen:
        """Lets go of an authorisation, or of a number that nobody has paid."""
        ...

    def refund(self, payment_ref: str, amount_yen: int, key: str) -> Seen: ...

    def changes(self, cursor: str) -> tuple[list[Change], str]:
        """What happened since `cursor`, oldest first, and the next cursor; at first (an empty
        one) what happened of late."""
        ...

    def since(self, moment: dt.datetime) -> list[Seen]:
        """Every payment made since, without its refunds: for the daily comparison."""
        ...

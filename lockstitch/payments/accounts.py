"""振込先口座: where a shop's buyers transfer to. Who can change it alone can have the money, so a
change waits for a second person where there is one; the first account waits for nobody."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.kernel.text import Text
from lockstitch.payments.models import AccountChange
from lockstitch.payments.second import decide, waiting
from lockstitch.pricing import queries as pricing
from lockstitch.pricing.actions import set_terms

TEXT_MAX = 300


def account() -> Text:
    text: Text = pricing.terms().bank_account
    return text


def change_account(text: Text, by: UUID, *, alone: bool) -> bool:
    """Whether it waits for somebody else. `alone`: nobody else is there who could approve it."""
    kept = {code: said.strip() for code, said in text.items() if said.strip()}
    if "ja" not in kept or any(len(said) > TEXT_MAX for said in kept.values()):
        raise Refused(_("Bank, branch, number and name, in at most 300 characters."))
    with transaction.atomic():
        AccountChange.objects.filter(state="waits").update(state="dropped", decided_at=now())
        if kept == account():
            return False
        waits = bool(account()) and not alone
        AccountChange.objects.create(
            text=kept, asked_by=by, state="waits" if waits else "holds",
            decided_at=None if waits else now(),
        )  # fmt: skip
        if not waits:
            set_terms(bank_account=kept)
        return waits


def waiting_account() -> AccountChange | None:
    return waiting(AccountChange)


def decide_account(change_id: UUID, by: UUID, *, take: bool) -> None:
    """Raises Refused for who asked for it; anybody may drop it."""
    with transaction.atomic():
        change = decide(AccountChange, change_id, by, take=take)
        if take:
            set_terms(bank_account=change.text)

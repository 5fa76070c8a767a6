"""What the worker does for payments: as followers of facts, and by the clock."""

from uuid import UUID

from procrastinate.contrib.django import app

from lockstitch.payments import actions, transfers, watching, working
from lockstitch.payments.gateways import Declined, Unknown
from lockstitch.payments.models import Attempt, Connection, ProviderEvent
from lockstitch.tenancy.queries import all_sites
from lockstitch.tenancy.scope import scope


def carry_out(call_id: UUID) -> None:
    """A call of the outbox. Raises Unknown: the queue tries again."""
    working.carry_out(call_id)


def heard(event_id: UUID) -> None:
    """A provider rang: the object it rang about is looked at."""
    event = ProviderEvent.objects.get(id=event_id)
    working.heard(event.provider, event.ref)


def look(attempt_id: UUID) -> None:
    """The buyer came back from the page, or waits for it."""
    if Attempt.objects.filter(id=attempt_id).exists():
        try:
            working.look(attempt_id)
        except Declined:
            return  # the auditor will say so


def match_transfers() -> None:
    """A bank's file came in."""
    transfers.match_clear_ones()


@app.periodic(cron="* * * * * */30")
@app.task(name="lockstitch.payments.watch", queueing_lock="payments.watch", lock="payments.watch")
def watch(timestamp: int) -> None:
    """Twice a minute, for every site that has a provider."""
    for site in all_sites():
        with scope(site.id):
            if Connection.objects.exists():
                watching.watch()


@app.periodic(cron="35 * * * *")
@app.task(name="lockstitch.payments.ending", queueing_lock="payments.ending")
def ending(timestamp: int) -> None:
    """Hourly: no pre-order's card is let go of before it was charged."""
    for site in all_sites():
        with scope(site.id):
            actions.capture_before_it_ends()


@app.periodic(cron="20 18 * * *")  # 03:20 in Japan
@app.task(name="lockstitch.payments.compare", queueing_lock="payments.compare")
def compare(timestamp: int) -> None:
    """Nightly: everything of the last weeks, in both directions."""
    for site in all_sites():
        with scope(site.id):
            try:
                watching.compare_all()
            except Unknown:
                continue

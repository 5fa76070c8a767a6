"""What shipping does by itself."""

from procrastinate.contrib.django import app

from lockstitch.fulfilment.pickups import overdue
from lockstitch.tenancy.queries import all_sites
from lockstitch.tenancy.scope import scope


@app.periodic(cron="20 3 * * *")
@app.task(
    name="lockstitch.overdue_pickups",
    queueing_lock="lockstitch.overdue_pickups",
    pass_context=False,
)
def overdue_pickups(timestamp: int) -> None:
    """Every night: what was not fetched in time can be sold again, at every site."""
    for site in all_sites():
        with scope(site.id):
            overdue()

"""What the stock room does by itself."""

from procrastinate.contrib.django import app

from lockstitch.inventory.holds import free_expired
from lockstitch.tenancy.queries import all_sites
from lockstitch.tenancy.scope import scope


@app.periodic(cron="* * * * *")
@app.task(name="lockstitch.free_holds", queueing_lock="lockstitch.free_holds", pass_context=False)
def free_holds(timestamp: int) -> None:
    """Every minute: clears holds that have run out, at every site."""
    for site in all_sites():
        with scope(site.id):
            free_expired()

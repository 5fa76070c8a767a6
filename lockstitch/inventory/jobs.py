"""What the stock room does by itself."""

from procrastinate.contrib.django import app

from lockstitch.inventory.holds import free_expired
from lockstitch.inventory.queries import disagreements
from lockstitch.tenancy.queries import all_sites
from lockstitch.tenancy.scope import scope


class BooksDisagree(RuntimeError):
    """Stock is not the sum of its movements, or not what is owed: somebody must look."""


@app.periodic(cron="40 18 * * *")  # 03:40 in Japan
@app.task(
    name="lockstitch.compare_stock", queueing_lock="lockstitch.compare_stock", pass_context=False
)
def compare_stock(timestamp: int) -> None:
    """Every night, at every site. Raises BooksDisagree: the failed job is the alarm."""
    wrong = 0
    for site in all_sites():
        with scope(site.id):
            wrong += len(disagreements())
    if wrong:
        raise BooksDisagree(f"{wrong} SKUs")


@app.periodic(cron="* * * * *")
@app.task(name="lockstitch.free_holds", queueing_lock="lockstitch.free_holds", pass_context=False)
def free_holds(timestamp: int) -> None:
    """Every minute: clears holds that have run out, at every site."""
    for site in all_sites():
        with scope(site.id):
            free_expired()

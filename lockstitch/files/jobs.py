"""What becomes of originals."""

from procrastinate.contrib.django import app

from lockstitch.files.actions import destroy_old
from lockstitch.tenancy.queries import all_sites
from lockstitch.tenancy.scope import scope


@app.periodic(cron="10 17 * * *")  # 02:10 in Japan
@app.task(name="lockstitch.empty_quarantine", queueing_lock="files.empty", pass_context=False)
def empty_quarantine(timestamp: int) -> None:
    """Nightly: sealed originals are destroyed when their thirty days are over."""
    for site in all_sites():
        with scope(site.id):
            destroy_old()

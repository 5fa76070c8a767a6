"""The books keep themselves: posted every few minutes, closed every night."""

import datetime as dt

from procrastinate.contrib.django import app

from lockstitch.accounting.actions import close_day, post
from lockstitch.kernel.clock import today_jst
from lockstitch.tenancy.queries import all_sites
from lockstitch.tenancy.scope import scope


@app.periodic(cron="*/5 * * * *")
@app.task(name="lockstitch.books.post", queueing_lock="books.post", lock="books")
def post_all(timestamp: int) -> None:
    for site in all_sites():
        with scope(site.id):
            post()


@app.periodic(cron="30 16 * * *")  # 01:30 in Japan
@app.task(name="lockstitch.books.close", queueing_lock="books.close", lock="books")
def close_yesterday(timestamp: int) -> None:
    for site in all_sites():
        with scope(site.id):
            close_day(today_jst() - dt.timedelta(days=1))

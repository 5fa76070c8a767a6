"""What is done by the clock, for every site."""

from procrastinate.contrib.django import app

from lockstitch.crm.jobs import for_every_site
from lockstitch.wishes import letters


@app.periodic(cron="* * * * *", periodic_id="wishes")
@app.task(name="wishes.each_minute", queueing_lock="wishes.each_minute")
def each_minute(timestamp: int) -> None:
    for_every_site((letters.tell_of_stock,))


@app.periodic(cron="37 * * * *", periodic_id="wishes")
@app.task(name="wishes.each_hour", queueing_lock="wishes.each_hour")
def each_hour(timestamp: int) -> None:
    for_every_site((letters.tell_of_prices, letters.forget_unanswered))

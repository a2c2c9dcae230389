"""Periodic work on announced files."""

from procrastinate.contrib.django import app

from coordination.uploads import resuming


@app.periodic(cron="37 19 * * *")
@app.task(name="uploads.give_up_unfinished", queueing_lock="uploads.give_up_unfinished")
def give_up_unfinished(timestamp):
    resuming.give_up_unfinished()

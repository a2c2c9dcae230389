"""Periodic work on requests: thin entrances to the rules."""

from procrastinate.contrib.django import app

from coordination.requests import workflow


@app.periodic(cron="*/10 * * * *")
@app.task(name="requests.close_unconfirmed", queueing_lock="requests.close_unconfirmed")
def close_unconfirmed(timestamp):
    workflow.close_unconfirmed()

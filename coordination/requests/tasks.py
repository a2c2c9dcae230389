"""Periodic work on requests: thin entrances to the rules."""

from procrastinate.contrib.django import app

from coordination.requests import warning, workflow


@app.periodic(cron="*/10 * * * *")
@app.task(name="requests.close_unconfirmed", queueing_lock="requests.close_unconfirmed")
def close_unconfirmed(timestamp):
    workflow.close_unconfirmed()


@app.periodic(cron="20 * * * *")
@app.task(name="requests.warn_of_risks", queueing_lock="requests.warn_of_risks")
def warn_of_risks(timestamp):
    warning.warn_due()

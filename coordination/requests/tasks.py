"""Background work on requests: thin entrances to the rules."""

from datetime import date

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from coordination.campaigns.models import CampaignActivity
from coordination.requests import escalation, recomputing, warning, workflow

AGAIN = RetryStrategy(max_attempts=10, exponential_wait=4)


@app.periodic(cron="*/10 * * * *")
@app.task(name="requests.close_unconfirmed", queueing_lock="requests.close_unconfirmed")
def close_unconfirmed(timestamp):
    workflow.close_unconfirmed()


@app.periodic(cron="* * * * *")
@app.task(name="requests.escalate", queueing_lock="requests.escalate")
def escalate(timestamp):
    escalation.escalate_due()


@app.periodic(cron="20 * * * *")
@app.task(name="requests.warn_of_risks", queueing_lock="requests.warn_of_risks")
def warn_of_risks(timestamp):
    warning.warn_due()


@app.task(name="requests.recompute_deadlines", lock="requests.recompute_deadlines", retry=AGAIN)
def recompute_deadlines():
    recomputing.recompute_all()
    # Even if nothing moved now: an attempt before that was killed may have moved something.
    recomputing.tell()


@app.task(name="requests.reschedule", retry=AGAIN)
def reschedule(activity_id, was):
    recomputing.reschedule(CampaignActivity.objects.get(pk=activity_id), date.fromisoformat(was))


@app.task(name="requests.reschedule_batch", retry=AGAIN)
def reschedule_batch(batch_id):
    recomputing.reschedule_batch(batch_id)

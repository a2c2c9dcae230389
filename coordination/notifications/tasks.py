"""Background tasks: thin entrances to dispatch."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from coordination.notifications import dispatch


@app.task(name="notifications.mail_event", retry=RetryStrategy(max_attempts=10, exponential_wait=4))
def mail_event(event_id):
    dispatch.mail_event(event_id)

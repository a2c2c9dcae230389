"""Background work on figures: thin entrances to keeping."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from coordination.dashboards import keeping

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=3)
# One at a time: of two, the older count could be written last.
LOCK = "dashboards"


@app.periodic(cron="* * * * *")
@app.task(name="dashboards.sweep", queueing_lock="dashboards.sweep", lock=LOCK)
def sweep(timestamp):
    keeping.sweep()


# Just after midnight in Jakarta: what is counted by days changes then without any event.
@app.periodic(cron="10 17 * * *")
@app.task(name="dashboards.refresh_nightly", queueing_lock="dashboards.refresh_nightly", lock=LOCK, retry=AGAIN)
def refresh_nightly(timestamp):
    keeping.refresh_all()

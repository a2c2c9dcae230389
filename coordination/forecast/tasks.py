"""Background work on forecasts: thin entrances to refreshing."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from coordination.forecast import refreshing

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=3)


@app.task(name=refreshing.REFRESH, retry=AGAIN)
def refresh(path):
    refreshing.refresh_for_all_that_wait(path)


@app.periodic(cron="* * * * *")
@app.task(name="forecast.sweep", queueing_lock="forecast.sweep")
def sweep(timestamp):
    refreshing.sweep()


# Just after midnight in each zone, since the days that are left count from there.
@app.periodic(cron="5 15,16,17 * * *")
@app.task(name="forecast.refresh_nightly", queueing_lock="forecast.refresh_nightly", retry=AGAIN)
def refresh_nightly(timestamp):
    refreshing.refresh_below()

"""Background work on figures: thin entrances to keeping."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from coordination.dashboards import keeping
from coordination.dashboards.choices import Tier

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=3)


# Of one tier one at a time: of two, the older count could be written last. The country does not keep regencies waiting.
@app.periodic(cron="* * * * *")
@app.task(name="dashboards.sweep_regencies", queueing_lock="dashboards.sweep_regencies", lock="dashboards.regencies")
def sweep_regencies(timestamp):
    keeping.sweep(Tier.REGENCIES)


@app.periodic(cron="* * * * *")
@app.task(name="dashboards.sweep_above", queueing_lock="dashboards.sweep_above", lock="dashboards.above")
def sweep_above(timestamp):
    keeping.sweep(Tier.ABOVE)


# Just after midnight in Jakarta: what is counted by days changes then without any event.
@app.periodic(cron="10 17 * * *")
@app.task(
    name="dashboards.refresh_regencies",
    queueing_lock="dashboards.refresh_regencies",
    lock="dashboards.regencies",
    retry=AGAIN,
)
def refresh_regencies(timestamp=None):
    keeping.refresh_all(Tier.REGENCIES)


@app.periodic(cron="10 17 * * *")
@app.task(
    name="dashboards.refresh_above", queueing_lock="dashboards.refresh_above", lock="dashboards.above", retry=AGAIN
)
def refresh_above(timestamp=None):
    keeping.refresh_all(Tier.ABOVE)

"""Background work on levels and on lists of planned outages: thin entrances to the rules."""

from procrastinate.contrib.django import app

from coordination.batches.working import add_tasks
from coordination.networks import rollup
from coordination.networks.importing import LEVELS
from coordination.networks.outage_importing import OUTAGES

add_tasks(LEVELS)
add_tasks(OUTAGES)


@app.periodic(cron="47 18 * * *")
@app.task(name="networks.rebuild_levels", queueing_lock="networks.rebuild_levels")
def rebuild_levels(timestamp):
    rollup.rebuild()
    app.configure_task("forecast.refresh").defer(path="")  # which rests on levels, and is told of no single one here

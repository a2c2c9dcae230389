"""Background work on levels: thin entrances to the rules."""

from procrastinate.contrib.django import app

from coordination.batches.working import add_tasks
from coordination.networks import rollup
from coordination.networks.importing import LEVELS

add_tasks(LEVELS)


@app.periodic(cron="47 18 * * *")
@app.task(name="networks.rebuild_levels", queueing_lock="networks.rebuild_levels")
def rebuild_levels(timestamp):
    rollup.rebuild()

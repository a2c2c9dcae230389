"""Background work on levels: thin entrances to the rules. Sentences are written in the language of who asked."""

from django.utils import translation
from procrastinate.contrib.django import app

from coordination.networks import importing, rollup


@app.task(name="networks.read_list")
def read_list(batch_id, language, actor_id):
    with translation.override(language):
        importing.read(batch_id)


@app.task(name="networks.apply_list")
def apply_list(batch_id, language, actor_id):
    with translation.override(language):
        importing.apply(batch_id, actor_id)


@app.task(name="networks.undo_list")
def undo_list(batch_id, language, actor_id):
    with translation.override(language):
        importing.take_back(batch_id, actor_id)


@app.periodic(cron="47 18 * * *")
@app.task(name="networks.rebuild_levels", queueing_lock="networks.rebuild_levels")
def rebuild_levels(timestamp):
    rollup.rebuild()

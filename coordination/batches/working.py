"""The worker's side of an import: sentences are written in the language of who asked."""

from django.utils import translation
from procrastinate.contrib.django import app


def add_tasks(kind):
    """Register the tasks of a kind of import (steps.Import); called by the `tasks` of its app."""
    steps = {"read": lambda batch_id, _actor_id: kind.read(batch_id), "apply": kind.apply, "undo": kind.take_back}
    for name, step in steps.items():
        app.task(_in_language(step), name=f"{kind.app}.{name}_{kind.noun}")


def _in_language(step):
    def run(batch_id, language, actor_id):
        with translation.override(language):
            step(batch_id, actor_id)

    return run

"""A migration that was broken off can be run again."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState

from coordination.common.operations import AddIndexUnderLoad

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_index_is_built_anew_over_what_a_broken_try_left():
    before, add = (
        ProjectState.from_apps(apps),
        AddIndexUnderLoad("obstacle", models.Index(fields=["place"], name="trial")),
    )
    after = before.clone()
    add.state_forwards("obstacles", after)
    with connection.schema_editor(atomic=False) as editor:
        for _ in range(2):
            add.database_forwards("obstacles", editor, before, after)
        add.database_backwards("obstacles", editor, after, before)
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("3s",)

"""Each test that commits leaves the database as the migrations made it."""

import pytest
from django.db import connection

from coordination.history.models import Event
from coordination.networks.models import Operator
from coordination.obstacles.tests.factories import obstacle
from tests.databases import Migrated


@pytest.mark.django_db(transaction=True)
def test_what_was_committed_is_gone_and_what_migrations_made_is_back():
    migrated, names = Migrated(), set(Operator.objects.values_list("name", flat=True))
    obstacle()
    Operator.objects.first().delete()
    assert Event.objects.exists()
    migrated.restore()
    assert not Event.objects.exists()
    assert set(Operator.objects.values_list("name", flat=True)) == names
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)

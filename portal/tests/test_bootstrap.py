import pytest
from django.db import connection


@pytest.mark.django_db
def test_x():
    with connection.cursor() as c:
        c.execute("show session_replication_role")
        assert c.fetchone()[0] == "origin"
        c.execute("select count(*) from portal_cache")


@pytest.mark.django_db(transaction=True)
def test_y():
    pass

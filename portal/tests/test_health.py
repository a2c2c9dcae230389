import pytest
from django.db import connection
from django.test import Client


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.STORAGE_DIR = tmp_path / "storage"
    return settings.STORAGE_DIR


def test_alive_without_database_session_or_redirect(client, settings):
    settings.SECURE_SSL_REDIRECT = True  # no fixture for the database: any query fails this test
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert not response.cookies


@pytest.mark.django_db(transaction=True)
def test_ready(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready")
    assert not response.cookies


@pytest.mark.django_db(transaction=True)
def test_not_ready_while_the_storage_takes_no_files(client, storage):
    storage.write_text("a file where the folder should be")
    assert_not_ready(client)


@pytest.mark.django_db(transaction=True)
def test_not_ready_while_a_migration_is_missing(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions' RETURNING app, name, applied")
        rows = cursor.fetchall()
        try:
            assert_not_ready(client)
        finally:
            cursor.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", rows)


@pytest.mark.django_db(transaction=True)
def test_not_ready_while_the_database_is_read_only(client):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} SET default_transaction_read_only = on")
        try:
            assert_not_ready(client)
        finally:
            cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} RESET default_transaction_read_only")


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    assert_not_ready(client)


def test_only_reading(db):
    assert Client(enforce_csrf_checks=False).post("/healthz").status_code == 405


def assert_not_ready(client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready")

"""Whether this process is alive, and whether it can do its work; neither needs a session."""

import logging
import shutil
import tempfile

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse  # noqa: TID251 -- an answer for machines
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)

# A balancer asks every few seconds; an answer after its patience is as good as none.
CONNECT_SECONDS = 3
# Room for a few full uploads (ten files of 10 MB), while somebody makes more.
LEAST_FREE_BYTES = 512 * 1024**2


@never_cache
@require_safe
def healthz(request):
    """The process answers; touches neither database nor disk."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """Database writable, migrations applied, storage writable; the reason of a 503 stands in the log only."""
    trouble = _database_trouble() or _migration_trouble() or _storage_trouble()
    if trouble:
        log.error("not ready: %s", trouble)
        return HttpResponse("not ready", content_type="text/plain", status=503)
    return HttpResponse("ready", content_type="text/plain")


def _database_trouble():
    """Asks by a connection of its own, since the pool would wait for longer than a balancer does."""
    parameters = connection.get_connection_params() | {"connect_timeout": CONNECT_SECONDS}
    parameters = {name: value for name, value in parameters.items() if name not in ("pool", "cursor_factory")}
    try:
        with psycopg.connect(**parameters) as own:
            # Refused by a standby and by a database set to read only, and writes nothing.
            own.execute("UPDATE django_migrations SET applied = applied WHERE false")
    except psycopg.Error as error:
        return f"database: {error}"
    return None


def _migration_trouble():
    try:
        missing = [cache for cache in settings.CACHES.values() if cache["LOCATION"] not in _tables()]
        if missing:
            return "the tables of the cache are missing (createcachetable)"
        executor = MigrationExecutor(connection)
        return "migrations are missing" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else None
    except DatabaseError as error:
        return f"database: {error}"


def _tables():
    return set(connection.introspection.table_names())


def _storage_trouble():
    try:
        settings.STORAGE_DIR.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.STORAGE_DIR) as file:
            file.write(b"written")
    except OSError as error:
        return f"storage: {error}"
    return "the storage is nearly full" if shutil.disk_usage(settings.STORAGE_DIR).free < LEAST_FREE_BYTES else None

"""Whether this process is alive, and whether it can do its work; neither needs a session."""

import logging
import os

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse  # noqa: TID251 -- an answer for machines
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request):
    """The process answers; touches neither database nor disk."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """Database writable, migrations applied, storage writable; the reason of a 503 stands in the log only."""
    trouble = _trouble()
    if trouble:
        log.error("not ready: %s", trouble)
        return HttpResponse("not ready", content_type="text/plain", status=503)
    return HttpResponse("ready", content_type="text/plain")


def _trouble():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            if cursor.fetchone()[0]:
                return "the database takes no writes"
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "migrations are missing"
    except DatabaseError as error:
        return f"database: {error}"
    settings.STORAGE_DIR.mkdir(parents=True, exist_ok=True)
    return None if os.access(settings.STORAGE_DIR, os.W_OK) else "the storage takes no files"

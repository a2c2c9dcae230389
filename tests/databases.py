"""The databases of the workers: each a copy of one that was migrated once."""

from django.db import connection

# Any number that nothing else locks on this server.
LOCK = 7_205_759_403


def copy_what_was_migrated(run):
    """Let this worker's database be a copy of the run's template, which whoever comes first makes.

    `run` names the run: a template that an interrupted one left, whole or not, is made anew.
    """
    template = _template()
    with connection._nodb_cursor() as cursor:
        # The others wait for as long as the migrations take, or fail with them.
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # until the cursor's connection is closed
        cursor.execute(
            "SELECT FROM pg_database WHERE datname = %s AND shobj_description(oid, 'pg_database') = %s", [template, run]
        )
        if not cursor.rowcount:
            _migrate(template)
            cursor.execute(f"COMMENT ON DATABASE {connection.ops.quote_name(template)} IS %s", [run])
    # Nothing is left to migrate; to find that out takes longer than the copy.
    connection.settings_dict["TEST"] |= {"TEMPLATE": template, "MIGRATE": False}


def drop_template():
    """Remove the template of this run from a server that outlives it."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(_template())}")


def _template():
    return f"test_{connection.settings_dict['NAME']}_template"


def _migrate(template):
    test, name = connection.settings_dict["TEST"], connection.settings_dict["NAME"]
    own = test["NAME"]
    test["NAME"] = template
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        test["NAME"] = own
        connection.settings_dict["NAME"] = name

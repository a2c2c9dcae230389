"""The databases of the workers: each a copy of one that was migrated once, and put back after what tests commit."""

from django.db import connection, transaction

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
            cursor.execute(f"COMMENT ON DATABASE {_quoted(template)} IS %s", [run])
    # Nothing is left to migrate; to find that out takes longer than the copy.
    connection.settings_dict["TEST"] |= {"TEMPLATE": template, "MIGRATE": False}


def drop_template():
    """Remove the template of this run from a server that outlives it."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(_template())}")


class Migrated:
    """What the migrations put into each table, to be put back after a test that commits.

    Tables are emptied by DELETE, which costs nothing for the many that are empty; TRUNCATE makes new files for each.
    """

    def __init__(self):
        self.tables = [_quoted(name) for name in _tables() if name != "django_migrations"]
        self.rows = {table: data for table in self.tables if (data := _read(table))}

    def restore(self):
        """Leave in all tables what was there in the beginning, those too whose triggers forbid it.

        Triggers are off for this transaction alone: within a test they hold as in production.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            # Whoever still writes is waited for: rows that come later would meet the next test.
            cursor.execute(f"LOCK TABLE {', '.join(self.tables)}")
            cursor.execute("; ".join(f"DELETE FROM {table}" for table in self.tables))  # noqa: S608 - names of tables
            for table, data in self.rows.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(data)


def _tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return [name for (name,) in cursor.fetchall()]


def _read(table):
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


def _quoted(name):
    return connection.ops.quote_name(name)


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

"""How migrations change a database that is in use."""

from django.contrib.postgres.operations import AddIndexConcurrently


class AddIndexUnderLoad(AddIndexConcurrently):
    """Builds an index while others write. It waits for them as long as that takes, which stops nobody behind it, and
    begins anew when a broken try left its index behind.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.execute("SET lock_timeout = 0")
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        schema_editor.execute("RESET lock_timeout")

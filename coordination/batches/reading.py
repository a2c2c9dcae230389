"""What is found out while a list is read: how many rows there are, and why some of them cannot be taken."""

from contextlib import contextmanager

from coordination.batches.faults import RowFault, UnknownName

PIECE = 4000
# What is kept for the page; all are counted.
MOST_FAULTS = 500


class Findings:
    """Beside the good rows of a batch. What becomes of a name that is not understood, the kind of import says."""

    def __init__(self, batch):
        self.batch, self.rows, self.faulty, self.faults = batch, 0, 0, []

    def counting(self, rows):
        """The rows, counted, and the count shown to whoever waits."""
        for row in rows:
            self.rows += 1
            if self.rows % PIECE == 0:
                type(self.batch).objects.filter(pk=self.batch.pk).update(rows=self.rows)
            yield row

    @contextmanager
    def noting(self, row):
        """Keeps the fault of a row, or the name in it that is not understood."""
        try:
            yield
        except RowFault as fault:
            self.add(row.number, fault.column, str(fault))
        except UnknownName as unknown:
            self.add_unknown(row, unknown)

    def add(self, number, column, sentence):
        """One more row that cannot be taken, and why."""
        self.faulty += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append((number, column, sentence))

    def add_unknown(self, row, unknown):
        raise NotImplementedError

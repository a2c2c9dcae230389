"""A PostgreSQL server for one run of the tests: fast, unsafe on purpose, and thrown away afterwards.

Every run has a server of its own, so runs side by side and a running demo do not disturb each other.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from portal.serving import embedded

# A crash may eat the data of a test run; waiting for the disk would only cost time.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# What benchmarks of writing and of crashes need: as a real server works.
DURABLE = {"max_connections": "200"}


class Scratch:
    """One throwaway server; its address is known before it starts, since settings are read before that."""

    def __init__(self, var, options=OPTIONS):
        self.runs = embedded.home_for(Path(var).resolve() / "tests")
        self.sockets = embedded.new_socket_folder()
        atexit.register(shutil.rmtree, self.sockets, ignore_errors=True)
        self.cluster = embedded.Cluster(self.runs, options, sockets=self.sockets)

    @property
    def url(self):
        """A superuser's address: tests switch triggers off when they flush append-only tables."""
        return self.cluster.url(database="portal")

    def start(self):
        """Clear what killed runs left, then make and start the server."""
        self._sweep()
        self.folder = Path(tempfile.mkdtemp(dir=self.runs))
        self.folder.chmod(0o711)
        self.lock = _lock(self.folder)
        self.cluster.data = self.folder / "data"
        self.cluster.create()
        with open(self.folder / "postgresql.log", "wb") as log:
            self.cluster.start(log)

    def stop(self):
        """Stop the server and remove all of it."""
        self.cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self.lock)

    def _sweep(self):
        for folder in self.runs.iterdir():
            lock = _lock(folder) if (folder / "lock").exists() else None
            if lock is not None:
                embedded.end_leftovers(folder / "data")
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def _lock(folder):
    """The open lock of a run's folder, or None while another process holds it; it ends with its process."""
    file = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file

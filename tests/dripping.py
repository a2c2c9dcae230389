"""Clients that send one byte a second, as a phone at the edge of a cell does, or somebody who means harm."""

import contextlib
import socket
import threading
import time

import psutil

# As a browser sends a form: with the cookie, so that the token is looked for in the body.
FORM = (
    b"POST %b HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrf=" + b"a" * 32 + b"%b\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n"
)
HEADERS = b"GET /masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
EVERY_SECONDS = 1.0


def form(path="/masuk/", cookie=""):
    """The beginning of a slow form; `cookie` may name a session."""
    return FORM % (path.encode(), f"; {cookie}".encode() if cookie else b"")


def connect(port, number):
    return [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(number)]


def connect_to_one_worker(server, port, number):
    """Connections that are all held by one worker process: the kernel spreads them by chance, so even this happens."""
    links = connect(port, number * len(_workers(server)))
    chosen = set()
    for _ in range(50):
        held = max(_held(server, port), key=len)
        chosen = {link for link in links if link.getsockname()[1] in held}
        if len(chosen) >= number:
            break
        time.sleep(0.1)  # a worker may take a moment to accept
    assert len(chosen) >= number, "the connections are not seen in any worker"
    chosen = list(chosen)[:number]
    close(set(links) - set(chosen))
    return chosen


def spread(server, port):
    """How many connections each worker process of the server holds."""
    return [len(held) for held in _held(server, port) if held]


def close(links):
    for link in links:
        link.close()


@contextlib.contextmanager
def dripping(links, beginning):
    """All of them have sent the beginning and drip until the end of this block. Yields those that are still served."""
    for link in links:
        link.sendall(beginning)
        link.setblocking(False)
    served, stop = set(links), threading.Event()
    thread = threading.Thread(target=_drip, args=(served, stop), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        stop.set()
        thread.join()
        close(links)


def _drip(served, stop):
    while not stop.wait(EVERY_SECONDS):
        served -= {link for link in served if not _send_one(link)}


def _send_one(link):
    """Send a byte; False when the server has answered or closed the connection."""
    try:
        with contextlib.suppress(BlockingIOError):
            link.recv(4096)
            return False
        with contextlib.suppress(BlockingIOError):
            link.send(b"a")
    except OSError:
        return False
    return True


def _workers(server):
    return psutil.Process(server.pid).children(recursive=True)


def _held(server, port):
    """The clients' ports of the connections of each worker process."""
    return [
        {link.raddr.port for link in worker.net_connections("tcp") if link.laddr.port == port and link.raddr}
        for worker in _workers(server)
    ]

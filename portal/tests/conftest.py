"""What the tests of real servers share."""

import socket

import pytest


@pytest.fixture
def port():
    """A free port of the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

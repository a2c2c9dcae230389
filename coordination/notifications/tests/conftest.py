import pytest

from coordination.notifications.tests.clock import Clock


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands within working time until a test sets it."""
    return Clock(monkeypatch)

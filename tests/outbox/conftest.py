"""Who sits at the desk, and the desk."""

import pytest

from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from tests.outbox.driver import Desk


@pytest.fixture
def filer():
    region("32.73.01.1001")
    return lead("kpu", "32.73")


@pytest.fixture
def handler(filer):
    return lead("kominfo", "32.73")


@pytest.fixture
def desk(browser, live_server):
    made = Desk(browser, live_server.url)
    yield made
    made.context.close()

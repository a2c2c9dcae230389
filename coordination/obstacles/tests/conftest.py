"""The people of the tests of the pages."""

import pytest

from coordination.offices.tests.factories import official


@pytest.fixture
def kpu():
    return official("kpu", "32.73")


@pytest.fixture
def dinas():
    return official("kominfo", "32.73")

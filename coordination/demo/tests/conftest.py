"""The demonstration in small: all offices and accounts, fewer stories. Loaded once for all tests of this folder."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from coordination.campaigns.tests.factories import pilkada
from coordination.demo import loading


@pytest.fixture(scope="package")
def demo_settings(tmp_path_factory):
    """Settings of the demo, with a store for files that is thrown away."""
    location = {"location": tmp_path_factory.mktemp("files")}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": location}
    with override_settings(DEMO=True, STORAGES=settings.STORAGES | {"default": default}):
        yield


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, demo_settings, tmp_path_factory):
    """The loaded demonstration, rolled back after the module; returns what the loader said."""
    said = []
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(loading, "ORDINARY_REGENCIES", 8)
        pilkada(tmp_path_factory.mktemp("reference"), villages_of=("32.73", "32.04"))
        assert loading.load(say=said.append)
        yield said
        transaction.set_rollback(True)

"""What the tests of the pages share: people, and the form of a report as it is sent."""

import uuid

from django.test import Client
from django.utils import timezone

from coordination.regions.tests.factories import region


def signed_in(user, **options):
    client = Client(**options)
    client.force_login(user)
    return client


def form_values(**changes):
    return {
        "client_id": str(uuid.uuid4()),
        "region": region("32.73.01.1001").code,
        "kind": "weak_signal",
        "since": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "description": "Sinyal lemah di balai desa",
    } | changes

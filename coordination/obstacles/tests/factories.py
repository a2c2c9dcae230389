"""Obstacles for tests, filed through the same door as the pages use."""

import uuid

from django.utils import timezone

from coordination.obstacles import filing
from coordination.obstacles.choices import ObstacleKind
from coordination.offices.tests.factories import official
from coordination.regions.tests.factories import region


def obstacle(code="32.73.01.1001", *, actor=None, **values):
    """An obstacle reported in the region of this code, by its election office unless told otherwise."""
    actor = actor or official("kpu", ".".join(code.split(".")[:2]))
    values = {
        "region": region(code),
        "kind": ObstacleKind.WEAK_SIGNAL,
        "since": timezone.now(),
        "description": "Sinyal lemah di balai desa.",
    } | values
    row, _is_new = filing.report(values, actor=actor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex)
    return row

"""What tests of the pages of requests share."""

import uuid

from django.conf import settings
from django.test import Client
from django.urls import reverse


def signed_in(user, **options):
    client = Client(**options)
    client.force_login(user)
    return client


def in_english(user):
    """Signed in, and reading the words that stand in the code."""
    client = signed_in(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def step_url(item, verb):
    return reverse("requests:step", args=[item.slug, verb])


def form_values(hurdle, **changes):
    return {
        "client_id": str(uuid.uuid4()),
        "region": hurdle.region.code,
        "subject": "Sinyal lemah di balai desa",
        "obstacles": [hurdle.pk],
        "text": "Mohon diperiksa.",
        "urgency": "urgent",
        "decision": "submit",
    } | changes

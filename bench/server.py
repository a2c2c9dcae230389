"""The portal's own application with one more view, the floor that the pages are measured beside."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.conf import settings  # noqa: E402 - the settings must be named first
from django.core.wsgi import get_wsgi_application  # noqa: E402

settings.ROOT_URLCONF = "bench.urls"
settings.ALLOWED_HOSTS = ["127.0.0.1"]
application = get_wsgi_application()

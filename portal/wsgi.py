"""The WSGI application that the app server runs."""

import os

from django.core.wsgi import get_wsgi_application

from portal import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
environment.load_or_exit()

application = get_wsgi_application()

"""Settings of the tests: the portal's own, with what would make tests slow, unstyled or unsafe to run replaced."""

import os

from portal.serving import scratch

os.environ.setdefault("SECRET_KEY", "only-for-tests-" * 5)
os.environ.setdefault("HISTORY_KEY", "only-for-the-history-in-tests-" * 3)
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("PORTAL_URL", "https://portal.example.id")
os.environ.setdefault("EMAIL_HOST", "localhost")
os.environ.setdefault("DEFAULT_FROM_EMAIL", "portal@example.id")
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "60")

# conftest.py starts this server; workers of pytest-xdist find its address in the environment and use it too.
SCRATCH = None
if not os.environ.get("DATABASE_URL"):
    SCRATCH = scratch.Scratch(os.environ.get("PORTAL_VAR", "var"))
    os.environ["DATABASE_URL"] = SCRATCH.url

from portal.settings import *  # noqa: E402, F403 - the environment must be complete before settings are read
from portal.settings import DATABASES, STORAGES  # noqa: E402

# A pool keeps connections that a test's end must close.
DATABASES["default"]["OPTIONS"].pop("pool")
# Cheap hashing, for passwords that protect nothing.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A live server does not answer for the hashed names of the manifest: browser tests would silently run unstyled.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Nor is what a demonstration collected looked through anew for each of the tests' many clients.
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The test client and the live server speak plain HTTP.
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sesi", "csrf"

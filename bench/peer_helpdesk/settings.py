"""As its documentation tells, with what its own pages lack and a weak line needs: gzip, compressed and cached files."""

import os

VAR = os.environ["HELPDESK_VAR"]
SECRET_KEY = "only-for-a-benchmark-on-loopback"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["HELPDESK_DATABASE"],
        "USER": os.environ["HELPDESK_DATABASE"],
        "HOST": os.environ["HELPDESK_HOST"],
        "CONN_MAX_AGE": None,
    }
}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.admin",
    "django.contrib.humanize",
    "rest_framework",
    "helpdesk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "bench.peer_helpdesk.urls"
SITE_ID = 1
LOGIN_URL, LOGIN_REDIRECT_URL = "helpdesk:login", "helpdesk:home"
HELPDESK_TEAMS_MODE_ENABLED = False
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
STATIC_URL, STATIC_ROOT = "/static/", f"{VAR}/static"
MEDIA_URL, MEDIA_ROOT = "/media/", f"{VAR}/media"
# Names without a digest, since its styles name files that are not there; cached as long as hashed ones would be.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 365 * 24 * 60 * 60
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

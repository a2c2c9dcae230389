"""All settings, read from environment variables and checked at start (docs/operators.md lists them)."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal import environment

BASE_DIR = Path(__file__).resolve().parent.parent

# The demo is a mode of its own: it may load demonstration accounts and runs without TLS on loopback.
DEMO = environment.flag("PORTAL_DEMO", False)
DEBUG = False
SECRET_KEY = environment.secret("SECRET_KEY")
HISTORY_KEY = environment.secret("HISTORY_KEY")
# Mails lead back to this address.
PORTAL_URL = environment.address("PORTAL_URL", "http://127.0.0.1:8000" if DEMO else None, https=not DEMO)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEMO else None)
# Uploads and other files that belong to the portal's data, outside every web root.
STORAGE_DIR = Path(environment.text("STORAGE_DIR", str(BASE_DIR / "var" / "storage")))

# A page that waits longer than this helps nobody; commands may take their time (manage.py). A lock that is held longer
# than lock_timeout is answered with "try again", and a migration that waits for one does not stop the pages behind it.
STATEMENT_TIMEOUT = environment.number("DATABASE_STATEMENT_TIMEOUT", 15, least=0, most=3600)
DATABASES = {"default": environment.database("DATABASE_URL")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": DATABASES["default"].get("OPTIONS", {})
    | {
        # Two app server processes and the worker stay well below PostgreSQL's usual 100 connections.
        "pool": {
            "min_size": 1,
            "max_size": environment.number("DATABASE_POOL", 16, least=1, most=200),
            "timeout": 10,
        },
        "options": f"-c lock_timeout=3s -c statement_timeout={STATEMENT_TIMEOUT}s"
        f" -c idle_in_transaction_session_timeout={STATEMENT_TIMEOUT * 4}s",
    },
}

INSTALLED_APPS = [
    "portal",
    "coordination.common",
    "coordination.regions",
    "coordination.offices",
    "coordination.history",
    "coordination.uploads",
    "coordination.batches",
    "coordination.people",
    "coordination.workdays",
    "coordination.networks",
    "coordination.campaigns",
    "coordination.obstacles",
    "coordination.forecast",
    "coordination.requests",
    "coordination.notifications",
    "coordination.dashboards",
    "coordination.demo",
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "import_export",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "coordination.common.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "coordination.common.middleware.BusyMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coordination.common.context_processors.portal",
            ],
        },
    }
]
# Our own widget templates are found beside all others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Who signs in, and how
AUTH_USER_MODEL = "offices.Official"
AUTHENTICATION_BACKENDS = ["coordination.offices.backends.OfficialBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_work"
ACCOUNT_ADAPTER = "coordination.people.adapters.InvitationOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
# Nobody registers here, so an unknown address gets no mail; the page says the same for known and unknown ones.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
# Whole offices share one NAT address, so the address alone must allow many people's typing errors.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "300/h/ip,10/5m/key"}
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
CSRF_COOKIE_HTTPONLY = False  # static/js/outbox.js reads it: the token of a page may be that of an earlier sign-in
CSRF_FAILURE_VIEW = "coordination.common.views.csrf_failure"

# Headers and transport; only the demo on loopback may do without TLS
# What a proxy says of its client is believed only when the operator states that one stands in front and sets both
# headers anew; otherwise anybody could call a plain connection safe or an address somebody else's.
TRUSTED_PROXY = environment.flag("TRUSTED_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY else None
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP" if TRUSTED_PROXY else None
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_HSTS_PRELOAD = not DEMO
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_NAME = "sesi" if DEMO else "__Host-sesi"
CSRF_COOKIE_NAME = "csrf" if DEMO else "__Host-csrf"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY = {"geolocation": "self", "camera": [], "microphone": [], "payment": [], "usb": []}

# Language and time. Times are stored in UTC and shown in the region's own zone.
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "bahasa"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
FORMAT_MODULE_PATH = ["portal.formats"]

# Static files and uploads
STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": STORAGE_DIR}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
# More than a form takes, so that one photo too many is answered beside its field and not with a bare 400.
DATA_UPLOAD_MAX_NUMBER_FILES = 100

# Several processes share one cache, so it lives in the database. What was typed by people whose session had ended has
# a table of its own: strangers can fill that one, and must not push the counters of sign-in attempts out.
_CACHE = "django.core.cache.backends.db.DatabaseCache"
CACHES = {
    "default": {"BACKEND": _CACHE, "LOCATION": "portal_cache", "OPTIONS": {"MAX_ENTRIES": 200_000}},
    "parked": {"BACKEND": _CACHE, "LOCATION": "portal_parked", "OPTIONS": {"MAX_ENTRIES": 20_000}},
    # So have the public pages, of which there are more than fit.
    "public": {"BACKEND": _CACHE, "LOCATION": "portal_public", "OPTIONS": {"MAX_ENTRIES": 20_000}},
}

EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = STORAGE_DIR / "mail"
EMAIL_HOST = environment.text("EMAIL_HOST", "localhost" if DEMO else None)
EMAIL_PORT = environment.number("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", False)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "portal@localhost" if DEMO else None)
# The domain marks the Message-ID of each mail.
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip(">")

# Called in this order, inside the transaction of each change, with the new event (history.recording).
HISTORY_SUBSCRIBERS = [
    "coordination.notifications.dispatch.announce",
    "coordination.forecast.refreshing.mark",
    "coordination.requests.recomputing.mark",
]
# The tasks that compute anew what was computed by the calendar of working days, deferred when it changes.
CALENDAR_SUBSCRIBERS = ["requests.recompute_deadlines"]
# The tasks that count by deadlines, deferred when these were computed anew.
DEADLINE_SUBSCRIBERS = ["dashboards.refresh_regencies", "dashboards.refresh_above"]
HISTORY_READERS = ["coordination.notifications.dispatch.mark_read"]
# Who takes a file that came in pieces, by the model that it was announced with (uploads.resuming).
UPLOAD_RECEIVERS = {
    "obstacles.obstacle": "coordination.obstacles.filing.receive_photo",
    "networks.assessment": "coordination.networks.recording.receive_screenshot",
    "requests.coordinationrequest": "coordination.requests.filing.receive_file",
}

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_USE_TRANSACTIONS = True

# procrastinate reports each task that it registers, which says nothing to an operator.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"procrastinate": {"level": "WARNING"}},
}

SITE_NAME = _("Coordination Portal for Online Campaigning")

environment.finish()

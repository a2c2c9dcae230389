"""Reads settings from environment variables and answers nonsense with sentences, all of them at once.

A reader never raises: it notes what is wrong and hands back a stand-in of the right type, so that the rest of the
settings is read too. `finish()` then refuses to start if anything was noted.
"""

import importlib
import os
import re
import sys
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

GUIDE = "docs/operators.md explains every variable."
# What may follow the "?" of a database address; anything else would silently not do what its writer meant.
CONNECTION_OPTIONS = {
    "host", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name",
    "target_session_attrs", "channel_binding", "keepalives", "keepalives_idle", "keepalives_interval",
}  # fmt: skip

_problems = []


class EnvironmentProblems(ImproperlyConfigured):
    """One sentence for each variable that is missing or wrong."""


def problem(sentence):
    """Note what is wrong; `finish` reports it."""
    _problems.append(sentence)


def finish():
    """Refuse to start when anything was wrong, with all of it."""
    if _problems:
        sentences = "".join(f"\n  - {sentence}" for sentence in _problems)
        _problems.clear()
        raise EnvironmentProblems(f"The portal cannot start with these settings:{sentences}\n{GUIDE}")


def load_or_exit():
    """Read the settings; when they are wrong, print the sentences instead of a traceback and end with 1."""
    try:
        importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except EnvironmentProblems as problems:
        sys.exit(str(problems))


def text(name, default=None):
    """The variable's value; without a default, a missing or empty one is refused."""
    value = os.environ.get(name) or default
    if value is None:
        problem(f"{name} is missing.")
    return value or ""


def flag(name, default):
    """True or False; any other word is refused."""
    value = os.environ.get(name) or str(default)
    if value not in ("True", "False"):
        problem(f"{name}={value!r} is neither True nor False.")
    return value == "True"


def number(name, default, *, least, most):
    """A whole number within least..most."""
    value = os.environ.get(name) or str(default)
    if not re.fullmatch("[0-9]{1,9}", value) or not least <= int(value) <= most:
        problem(f"{name}={value!r} is not a whole number from {least} to {most}.")
        return default
    return int(value)


def words(name, default=None):
    """A list written with commas between its items; without a default, an empty one is refused."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name):
    """At least 50 characters of some variety, from the variable or from the file named by <name>_FILE."""
    path = os.environ.get(f"{name}_FILE")
    value = _content(f"{name}_FILE", path) if path else os.environ.get(name, "")
    if value is None:
        return ""
    if not value:
        problem(f"{name} is missing: set it, or {name}_FILE to the path of a file that holds it.")
    elif len(value) < 50 or len(set(value)) < 5 or value.startswith("django-insecure-"):
        problem(f"{name} is too weak: use at least 50 random characters.")
    return value


def _content(name, path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        problem(f"{name}={path!r} cannot be read: {getattr(error, 'strerror', None) or 'it is not text'}.")
        return None


def address(name, default=None, *, https):
    """The portal's own address: a scheme and a host, no path; plain http only where `https` is not asked for."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    schemes = ("https",) if https else ("http", "https")
    if value and (parts.scheme not in schemes or not parts.hostname or parts.path or parts.query):
        problem(f"{name}={value!r} is not of the form {schemes[-1]}://host, without a path.")
    return value


def database(name):
    """Django's database dictionary from postgresql://user:password@host:port/name?sslmode=require."""
    value = text(name)
    if not value:
        return {}
    form = f"{name} is not of the form postgresql://user:password@host:port/database"  # never shows the password
    try:
        url = urlsplit(value)
        port = str(url.port or "")
    except ValueError:
        problem(f"{form}: its host or port cannot be read.")
        return {}
    if url.scheme not in ("postgres", "postgresql") or len(url.path) < 2:
        problem(f"{form}.")
        return {}
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    for unknown in sorted(options.keys() - CONNECTION_OPTIONS):
        problem(f"{name} has an unknown option {unknown!r}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path[1:]),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", unquote(url.hostname or "")),
        "PORT": port,
        "OPTIONS": options,
    }

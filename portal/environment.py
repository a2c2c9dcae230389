"""Reads settings from environment variables and refuses nonsense with a sentence."""

import os
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name, default=None):
    """The variable's value; without a default, a missing or empty one is refused."""
    value = os.environ.get(name, default)
    if value in (None, ""):
        raise ImproperlyConfigured(f"{name} is missing. Set it in the environment; docs/operators.md explains it.")
    return value


def flag(name, default):
    """True or False; any other word is refused."""
    value = os.environ.get(name, str(default))
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f"{name}={value!r} is neither True nor False.")
    return value == "True"


def number(name, default, *, least, most):
    """A whole number within least..most."""
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number from {least} to {most}.")
    return int(value)


def words(name, default=""):
    """A list written with commas between its items."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret(name):
    """At least 50 characters, from the variable or from the file named by <name>_FILE."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            with open(path, encoding="utf-8") as file:
                value = file.read().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path!r} cannot be read: {error.strerror}.") from error
    else:
        value = text(name)
    if len(value) < 50 or value.startswith("django-insecure-"):
        raise ImproperlyConfigured(f"{name} is too weak: use at least 50 random characters.")
    return value


def database(name):
    """Django's database dictionary from postgresql://user:password@host:port/name."""
    url = urlsplit(text(name))
    if url.scheme not in ("postgres", "postgresql") or len(url.path) < 2:
        raise ImproperlyConfigured(f"{name} is not of the form postgresql://user:password@host:port/database.")
    query = dict(pair.split("=", 1) for pair in url.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path[1:]),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(query.pop("host", url.hostname or "")),
        "PORT": str(url.port or ""),
    }

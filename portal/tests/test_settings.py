"""Wrong settings are answered with sentences, all at once and without a traceback, by real processes."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from portal import environment

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "HISTORY_KEY": secrets.token_urlsafe(48),
    "DATABASE_URL": "postgresql://portal:geheim@127.0.0.1:1/portal?sslmode=disable",
    "ALLOWED_HOSTS": "portal.example.id",
    "PORTAL_URL": "https://portal.example.id",
    "EMAIL_HOST": "mail.example.id",
    "DEFAULT_FROM_EMAIL": "portal@example.id",
}


def manage(*arguments, **variables):
    """Run manage.py with these variables and no others of the portal's."""
    system = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=system | variables, capture_output=True, text=True, timeout=60)


def test_production_settings_pass_every_check():
    run = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert run.returncode == 0, run.stderr
    assert "0 silenced" in run.stdout


def test_every_missing_variable_is_named_at_once():
    run = manage("check")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    for name in PRODUCTION:
        assert f"{name} is missing" in run.stderr


def test_every_wrong_variable_is_named_at_once(tmp_path):
    wrong = {
        "SECRET_KEY": "short",
        "HISTORY_KEY_FILE": str(tmp_path / "nowhere"),
        "DATABASE_URL": "mysql://portal:geheim@db/portal",
        "PORTAL_URL": "http://portal.example.id",
        "DATABASE_POOL": "many",
        "EMAIL_PORT": "70000",
        "TRUSTED_PROXY": "yes",
    }
    run = manage("check", **PRODUCTION | wrong)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    for sentence in (
        "SECRET_KEY is too weak",
        "HISTORY_KEY_FILE=",
        "DATABASE_URL is not of the form",
        "PORTAL_URL='http://portal.example.id' is not of the form https://host",
        "DATABASE_POOL='many' is not a whole number from 1 to 200",
        "EMAIL_PORT='70000'",
        "TRUSTED_PROXY='yes' is neither True nor False",
    ):
        assert sentence in run.stderr
    assert "geheim" not in run.stderr, "a password must not reach the log"


def test_the_demo_is_refused_where_others_reach_it():
    run = manage("check", **PRODUCTION | {"PORTAL_DEMO": "True"})
    assert run.returncode == 1
    assert "portal.E001" in run.stderr


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("postgresql://u:p%40ss@db:5433/portal", {"PASSWORD": "p@ss", "HOST": "db", "PORT": "5433"}),
        ("postgres://u@/portal?host=/run/a%20b", {"HOST": "/run/a b", "NAME": "portal"}),
        ("postgresql://u@db/portal?sslmode=verify-full", {"OPTIONS": {"sslmode": "verify-full"}}),
    ],
)
def test_database_addresses(monkeypatch, url, part):
    monkeypatch.setenv("DATABASE_URL", url)
    assert part.items() <= environment.database("DATABASE_URL").items()
    environment.finish()


@pytest.mark.parametrize("url", ["postgresql://u@db:port/x", "postgresql://db", "postgresql://db/x?sslmod=require", ""])
def test_addresses_that_are_refused(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    environment.database("DATABASE_URL")
    with pytest.raises(environment.EnvironmentProblems, match="DATABASE_URL"):
        environment.finish()


def test_a_secret_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text(PRODUCTION["SECRET_KEY"] + "\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert environment.secret("SECRET_KEY") == PRODUCTION["SECRET_KEY"]


@pytest.mark.parametrize("weak", ["x" * 60, "django-insecure-" + "abcdefgh" * 6, "abcdefgh"])
def test_weak_secrets_are_refused(monkeypatch, weak):
    monkeypatch.setenv("SECRET_KEY", weak)
    environment.secret("SECRET_KEY")
    with pytest.raises(environment.EnvironmentProblems, match="too weak"):
        environment.finish()

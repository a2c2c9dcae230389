"""The Indonesian catalogue is complete, without doubtful entries, and compiled."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/id/LC_MESSAGES/django.po")
SOURCES = ("coordination", "portal", "templates", "locale")
needs_gettext = pytest.mark.skipif(
    shutil.which("msgfmt") is None, reason="no gettext: install it (Debian, Ubuntu: apt-get install gettext)"
)


def run(*command, folder):
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def renewed(tmp_path_factory):
    """The catalogue as it is once all texts of the sources were collected anew."""
    folder = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("tests", "__pycache__"))
    options = ("--locale", "id", "--no-wrap", "--no-obsolete", "--no-location")
    run(sys.executable, "-m", "django", "makemessages", *options, folder=folder)
    return folder / CATALOGUE


@needs_gettext
@pytest.mark.parametrize("fault", ["--untranslated", "--only-fuzzy"])
def test_every_text_has_its_indonesian_words(renewed, fault):
    assert run("msgattrib", fault, "--no-obsolete", str(renewed), folder=ROOT).decode() == ""


@needs_gettext
def test_the_compiled_catalogue_is_that_of_the_texts():
    compiled = run("msgfmt", "--check-format", "-o", "-", str(CATALOGUE), folder=ROOT)
    assert (ROOT / CATALOGUE).with_suffix(".mo").read_bytes() == compiled

"""What every test needs: the database, flushing of append-only tables, and a browser."""

import gc
import os
import shutil

import pytest
from django.conf import settings
from django.test import TransactionTestCase

from tests import databases

HOW_TO_GET_CHROMIUM = (
    "no Chromium: install one (Debian, Ubuntu: apt-get install chromium) or name one in the variable CHROMIUM"
)


def pytest_configure(config):
    """Start the throwaway database server, once for all workers of this run."""
    # Pages are rendered from millions of small objects that live for a moment: looking through them is wasted time.
    gc.set_threshold(200_000, 20, 20)
    scratch = getattr(settings, "SCRATCH", None)
    if scratch:
        scratch.start()
        config.add_cleanup(scratch.stop)
    elif config.getoption("numprocesses", None) and not _is_worker(config):
        config.add_cleanup(databases.drop_template)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Skip browser tests where there is no browser, and say how to get one; else begin with them, the longest ones."""
    if chromium():
        items.sort(key=lambda item: item.get_closest_marker("browser") is None)
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=HOW_TO_GET_CHROMIUM))


def _is_worker(config):
    return hasattr(config, "workerinput")


def pytest_sessionfinish(session, exitstatus):
    """Under FAIL_ON_SKIP=1 a run that left anything out has failed."""
    if os.environ.get("FAIL_ON_SKIP") == "1" and exitstatus == pytest.ExitCode.OK and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    """Say why each test was left out."""
    reasons = {report.longrepr[2] for report in _skipped(config) if isinstance(report.longrepr, tuple)}
    for reason in sorted(reasons):
        terminalreporter.write_line(f"Not run: {reason}")
    if reasons and os.environ.get("FAIL_ON_SKIP") == "1":
        terminalreporter.write_line("FAIL_ON_SKIP=1: every test must run here.", red=True)


def _skipped(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if reporter else []


def chromium():
    """The path of a Chromium, or None; best the one without a window, which costs less than half the time."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser():
    """A Chromium for the whole run; use it in tests marked `browser`."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to import, few tests need it

    # Playwright's loop runs in this thread; without this Django takes every query of the test for an async one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    arguments = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not work for root.
        yield playwright.chromium.launch(executable_path=chromium(), args=arguments, chromium_sandbox=os.geteuid() != 0)


@pytest.fixture(autouse=True)
def _closed_pages(request):
    """Close what a test left open: its timers would ask the server during the tests that follow in this process."""
    yield
    if "browser" in request.fixturenames:
        for context in request.getfixturevalue("browser").contexts:
            context.close()


@pytest.fixture
def page(browser, live_server):
    """A fresh page on the live server, with nothing kept from other tests."""
    context = browser.new_context(base_url=live_server.url, locale="id-ID")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings, request, django_db_blocker, django_db_keepdb, django_db_use_migrations
):
    """Migrate once for all workers of a run, which takes each of them longer than many of the tests."""
    if not _is_worker(request.config) or django_db_keepdb or not django_db_use_migrations:
        return
    with django_db_blocker.unblock():
        databases.copy_what_was_migrated(run=request.config.workerinput["testrunuid"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Restore what the migrations made after each transactional test, in place of Django's slow and thorough flush."""
    with django_db_blocker.unblock():
        migrated = databases.Migrated()
    TransactionTestCase._fixture_teardown = lambda _test: migrated.restore()

"""Measuring in a real Chromium, to the end: on a good network, on 2G, with refusals, and without JavaScript."""

import time

import pytest

from coordination.networks import allowance
from coordination.networks.models import Assessment
from coordination.networks.tests.factories import thresholds
from coordination.obstacles.models import Obstacle
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from tests.test_browser import open_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VILLAGE = "32.73.01.1001"
FIGURES = ("download_mbps", "upload_mbps", "latency_ms", "jitter_ms", "loss_percent")
MOST_BYTES = 2_000_000


@pytest.fixture
def measurer():
    thresholds()
    region(VILLAGE)
    return lead("kpu", "32.73")


def open_form(browser, live_server, person, **options):
    page = open_as(browser, live_server, person, **options)
    page.goto("/ukur/")
    return page


def slow_down(page, *, down, up, latency):
    """The network of Chromium's emulation: kilobits a second and milliseconds."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    conditions = {"offline": False, "latency": latency, "downloadThroughput": down * 125, "uploadThroughput": up * 125}
    session.send("Network.emulateNetworkConditions", conditions)


def run(page):
    """Measure to the end; returns the seconds that it took."""
    begin = time.monotonic()
    page.click("#measure button")
    page.wait_for_selector("#measure button:has-text('Mulai ukur')", timeout=20_000)
    return time.monotonic() - begin


def figures(page):
    """What the script filled in, as numbers; None for an empty field."""
    typed = {name: page.input_value(f"[name={name}]").replace(",", ".") for name in (*FIGURES, "bytes_used")}
    return {name: float(value) if value else None for name, value in typed.items()}


def test_a_measurement_fills_the_form_and_leads_to_a_report(browser, live_server, measurer):
    page = open_form(browser, live_server, measurer)
    page.wait_for_selector("#measure:visible")
    assert "2 MB" in page.inner_text("#measure")
    run(page)
    found = figures(page)
    assert None not in found.values()
    assert found["loss_percent"] == 0
    assert found["bytes_used"] <= MOST_BYTES
    page.fill("[name=region]", VILLAGE)
    page.click("form.stack .btn-primary")
    page.wait_for_selector("text=Laporkan sebagai hambatan")
    made = Assessment.objects.get()
    assert (made.method, made.region.code, float(made.download_mbps)) == ("portal", VILLAGE, found["download_mbps"])
    page.click("text=Laporkan sebagai hambatan")
    page.select_option("#id_kind", "weak_signal")
    page.click("form.stack .btn-primary")
    page.click("dd a:has-text('Pengukuran')")
    assert Obstacle.objects.get().measurement == made


def test_on_2g_it_stops_within_its_time_and_bytes_and_finds_the_right_order(browser, live_server, measurer):
    page = open_form(browser, live_server, measurer)
    slow_down(page, down=50, up=20, latency=800)
    took = run(page)
    found = figures(page)
    print({"seconds": took, **found})
    assert took < 12
    assert 0.02 <= found["download_mbps"] <= 0.1
    assert found["upload_mbps"] is None or 0.005 <= found["upload_mbps"] <= 0.06
    assert 700 <= found["latency_ms"] <= 3000
    assert found["bytes_used"] <= 60_000
    assert page.input_value("[name=download_mbps]").startswith("0,0")


def test_figures_changed_by_hand_are_no_longer_the_portals(browser, live_server, measurer):
    page = open_form(browser, live_server, measurer)
    run(page)
    assert page.input_value("[name=method]") == "portal"
    page.fill("[name=download_mbps]", "99")
    assert page.input_value("[name=method]") == "typed"


def test_it_can_be_stopped_and_fills_in_nothing_then(browser, live_server, measurer):
    page = open_form(browser, live_server, measurer)
    slow_down(page, down=50, up=20, latency=800)
    page.click("#measure button")
    page.click("#measure button:has-text('Hentikan')")
    page.wait_for_selector("#measure [role=status]:has-text('Dihentikan')")
    assert set(figures(page).values()) == {None}


def test_offline_it_says_that_nothing_was_measured(browser, live_server, measurer):
    page = open_form(browser, live_server, measurer)
    page.context.set_offline(True)
    run(page)
    assert "tidak dapat dihubungi" in page.inner_text("#measure [role=status]")
    assert set(figures(page).values()) == {None}


def test_beyond_the_allowance_it_says_to_come_again(browser, live_server, measurer, monkeypatch):
    monkeypatch.setattr(allowance, "MOST_REQUESTS", 2)
    page = open_form(browser, live_server, measurer)
    run(page)
    assert "sepuluh menit" in page.inner_text("#measure [role=status]")


def test_without_javascript_figures_are_typed(browser, live_server, measurer):
    page = open_form(browser, live_server, measurer, java_script_enabled=False)
    assert not page.is_visible("#measure")
    page.fill("[name=region]", VILLAGE)
    page.fill("[name=download_mbps]", "4,25")
    page.click("form.stack .btn-primary")
    made = Assessment.objects.get()
    assert (made.method, made.level, made.download_mbps * 100) == ("typed", "medium", 425)
    assert "4,25 Mbps" in page.content()

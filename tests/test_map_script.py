"""The map in a real Chromium: what its script adds, by pointer, keyboard and finger, and that nothing needs it."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from coordination.dashboards import keeping
from coordination.dashboards.choices import Tier
from coordination.networks.choices import NetworkLevel
from coordination.networks.models import RegionLevel
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.regions.models import Region
from coordination.regions.tests.factories import region
from tests.test_browser import open_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# code: level, latitude, longitude
PLACES = {
    "32.04": (NetworkLevel.STRONG, -7.1, 107.5),
    "32.73": (NetworkLevel.WEAK, -6.9, 107.6),
    "33.74": ("", -7.0, 110.4),
    "94.01": (NetworkLevel.NO_SIGNAL, -3.3, 135.5),
}
NAMES = {"32.04": "Kab. Bandung", "32.73": "Kota Bandung", "33.74": "Kota Semarang", "94.01": "Kab. Nabire"}


@pytest.fixture
def country(db):
    """Four regencies on the map, one of them with two obstacles."""
    for code, (level, latitude, longitude) in PLACES.items():
        made = region(code)
        Region.objects.filter(pk=made.pk).update(name=NAMES[code], latitude=latitude, longitude=longitude)
        if level:
            RegionLevel.objects.create(region=made, level=level, is_derived=True, newest_at=timezone.now())
    for _number in range(2):
        obstacle("32.73.01.1001", actor=lead("kpu", "32.73"))
    keeping.refresh_all(Tier.ABOVE)


@pytest.fixture
def map_page(country, browser, live_server):
    page = open_as(browser, live_server, lead("kpu"), viewport={"width": 1280, "height": 900})
    page.goto("/peta/")
    expect(page.locator('button[value="+"]')).to_be_visible()
    return page


def dot(page, code):
    return page.locator(f'.map svg a[href="/wilayah/{code}/"]')


def box_of(page):
    """x, y, width and height of what the drawing shows."""
    return [float(number) for number in page.locator(".map svg").get_attribute("viewBox").replace(",", " ").split()]


def press(page, button):
    page.locator(f'button[value="{button}"]').click()


def test_the_card_says_what_the_row_says(map_page):
    dot(map_page, "32.73").hover()
    card = map_page.locator(".map .card")
    expect(card).to_be_visible()
    name, level, obstacles = (
        map_page.locator("#table tr", has_text="Kota Bandung").locator("th, td").all_inner_texts()[:3]
    )
    for said in (name, level, f"{obstacles} hambatan"):
        assert said in card.inner_text()
    card.hover()  # one can move onto it
    expect(card).to_be_visible()
    map_page.keyboard.press("Tab")
    dot(map_page, "33.74").hover()
    expect(card).to_contain_text("Kota Semarang")
    map_page.locator("h1").hover()
    expect(card).to_be_hidden()


def test_the_card_comes_with_the_focus_and_goes_with_escape(map_page):
    dot(map_page, "94.01").focus()
    card = map_page.locator(".map .card")
    expect(card).to_contain_text("Kab. Nabire")
    map_page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    map_page.keyboard.press("Enter")
    map_page.wait_for_url("**/wilayah/94.01/")


def test_a_click_on_a_dot_leads_to_its_page(map_page):
    dot(map_page, "32.73").click()
    map_page.wait_for_url("**/wilayah/32.73/")


def test_a_click_on_a_dot_off_the_middle_of_a_zoomed_map_leads_to_its_page(map_page):
    # From where it is in the middle, a step of the map to the side.
    dot(map_page, "32.04").focus()
    map_page.locator('button[value="+"]').press("Enter")
    dot(map_page, "32.04").focus()
    frame = map_page.locator(".map svg").bounding_box()
    middle = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] - 20
    map_page.mouse.move(*middle)
    map_page.mouse.down()
    map_page.mouse.move(middle[0] + 120, middle[1], steps=4)
    map_page.mouse.up()
    at = dot(map_page, "32.04").bounding_box()
    map_page.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    expect(map_page).to_have_url(re.compile("/wilayah/32.04/$"))


def test_a_dot_has_a_name_and_no_second_bubble(map_page):
    expect(map_page.get_by_role("link", name="Kota Bandung: ")).to_have_count(1)
    assert map_page.locator(".map svg title").count() == 0


def test_zoom_shows_less_and_dots_keep_their_size(map_page):
    whole, size = box_of(map_page), dot(map_page, "33.74").locator("use").first.bounding_box()["width"]
    press(map_page, "+")
    press(map_page, "+")
    assert box_of(map_page)[2] == pytest.approx(whole[2] / 4)
    assert dot(map_page, "33.74").locator("use").first.bounding_box()["width"] == pytest.approx(size, rel=0.02)
    map_page.locator(".map").press("-")
    assert box_of(map_page)[2] == pytest.approx(whole[2] / 2)
    press(map_page, "0")
    assert box_of(map_page) == pytest.approx(whole)
    press(map_page, "-")
    assert box_of(map_page) == pytest.approx(whole)


def test_the_focus_takes_the_map_along(map_page):
    for _time in range(4):
        map_page.locator('button[value="+"]').press("Enter")
    dot(map_page, "94.01").focus()
    left, top, width, height = box_of(map_page)
    x, y = (float(dot(map_page, "94.01").locator("use").first.get_attribute(name)) for name in "xy")
    assert left <= x <= left + width and top <= y <= top + height
    expect(map_page.locator(".map .card")).to_contain_text("Kab. Nabire")


def test_dragging_moves_what_is_shown_and_follows_no_link(map_page):
    press(map_page, "+")
    before, frame = box_of(map_page), map_page.locator(".map svg").bounding_box()
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    map_page.mouse.move(x, y)
    map_page.mouse.down()
    map_page.mouse.move(x - 100, y, steps=5)
    map_page.mouse.up()
    assert box_of(map_page)[0] == pytest.approx(before[0] + before[2] * 100 / frame["width"], rel=0.02)
    assert map_page.url.endswith("/peta/")


def test_the_filter_hides_dots_and_rows_and_says_how_many(map_page):
    status = map_page.locator("[role=status][data-words]")
    expect(status).to_contain_text("4")
    map_page.locator('.legend input[value="strong"]').uncheck()
    expect(dot(map_page, "32.04")).to_be_hidden()
    expect(map_page.locator("#table tbody tr:visible")).to_have_count(3)
    expect(status).to_contain_text("3")
    map_page.locator('.legend input[value="O"]').check()
    expect(map_page.locator("#table tbody tr:visible")).to_have_count(1)
    expect(dot(map_page, "32.73")).to_be_visible()
    expect(dot(map_page, "33.74")).to_be_hidden()
    map_page.locator('.legend input[value="U"]').uncheck()
    map_page.locator('.legend input[value="O"]').uncheck()
    expect(map_page.locator("#table tbody tr:visible")).to_have_count(2)


def test_the_first_tap_shows_the_card_and_the_second_follows(country, browser, live_server):
    page = open_as(browser, live_server, lead("kpu"), has_touch=True, viewport={"width": 360, "height": 740})
    page.goto("/peta/")
    dot(page, "32.73").tap()
    expect(page.locator(".map .card")).to_be_visible()
    expect(page.locator(".map .card")).to_contain_text("Kota Bandung")
    assert page.url.endswith("/peta/")
    dot(page, "32.73").tap()
    page.wait_for_url("**/wilayah/32.73/")


def test_without_javascript_all_links_are_there_and_nothing_dead(country, browser, live_server):
    page = open_as(browser, live_server, lead("kpu"), java_script_enabled=False)
    page.goto("/peta/")
    for code in PLACES:
        assert page.locator(f'a[href="/wilayah/{code}/"]').count() == 2
    expect(page.locator(".map svg title")).to_have_count(4)
    expect(page.locator("main button, main input, .map .card").locator("visible=true")).to_have_count(0)


def test_the_script_keeps_the_content_security_policy(map_page):
    said = []
    map_page.on("console", lambda message: said.append(message.text))
    map_page.on("pageerror", lambda error: said.append(str(error)))
    map_page.reload()
    dot(map_page, "32.73").hover()
    press(map_page, "+")
    assert said == []

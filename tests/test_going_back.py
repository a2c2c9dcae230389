"""In a real browser: going back and sending again makes one record, and Enter joins nothing.

With JavaScript the page of what was sent takes the place of the form, so that going back does not even lead there.
"""

import pytest

from coordination.obstacles.models import Obstacle, Participation
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.models import Comment, CoordinationRequest
from coordination.requests.tests.factories import coordination_request
from tests.outbox.driver import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def desk(request, browser, live_server):
    made = Desk(browser, live_server.url, java_script_enabled=request.param)
    made.runs_scripts = request.param
    yield made
    made.context.close()


@pytest.fixture
def filer():
    region("32.73.01.1001")
    return lead("kpu", "32.73")


def send_go_back_and_send(desk, page, form, button, shown):
    page.click(f"{form} {button}")
    page.wait_for_url(shown)
    page.go_back()
    if desk.runs_scripts:
        page.wait_for_url("**/")
        return
    page.wait_for_selector(form)
    page.click(f"{form} {button}")
    page.wait_for_timeout(1500)


def test_a_request(desk, filer):
    lead("kominfo", "32.73")
    obstacle(actor=filer)
    page = desk.sign_in(filer)
    page.goto("/permohonan/baru/")
    page.fill("#id_subject", "Rapat daring di aula")
    page.check("input[name=obstacles]")
    page.fill("#id_text", "Mohon titik akses tambahan.")
    send_go_back_and_send(desk, page, "main form.stack", "button[value=submit]", "**/permohonan/PK-*/")
    assert CoordinationRequest.objects.count() == 1


def test_an_obstacle(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.fill("#id_region", "32.73.01.1001")
    page.select_option("#id_kind", "power")
    page.fill("#id_since", "2026-01-05T09:00")
    page.fill("#id_description", "Padam sejak pagi")
    send_go_back_and_send(desk, page, "main form.stack", ".btn-primary", "**/hambatan/HB-*/")
    assert Obstacle.objects.count() == 1


def test_a_comment(desk, filer):
    item = coordination_request(State.SUBMITTED, filer=filer)
    page = desk.sign_in(filer)
    page.goto(item.get_absolute_url())
    page.fill("#comment_text", "Mohon kabar")
    page.click("form[action$='#comments'] .btn")
    page.wait_for_timeout(1000)
    page.goto(item.get_absolute_url())
    page.fill("#comment_text", "Mohon kabar")
    page.click("form[action$='#comments'] .btn")
    page.wait_for_timeout(1000)
    assert Comment.objects.count() == 1


def test_enter_never_joins_an_obstacle_that_is_only_suggested(desk, filer):
    region("32.73.10.1001")
    obstacle(actor=lead("kpu", "32"), kind="power")
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.fill("#id_region", "32.73.01.1001")
    page.select_option("#id_kind", "power")
    page.fill("#id_description", "Padam sejak pagi")
    page.click("main form.stack .btn-primary")
    page.wait_for_selector("button[value^='join:']")
    page.fill("#id_region", "32.73.10.1001")
    page.press("#id_region", "Enter")
    page.wait_for_url("**/hambatan/HB-*/")
    assert not Participation.objects.exists()
    assert Obstacle.objects.filter(region__code="32.73.10.1001").count() == 1

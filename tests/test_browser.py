"""The portal in a real Chromium: the main job by hand, without JavaScript too."""

import pytest

from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import PASSWORD, lead
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import SOON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page, person):
    page.goto("/masuk/")
    page.fill("#id_login", person.username)
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/")


def open_as(browser, live_server, person, **options):
    page = browser.new_context(base_url=live_server.url, locale="id-ID", **options).new_page()
    sign_in(page, person)
    return page


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_request_goes_from_filed_to_closed(browser, live_server, script):
    filer, handler = lead("kpu", "32.73"), lead("kominfo", "32.73")
    obstacle(actor=filer, description="Sinyal hilang di aula")
    kpu = open_as(browser, live_server, filer, java_script_enabled=script)
    kpu.goto("/permohonan/baru/")
    kpu.fill("#id_subject", "Rapat daring di aula")
    kpu.check("input[name=obstacles]")
    kpu.fill("#id_text", "Mohon titik akses tambahan.")
    kpu.click("button[value=submit]")
    kpu.wait_for_url("**/permohonan/PK-*/")
    item = CoordinationRequest.objects.get()
    assert item.number in kpu.content()
    dinas = open_as(browser, live_server, handler, java_script_enabled=script)
    dinas.click("text=Rapat daring di aula")
    dinas.fill("#accept_note", "Kami cek siang ini.")
    dinas.click("#accept .btn")
    dinas.fill("#start_planned_measure", "Pasang titik akses")
    dinas.fill("#start_target_date", SOON.isoformat())
    dinas.click("#start .btn")
    dinas.select_option("#resolve_outcome", "permanent")
    dinas.check("#resolve input[value=access_point]")
    dinas.fill("#resolve_note", "Titik akses terpasang.")
    dinas.click("#resolve .btn")
    dinas.wait_for_selector(".pill-resolved")
    kpu.goto(item.get_absolute_url())
    kpu.click("#confirm .btn")
    kpu.wait_for_selector(".pill-closed")
    item.refresh_from_db()
    assert item.state == State.CLOSED


def test_no_page_breaks_the_content_security_policy(browser, live_server):
    page = open_as(browser, live_server, lead("kpu", "32.73", is_staff=True))
    said = []
    page.on("console", lambda message: said.append(message.text))
    for address in ("/", "/permohonan/baru/", "/hambatan/lapor/", "/ukur/", "/admin/", "/admin/offices/office/"):
        page.goto(address)
    assert [text for text in said if "Content Security Policy" in text] == []

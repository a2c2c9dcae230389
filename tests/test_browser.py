"""The portal in a real Chromium: the main job by hand, without JavaScript too, accessible in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from coordination.networks.tests.factories import assessment
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import PASSWORD, lead
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import SOON, coordination_request
from tests.files import clean_photo

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
    dinas.click("#accept button")
    dinas.fill("#start_planned_measure", "Pasang titik akses")
    dinas.fill("#start_target_date", SOON.isoformat())
    dinas.click("#start button")
    dinas.select_option("#resolve_outcome", "permanent")
    dinas.check("#resolve input[value=access_point]")
    dinas.fill("#resolve_note", "Titik akses terpasang.")
    dinas.click("#resolve button")
    dinas.wait_for_selector(".pill-resolved")
    kpu.goto(item.get_absolute_url())
    kpu.click("#confirm button")
    kpu.wait_for_selector(".pill-closed")
    item.refresh_from_db()
    assert item.state == State.CLOSED


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_an_accessibility_violation_or_is_wider_than_a_small_phone(browser, live_server, scheme):
    filer, handler = lead("kpu", "32.73"), lead("kominfo", "32.73")
    item = coordination_request(State.ACCEPTED, filer=filer, handler=handler)
    draft = coordination_request(State.DRAFT, filer=filer, handler=handler)
    hurdle = item.obstacles.get()
    measured = assessment(item.region.code, actor=filer, loss_percent=4, screenshots=[clean_photo()])
    stranger = browser.new_context(base_url=live_server.url, color_scheme=scheme).new_page()
    page = open_as(browser, live_server, filer, color_scheme=scheme, viewport={"width": 320, "height": 640})
    other = open_as(browser, live_server, handler, color_scheme=scheme, viewport={"width": 320, "height": 640})
    office = filer.office.get_absolute_url()
    visits = [(stranger, ["/masuk/", "/sandi/lupa/", "/undangan/salah/"]), (other, [item.get_absolute_url()])]
    visits.append((page, [
        "/", "/permohonan/", "/permohonan/baru/", item.get_absolute_url(), draft.get_absolute_url(),
        f"{draft.get_absolute_url()}ubah/", "/hambatan/", "/hambatan/lapor/", hurdle.get_absolute_url(),
        f"{hurdle.get_absolute_url()}ubah/", "/wilayah/", item.region.get_absolute_url(), "/kantor/", office,
        f"{office}undang/", "/pemberitahuan/", "/sandi/ubah/", "/sesi/", "/tidak-ada/",
        "/ukur/", "/ukur/hasil/", measured.get_absolute_url(), f"/hambatan/lapor/?ukur={measured.key}",
    ]))  # fmt: skip
    faults = [fault for tab, addresses in visits for address in addresses for fault in look(tab, address)]
    assert faults == []


def look(page, address):
    page.goto(address)
    for violation in Axe().run(page).response["violations"]:
        for node in violation["nodes"]:
            yield f"{address}: {violation['id']} {node['html'][:120]}"
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield f"{address}: wider than the screen"
    for broken in page.evaluate(
        "performance.getEntriesByType('resource').filter(r => r.responseStatus >= 400).map(r => r.name)"
    ):
        yield f"{address}: {broken} failed"


def test_no_page_breaks_the_content_security_policy(browser, live_server):
    page = open_as(browser, live_server, lead("kpu", "32.73", is_staff=True))
    said = []
    page.on("console", lambda message: said.append(message.text))
    for address in ("/", "/permohonan/baru/", "/hambatan/lapor/", "/ukur/", "/admin/", "/admin/offices/office/"):
        page.goto(address)
    assert [text for text in said if "Content Security Policy" in text] == []

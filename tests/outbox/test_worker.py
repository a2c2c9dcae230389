"""What a device keeps of the portal for the time without a network, and that it never keeps anybody's data."""

import pytest
from django.test import Client
from django.urls import reverse

from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from tests.outbox.acts import coarse, report
from tests.outbox.driver import Desk, settle, shown

CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      found[new URL(request.url).pathname] = await (await caches.match(request, { ignoreVary: true })).text();
  return found;
}"""
# The script waits a while before it registers the worker; the tests do not.
READY = "navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => true)"


@pytest.mark.django_db
def test_the_page_for_the_time_without_a_network_is_nobodys():
    client = Client()
    client.force_login(lead("kpu", "32.73", name="Nama Rahasia"))
    answer = client.get(reverse("offline"))
    assert "Nama Rahasia" not in answer.content.decode()
    assert 'data-owner=""' in answer.content.decode()
    assert "csrfmiddlewaretoken" not in answer.content.decode()
    assert not answer.cookies


@pytest.mark.django_db
def test_a_device_asks_for_the_worker_anew_and_the_worker_names_files_that_are_there():
    answer = Client().get(reverse("service_worker"))
    assert "no-cache" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("text/javascript")
    assert reverse("offline") in answer.content.decode()


@pytest.mark.django_db
def test_a_phone_can_put_the_portal_beside_its_apps(settings):
    found = Client().get(reverse("manifest")).json()
    assert found["start_url"] == "/"
    assert found["display"] == "standalone"
    assert {icon["sizes"] for icon in found["icons"]} >= {"192x192", "512x512"}


@pytest.fixture
def filer():
    region("32.73.01.1001")
    return lead("kpu", "32.73")


@pytest.fixture
def desk(browser, live_server):
    made = Desk(browser, live_server.url, worker="allow")
    yield made
    made.context.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_report_can_be_written_on_a_page_opened_without_a_network(desk, filer):
    page = desk.sign_in(filer)
    page.evaluate(READY)
    desk.context.set_offline(True)
    page.goto("/permohonan/")
    assert "Sedang tidak ada jaringan" in page.inner_text("main")
    page.fill("#id_region", "32.73.01.1001")
    page.select_option("#id_kind", "power")
    page.fill("#id_since", "2026-01-05T09:00")
    page.fill("#id_description", "Padam sejak pagi")
    page.click("main form .btn-primary")
    assert "belum terkirim" in shown(page, "saved")
    desk.context.set_offline(False)
    assert settle(page) == []
    assert "Terkirim" in shown(page, "sent")
    made = Obstacle.objects.get()
    assert (made.description, made.reported_by) == ("Padam sejak pagi", filer)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_is_typed_without_a_network_is_a_draft_too(desk, filer):
    page = desk.sign_in(filer)
    page.evaluate(READY)
    desk.context.set_offline(True)
    page.goto("/hambatan/lapor/")
    page.type("#id_description", "Setengah jadi")
    page.wait_for_timeout(1000)
    page.reload()
    page.wait_for_selector("form .alert", state="visible")
    assert page.input_value("#id_description") == "Setengah jadi"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_with_a_network_nobody_reads_there_what_somebody_else_typed(desk, filer):
    """The session may be over, or somebody else sit at the device by now."""
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.type("#id_description", "Rahasia kantor kami")
    page.wait_for_timeout(1000)
    desk.context.clear_cookies()
    page.goto("/luring/")
    page.wait_for_url("**/masuk/**")
    page.wait_for_timeout(500)
    assert "Rahasia" not in page.content()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_photo_chosen_without_a_network_is_made_smaller_and_follows_its_report(desk, filer):
    """By the part of the outbox that no page has asked for yet."""
    page = desk.sign_in(filer)
    page.evaluate(READY)
    desk.context.set_offline(True)
    page.goto("/hambatan/lapor/")
    picture = coarse()
    page.set_input_files("#id_photos", {"name": "menara.jpg", "mimeType": "image/jpeg", "buffer": picture})
    report(page, "Menara mati")
    assert "belum terkirim" in shown(page, "saved")
    desk.context.set_offline(False)
    assert settle(page) == []
    assert Obstacle.objects.get().photos.count() == 1
    assert 0 < sum(desk.pieces) < len(picture) / 2


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_no_page_with_data_is_ever_kept(desk, filer):
    row = obstacle(actor=filer, description="Rahasia kantor kami")
    page = desk.sign_in(filer)
    page.evaluate(READY)
    for address in ("/", "/hambatan/", row.get_absolute_url(), "/permohonan/baru/"):
        page.goto(address)
    kept = page.evaluate(CACHED)
    assert set(kept) == {
        "/luring/",
        "/static/css/portal.css",
        "/static/js/outbox.js",
        "/static/js/files.js",
        "/static/js/forms.js",
    }
    assert "Rahasia kantor kami" in page.goto(row.get_absolute_url()).text()
    assert not [path for path, text in kept.items() if "Rahasia" in text or filer.name in text]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_whoever_signed_out_leaves_no_name_on_that_page(desk, filer):
    page = desk.sign_in(filer)
    page.evaluate(READY)
    page.goto("/keluar/")
    page.click("main button[value=keep]")
    page.wait_for_url("**/masuk/")
    desk.context.set_offline(True)
    page.goto("/hambatan/lapor/")
    page.wait_for_selector(".if-nobody", state="visible")
    assert "Masuklah sekali selagi ada jaringan" in page.inner_text("main")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_new_edition_takes_over_and_the_outbox_stays(desk, filer, monkeypatch):
    page = desk.sign_in(filer)
    page.evaluate(READY)
    page.goto("/hambatan/lapor/")
    desk.fault = lambda _request: "503"
    page.fill("#id_region", "32.73.01.1001")
    page.select_option("#id_kind", "power")
    page.fill("#id_since", "2026-01-05T09:00")
    page.fill("#id_description", "Padam")
    page.click("main form .btn-primary")
    shown(page, "saved")
    monkeypatch.setattr("coordination.common.views._edition", lambda: "next")
    before = page.evaluate("caches.keys()")
    page.evaluate("navigator.serviceWorker.ready.then((worker) => worker.update())")
    page.wait_for_timeout(1500)
    after = page.evaluate("caches.keys()")
    assert after != before
    assert len(after) == 1
    desk.fault = lambda _request: "pass"
    assert settle(page) == []
    assert Obstacle.objects.get().description == "Padam"

"""What is shown as kept on the device arrives exactly once, whatever happens between the tap and the answer."""

import contextlib
import io
import os

import psutil
import pytest
from django.contrib.sessions.models import Session
from PIL import Image
from playwright.sync_api import Error

from conftest import chromium
from coordination.obstacles.filing import edit
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.models import Comment, CoordinationRequest
from coordination.requests.tests.factories import coordination_request
from tests.files import PDF
from tests.outbox.driver import SUBMIT, Desk, items, nudge, seeded, settle, shown, sign_in_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REPORT = "form[data-outbox]"
COMMENT = "form[action$='#comments']"


@pytest.fixture
def filer():
    region("32.73.01.1001")
    return lead("kpu", "32.73")


@pytest.fixture
def handler(filer):
    return lead("kominfo", "32.73")


@pytest.fixture
def desk(browser, live_server):
    made = Desk(browser, live_server.url)
    yield made
    made.context.close()


def report(page, text):
    """Send the report form of the page."""
    values = {"region": "32.73.01.1001", "kind": "power", "since": "2026-01-05T09:00", "description": text}
    page.evaluate(SUBMIT, [REPORT, values])
    with contextlib.suppress(Error):  # the page may be leaving for what was sent
        page.wait_for_selector(f"{REPORT}:not([data-busy])", state="attached", timeout=2000)


def comment(page, text):
    """Send a comment and type on, so that the page does not leave for what was sent."""
    page.evaluate(SUBMIT, [COMMENT, {"text": text}])
    page.wait_for_selector(f"{COMMENT}:not([data-busy])")
    page.evaluate("dispatchEvent(new Event('input'))")


def noise(size):
    """A photo of at least so many bytes that no browser makes smaller: it is one already."""
    side = 1000
    while True:
        pixels = Image.frombytes("RGB", (side, side), os.urandom(side * side * 3))
        out = io.BytesIO()
        pixels.save(out, "JPEG", quality=40)
        if out.tell() >= size:
            return out.getvalue()
        side = side * 5 // 4


def coarse():
    """A photo that a browser makes smaller, by another number of bytes each time."""
    picture, out = Image.effect_noise((500, 375), 90).resize((2600, 1950)).convert("RGB"), io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


def texts(model, name):
    return sorted(model.objects.values_list(name, flat=True))


@pytest.mark.parametrize("seed", range(4))
def test_of_fifty_items_under_faults_none_is_lost_or_doubled(desk, filer, handler, seed):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    page = desk.sign_in(filer)
    page.goto(item.get_absolute_url())
    desk.fault = seeded(seed)
    wanted = [f"Tanggapan {seed}-{number}" for number in range(50)]
    for text in wanted:
        comment(page, text)
        page.wait_for_timeout(30)
    for _ in range(20):
        nudge(page)
        page.wait_for_timeout(50)
    desk.fault = lambda _request: "pass"
    assert settle(page) == []
    assert {fault for _method, _url, fault in desk.sent} >= {"cut", "lost", "500", "503", "captive"}
    assert texts(Comment, "text") == sorted(wanted)


def test_the_page_of_what_was_sent_comes_with_its_receipt_and_back_does_not_lead_to_the_form(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    report(page, "Padam sejak pagi")
    page.wait_for_url("**/hambatan/HB-*/")
    assert "HB-3273-" in page.title()
    assert "Padam sejak pagi" in page.inner_text("main")
    assert shown(page, "sent")
    asked = [url for _method, url, _fault in desk.sent]
    assert asked == [url for url in asked if "/hambatan/HB-" not in url]
    page.go_back()
    page.wait_for_url("**/")
    assert Obstacle.objects.count() == 1


def test_reports_written_without_a_network_arrive_with_the_time_of_the_device(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.context.set_offline(True)
    for number in range(5):
        report(page, f"Padam {number}")
        page.wait_for_timeout(100)
    assert "Tersimpan di perangkat ini, belum terkirim." in shown(page, "saved")
    assert not Obstacle.objects.exists()
    desk.context.set_offline(False)
    assert settle(page) == []
    assert texts(Obstacle, "description") == [f"Padam {number}" for number in range(5)]
    assert all(row.captured_at < row.created_at for row in Obstacle.objects.all())


def test_an_answer_lost_three_times_after_the_commit_makes_one_request(desk, filer, handler):
    hurdle, page = obstacle(actor=filer), desk.sign_in(filer)
    page.goto("/permohonan/baru/")
    answers = iter(["lost", "lost", "lost"])
    desk.fault = lambda request: next(answers, "pass") if request.method == "POST" else "pass"
    page.check(f"input[name=obstacles][value='{hurdle.pk}']")
    page.evaluate(SUBMIT, [REPORT, {"subject": "Sinyal lemah", "text": "Mohon diperiksa"}])
    assert settle(page) == []
    assert CoordinationRequest.objects.get().state == State.SUBMITTED
    assert [fault for method, _url, fault in desk.sent if method == "POST"] == ["lost", "lost", "lost", "pass"]


def test_an_ended_session_keeps_the_item_until_its_owner_signs_in_again(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    Session.objects.all().delete()
    report(page, "Padam")
    assert "Masuk kembali" in shown(page, "login")
    assert not Obstacle.objects.exists()
    page = desk.sign_in(filer)
    assert settle(page) == []
    assert texts(Obstacle, "description") == ["Padam"]


def test_a_changed_token_is_no_obstacle(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.change_token("x" * 32)
    report(page, "Padam")
    page.wait_for_timeout(500)
    assert settle(page) == []
    assert texts(Obstacle, "description") == ["Padam"]


def test_another_person_on_the_device_neither_sees_nor_sends_it(desk, filer, handler):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.context.set_offline(True)
    report(page, "Rahasia kantor kami")
    shown(page, "saved")
    page.close()
    desk.context.set_offline(False)
    desk.context.clear_cookies()
    other = desk.sign_in(handler)
    assert settle(other, seconds=2) != []
    assert other.locator("#outbox li").count() == 0
    assert not Obstacle.objects.exists()
    desk.context.clear_cookies()
    back = desk.sign_in(filer)
    assert settle(back) == []
    assert Obstacle.objects.get().reported_by == filer


def test_a_public_network_that_asks_for_signing_in_is_not_taken_for_the_portal(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.fault = lambda _request: "captive"
    report(page, "Padam")
    page.wait_for_timeout(1000)
    assert [item["state"] for item in items(page)] == ["saved"]
    desk.fault = lambda _request: "pass"
    assert settle(page) == []
    assert texts(Obstacle, "description") == ["Padam"]


def test_a_cut_photo_goes_on_where_it_was_cut_and_after_its_text(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    photo = noise(800_000)
    page.set_input_files("#id_photos", {"name": "menara.jpg", "mimeType": "image/jpeg", "buffer": photo})
    cuts = iter(["pass", "cut", "pass", "lost"])
    desk.fault = lambda request: next(cuts, "pass") if request.method == "PATCH" else "pass"
    report(page, "Padam")
    page.wait_for_url("**/hambatan/HB-*/")
    assert settle(page) == []
    order = [method for method, _url, _fault in desk.sent if method in ("POST", "PATCH")]
    assert order[0] == "POST"
    # What was cut went again, what arrived and whose answer was lost did not.
    assert sum(desk.pieces) == len(photo) + desk.pieces[1]
    assert Obstacle.objects.get().photos.count() == 1


def test_two_tabs_send_each_item_once(desk, filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    first = desk.sign_in(filer)
    first.goto(item.get_absolute_url())
    second = desk.context.new_page()
    second.goto(item.get_absolute_url())
    desk.context.set_offline(True)
    for number in range(5):
        comment((first, second)[number % 2], f"Dari tab {number}")
        first.wait_for_timeout(100)
    desk.sent.clear()
    desk.context.set_offline(False)
    nudge(first)
    nudge(second)
    assert settle(second) == []
    assert texts(Comment, "text") == [f"Dari tab {number}" for number in range(5)]
    assert len([url for method, url, _fault in desk.sent if method == "POST"]) == 5


def test_what_is_refused_comes_back_into_its_form_and_can_be_sent(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    values = {"region": "entah di mana", "kind": "power", "since": "2026-01-05T09:00", "description": "Padam"}
    page.evaluate(SUBMIT, [REPORT, values])
    page.wait_for_selector("main .invalid-feedback")
    assert "Perlu diperbaiki" in shown(page, "fix")
    assert page.input_value("#id_description") == "Padam"
    page.fill("#id_region", "32.73.01.1001")
    page.click(f"{REPORT} .btn-primary")
    page.wait_for_url("**/hambatan/HB-*/")
    assert [item["state"] for item in items(page)] == ["sent"]
    assert texts(Obstacle, "description") == ["Padam"]


def test_a_refused_item_can_be_mended_later_from_any_page(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.context.set_offline(True)
    page.evaluate(
        SUBMIT, [REPORT, {"region": "entah", "kind": "power", "since": "2026-01-05T09:00", "description": "Padam"}]
    )
    shown(page, "saved")
    desk.context.set_offline(False)
    page.goto("/permohonan/")
    shown(page, "fix")
    page.click("#outbox button[value=mend]")
    page.fill("#id_region", "32.73.01.1001")
    page.click(f"{REPORT} .btn-primary")
    page.wait_for_url("**/hambatan/HB-*/")
    assert texts(Obstacle, "description") == ["Padam"]


def test_a_step_on_what_somebody_changed_meanwhile_comes_back_with_its_text(desk, filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    page = desk.sign_in(handler)
    page.goto(item.get_absolute_url())
    CoordinationRequest.objects.update(version=item.version + 1)
    page.evaluate(SUBMIT, ["form[action$='#accept']", {"note": "Kami cek siang ini"}])
    page.wait_for_selector(".alert-danger")
    assert page.input_value("#accept_note") == "Kami cek siang ini"
    page.click("#accept .btn-primary")
    page.wait_for_selector(".pill-accepted")
    item.refresh_from_db()
    assert item.state == State.ACCEPTED


def test_what_was_being_typed_is_there_again_after_the_page_was_closed(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.type("#id_description", "Setengah jadi")
    page.select_option("#id_kind", "power")
    page.wait_for_timeout(1000)
    page.close()
    page = desk.context.new_page()
    page.goto("/hambatan/lapor/")
    page.wait_for_selector("form .alert")
    assert page.input_value("#id_description") == "Setengah jadi"
    assert page.input_value("#id_kind") == "power"
    page.click("form .alert button")
    assert page.input_value("#id_description") == ""
    assert page.locator("form .alert").count() == 0
    page.reload()
    page.wait_for_timeout(300)
    assert page.locator("form .alert").count() == 0


def test_a_photo_that_was_made_smaller_is_the_same_when_its_answer_was_lost(desk, filer):
    """Making it smaller again would give another size, and the report would be taken for another."""
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.set_input_files("#id_photos", {"name": "menara.jpg", "mimeType": "image/jpeg", "buffer": coarse()})
    answers = iter(["lost", "lost"])
    desk.fault = lambda request: next(answers, "pass") if request.method == "POST" else "pass"
    report(page, "Menara mati")
    page.wait_for_timeout(1500)
    assert settle(page) == []
    assert [item["state"] for item in items(page)] == ["sent"]
    assert Obstacle.objects.get().photos.count() == 1


def test_a_file_that_is_refused_gives_way_to_the_one_chosen_then(desk, filer, handler):
    item = coordination_request(State.DRAFT, filer=filer, handler=handler)
    page = desk.sign_in(filer)
    page.goto(f"{item.get_absolute_url()}ubah/")
    page.set_input_files(
        "#id_files", {"name": "besar.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + bytes(11_000_000)}
    )
    page.click("main form[enctype] .btn-primary")
    shown(page, "fix")
    page.set_input_files("#id_files", {"name": "kecil.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.click("main form[enctype] .btn-primary")
    page.wait_for_url(f"**{item.get_absolute_url()}")
    assert settle(page) == []
    assert [file.name for file in item.attachments.all()] == ["kecil.pdf"]


def test_an_edit_does_not_take_the_place_of_photos_that_are_on_their_way(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.set_input_files("#id_photos", {"name": "menara.jpg", "mimeType": "image/jpeg", "buffer": noise(400_000)})
    desk.fault = lambda request: "503" if request.method in ("HEAD", "PATCH") else "pass"
    report(page, "Menara mati")
    page.wait_for_url("**/hambatan/HB-*/")
    page.goto(f"{Obstacle.objects.get().get_absolute_url()}ubah/")
    page.fill("#id_description", "Menara mati sejak pagi")
    page.click("main form[enctype] .btn-primary")
    page.wait_for_timeout(1500)
    desk.fault = lambda _request: "pass"
    assert settle(page) == []
    made = Obstacle.objects.get()
    assert (made.description, made.photos.count()) == ("Menara mati sejak pagi", 1)


@pytest.mark.parametrize("status", [404, 413])
def test_a_refusal_that_is_not_the_portals_leaves_the_page_and_the_item_as_they_are(desk, filer, status):
    """As of a proxy: it brings no page that could be shown."""
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.fault = lambda request: str(status) if request.method == "POST" else "pass"
    report(page, "Padam")
    shown(page, "fix")
    assert page.locator("main form[enctype]").count() == 1
    desk.fault = lambda _request: "pass"
    page.click("#outbox button[value=mend]")
    shown(page, "sent")
    assert texts(Obstacle, "description") == ["Padam"]


def test_a_draft_of_an_edit_does_not_undo_what_somebody_changed_since(desk, filer):
    hurdle = obstacle(actor=filer, description="Padam")
    page = desk.sign_in(filer)
    address = f"{hurdle.get_absolute_url()}ubah/"
    page.goto(address)
    page.type("#id_description", " sejak pagi")
    page.wait_for_timeout(1000)
    edit(hurdle, {"description": "Sudah pulih sebagian"}, actor=filer, version=hurdle.version)
    page.goto(address)
    page.wait_for_selector("form .alert")
    page.click("main form[enctype] .btn-primary")
    page.wait_for_selector("main .alert-danger, main .errors, main [role=alert]")
    hurdle.refresh_from_db()
    assert hurdle.description == "Sudah pulih sebagian"


def test_once_sent_a_form_no_longer_says_that_something_was_restored(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.type("#id_description", "Setengah jadi")
    page.wait_for_timeout(1000)
    page.reload()
    page.wait_for_selector("form .alert")
    desk.context.set_offline(True)
    report(page, "Padam")
    shown(page, "saved")
    assert page.locator("form .alert").count() == 0


def test_signing_out_with_something_unsent_asks_what_becomes_of_it(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.fault = lambda _request: "503"
    report(page, "Padam")
    shown(page, "saved")
    page.click(".me summary")
    page.click(".me form[data-leave] button")
    page.wait_for_url("**/keluar/")
    page.wait_for_selector("main button[value=drop]", state="visible")
    page.click("main button[value=keep]")
    page.wait_for_url("**/masuk/")
    page = desk.sign_in(filer)
    assert len(items(page)) == 1
    page.goto("/keluar/")
    page.click("main button[value=drop]")
    page.wait_for_url("**/masuk/")
    assert items(page) == []


def test_where_the_device_keeps_nothing_the_form_goes_the_plain_way(desk, filer):
    desk.context.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }"
    )
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    report(page, "Padam")
    page.wait_for_url("**/hambatan/HB-*/")
    assert texts(Obstacle, "description") == ["Padam"]


def test_nothing_of_an_item_stays_on_the_device_once_it_was_delivered(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    report(page, "Padam di rumah warga")
    page.wait_for_url("**/hambatan/HB-*/")
    assert settle(page) == []
    assert "Padam di rumah warga" not in str(items(page))


def test_a_killed_browser_sends_after_its_next_start(browser, live_server, filer, tmp_path):
    """Chromium is ended hard, as by an empty battery."""
    options = {"executable_path": chromium(), "base_url": live_server.url, "chromium_sandbox": os.geteuid() != 0}
    profile = browser.browser_type.launch_persistent_context(tmp_path, **options)
    page = sign_in_at(profile, filer)
    page.goto("/hambatan/lapor/")
    profile.set_offline(True)
    for number in range(3):
        report(page, f"Padam {number}")
        page.wait_for_timeout(200)
    shown(page, "saved")
    for process in psutil.process_iter(["cmdline"]):
        if f"--user-data-dir={tmp_path}" in (process.info["cmdline"] or ()):
            process.kill()
    profile = browser.browser_type.launch_persistent_context(tmp_path, **options)
    page = sign_in_at(profile, filer)
    assert settle(page) == []
    assert texts(Obstacle, "description") == [f"Padam {number}" for number in range(3)]
    profile.close()

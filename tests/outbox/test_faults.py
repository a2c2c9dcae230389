"""What is shown as kept on the device arrives exactly once, whatever happens between the tap and the answer."""

import os

import psutil
import pytest
from django.contrib.sessions.models import Session

from conftest import chromium
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import admin
from coordination.requests.choices import State
from coordination.requests.models import Comment, CoordinationRequest
from coordination.requests.tests.factories import coordination_request
from tests.outbox.acts import REPORT, comment, report, texts
from tests.outbox.driver import SUBMIT, items, nudge, seeded, settle, shown, sign_in_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
    desk.fault = lambda _request: "cut"
    report(page, "Rahasia kantor kami")
    while not desk.sent:
        page.wait_for_timeout(50)
    shown(page, "saved")
    page.close()
    desk.fault = lambda _request: "pass"
    desk.context.clear_cookies()
    other = desk.sign_in(handler)
    assert settle(other, seconds=2) != []
    assert other.locator("#outbox li").count() == 0
    assert not Obstacle.objects.exists()
    desk.context.clear_cookies()
    back = desk.sign_in(filer)
    assert settle(back) == []
    assert Obstacle.objects.get().reported_by == filer


def test_a_page_that_is_still_open_sends_nothing_in_the_session_of_somebody_else(desk, filer, handler):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.context.clear_cookies()
    other = desk.sign_in(handler)
    report(page, "Rahasia kantor kami")
    shown(page, "login")
    assert not Obstacle.objects.exists()
    assert other.locator("#outbox li").count() == 0


def test_a_double_tap_keeps_one_item(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.fault = lambda _request: "cut"
    values = {"region": "32.73.01.1001", "kind": "power", "since": "2026-01-05T09:00", "description": "Padam"}
    page.evaluate(f"(all) => {{ const send = {SUBMIT}; send(all); send(all); }}", [REPORT, values])
    shown(page, "saved")
    page.wait_for_timeout(300)
    assert len(items(page)) == 1


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


def test_what_the_server_fails_over_does_not_hold_up_what_was_written_after_it(desk, filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    page = desk.sign_in(filer)
    page.goto(item.get_absolute_url())
    desk.fault = lambda request: "500" if "Bermasalah" in (request.post_data or "") else "pass"
    comment(page, "Bermasalah")
    comment(page, "Baik")
    shown(page, "sent")
    assert texts(Comment, "text") == ["Baik"]


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


def test_signing_out_of_the_admin_asks_the_same(desk):
    page = desk.sign_in(admin())
    page.goto("/admin/")
    page.click("#logout-form button")
    page.wait_for_url("**/keluar/")
    page.click("main button[value=keep]")
    page.wait_for_url("**/masuk/")
    assert page.evaluate("localStorage.owner") == ""


# Discards every item on the device as soon as one has been read, as another tab may at any moment; once.
DISCARDED = """() => { const { get } = IDBObjectStore.prototype;
IDBObjectStore.prototype.get = function (id) {
  IDBObjectStore.prototype.get = get;
  const asked = get.call(this, id);
  asked.addEventListener("success", () => {
    indexedDB.open("portal", 1).onsuccess = ({ target: { result } }) => {
      result.transaction("items", "readwrite").objectStore("items").clear();
      result.close();
    };
  });
  return asked;
} }"""


def test_what_is_discarded_while_it_is_being_sent_does_not_come_back(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.fault = lambda _request: "503"
    report(page, "Padam")
    shown(page, "saved")
    page.evaluate(DISCARDED)
    nudge(page)
    page.wait_for_selector("#outbox li", state="detached")
    page.wait_for_timeout(500)
    assert items(page) == []


def test_a_tab_that_does_not_send_leaves_the_device_in_peace(desk, filer):
    """It looks again after a while, not all the time, however long another tab takes."""
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.fault = lambda _request: "stuck"
    report(page, "Padam")
    shown(page, "sending")
    other = desk.context.new_page()
    other.add_init_script("""self.reads = 0; const { getAll } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.getAll = function () { reads++; return getAll.call(this); }""")
    other.goto("/permohonan/")
    shown(other, "sending")
    other.wait_for_timeout(1000)
    assert other.evaluate("reads") < 10


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

"""What was refused or half typed comes back into its form."""

import pytest

from coordination.campaigns.models import CampaignActivity
from coordination.campaigns.tests.activities import activity
from coordination.obstacles.filing import edit
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import SOON, coordination_request, template
from tests.outbox.acts import COMMENT, REPORT, report, texts
from tests.outbox.driver import SUBMIT, items, nudge, settle, shown

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_refused_comes_back_into_its_form_and_can_be_sent(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    values = {"region": "entah di mana", "kind": "power", "since": "2026-01-05T09:00", "description": "Padam"}
    page.evaluate(SUBMIT, [REPORT, values])
    page.wait_for_selector("main .invalid-feedback")
    assert "Perlu diperbaiki" in shown(page, "fix")
    assert page.input_value("#id_description") == "Padam"
    page.fill("#id_region", "")
    page.type("#id_region", "32.73")
    page.wait_for_selector("datalist option", state="attached")
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
    page.focus("#outbox button[value=mend]")
    nudge(page)
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.value") == "mend", "told anew, the row took somebody off its button"
    page.keyboard.press("Enter")
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


def test_a_template_comes_into_the_text_at_once_and_is_nothing_to_be_sent(desk, filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    row = template(handler)
    page = desk.sign_in(handler)
    page.goto(item.get_absolute_url())
    page.fill("#accept_note", "Yth. KPU,")
    page.wait_for_timeout(1000)  # it is a draft by now
    page.select_option("#accept [name=templat]", str(row.pk))
    page.click("#accept [formaction]")
    page.wait_for_url("**/langkah/accept/templat/*")
    page.wait_for_timeout(500)
    assert page.input_value("#accept_note") == f"Yth. KPU,\n\nPermohonan {item.number} kami terima."
    assert [kept["state"] for kept in items(page)] == ["draft"]
    page.click("#accept .btn-primary")
    page.wait_for_selector(".pill-accepted")
    page.wait_for_timeout(300)
    assert [sent["state"] for sent in items(page)] == ["sent"]
    item.refresh_from_db()
    assert item.state == State.ACCEPTED


def test_enter_takes_the_step_and_chooses_no_template(desk, filer, handler):
    item = coordination_request(State.IN_PROGRESS, filer=filer, handler=handler)
    template(handler, verb="wait")
    page = desk.sign_in(handler)
    page.goto(f"{item.get_absolute_url()}langkah/wait/")
    page.fill("#wait_waiting_for", "Telkomsel")
    page.fill("#wait_waiting_until", f"{SOON}")
    page.fill("#wait_waiting_reference", "TT-1")
    page.press("#wait_waiting_reference", "Enter")
    page.wait_for_selector(".pill-waiting")
    item.refresh_from_db()
    assert item.state == State.WAITING


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
    assert page.locator("form .alert:visible").count() == 0
    page.reload()
    page.wait_for_timeout(300)
    assert page.locator("form .alert:visible").count() == 0


def test_a_draft_comes_back_on_a_page_that_came_with_a_receipt_too(desk, filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    page = desk.sign_in(handler)
    page.goto(item.get_absolute_url())
    page.type(f"{COMMENT} [name=text]", "Setengah jadi")
    page.wait_for_timeout(1000)
    page.evaluate(SUBMIT, ["form[action$='#accept']", {"note": "Kami cek"}])
    page.wait_for_selector(".pill-accepted")
    page.wait_for_selector(f"{COMMENT} .alert", state="visible")
    assert page.input_value(f"{COMMENT} [name=text]") == "Setengah jadi"


def refused_report(desk, page):
    """A report that waits to be corrected, sent and refused while the form of another one is open."""
    page.goto("/hambatan/lapor/")
    desk.fault = lambda _request: "cut"
    values = {"region": "entah", "kind": "power", "since": "2026-01-05T09:00", "description": "Padam"}
    page.evaluate(SUBMIT, [REPORT, values])
    shown(page, "saved")


def mend(desk, page):
    desk.fault = lambda _request: "pass"
    nudge(page)
    shown(page, "fix")
    page.click("#outbox button[value=mend]")
    page.wait_for_selector("main .invalid-feedback")
    page.wait_for_timeout(500)


def test_the_draft_of_a_form_and_what_is_mended_by_it_leave_each_other_alone(desk, filer):
    page = desk.sign_in(filer)
    refused_report(desk, page)
    page.type("#id_description", "Laporan kedua")
    page.wait_for_timeout(1000)
    mend(desk, page)
    assert page.input_value("#id_description") == "Padam"
    page.fill("#id_description", "Padam sejak pagi")
    page.wait_for_timeout(1000)
    page.goto("/hambatan/lapor/")
    page.wait_for_selector("form .alert", state="visible")
    assert page.input_value("#id_description") == "Laporan kedua"
    mend(desk, page)
    assert page.input_value("#id_description") == "Padam sejak pagi"
    page.fill("#id_region", "32.73.01.1001")
    page.click(f"{REPORT} .btn-primary")
    page.wait_for_url("**/hambatan/HB-*/")
    page.goto("/hambatan/lapor/")
    page.wait_for_selector("form .alert", state="visible")
    assert page.input_value("#id_description") == "Laporan kedua"


def test_a_report_that_was_mended_without_a_network_does_not_stand_there_to_be_sent_again(desk, filer):
    page = desk.sign_in(filer)
    refused_report(desk, page)
    mend(desk, page)
    desk.fault = lambda _request: "cut"
    page.fill("#id_region", "32.73.01.1001")
    page.click(f"{REPORT} .btn-primary")
    shown(page, "saved")
    assert page.locator(f"{REPORT} .btn-primary").count() == 0
    desk.fault = lambda _request: "pass"
    assert settle(page) == []
    assert texts(Obstacle, "description") == ["Padam"]


def test_what_is_mended_on_a_page_without_forms_has_suggestions_too(desk, filer):
    page = desk.sign_in(filer)
    refused_report(desk, page)
    page.goto("/pemberitahuan/")
    mend(desk, page)
    page.fill("#id_region", "")
    page.type("#id_region", "32.73.01")
    page.wait_for_selector("datalist option", state="attached")


def test_a_draft_does_not_take_the_place_of_what_somebody_types_by_now(desk, filer):
    """Its script comes late on a slow line."""
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.type("#id_description", "Draf lama")
    page.select_option("#id_kind", "power")
    page.wait_for_timeout(1000)
    page.close()
    page, late = desk.context.new_page(), []
    page.route("**/forms.js", lambda route: late.append(route))
    page.goto("/hambatan/lapor/", wait_until="commit")
    page.type("#id_description", "Baru diketik")
    while not late:
        page.wait_for_timeout(50)
    late[0].continue_()
    page.wait_for_selector("form .alert", state="visible")
    assert page.input_value("#id_description") == "Baru diketik"
    assert page.input_value("#id_kind") == "power"


def test_a_draft_does_not_undo_what_a_link_fills_in(desk, filer):
    hurdle, page = obstacle(actor=filer), desk.sign_in(filer)
    page.goto("/permohonan/baru/")
    page.type("#id_subject", "Setengah jadi")
    page.wait_for_timeout(1000)
    page.goto(f"/permohonan/baru/?hambatan={hurdle.number}")
    page.wait_for_timeout(500)
    assert page.is_checked(f"input[name=obstacles][value='{hurdle.pk}']")
    page.goto("/permohonan/baru/")
    page.wait_for_selector("form .alert", state="visible")
    assert page.input_value("#id_subject") == "Setengah jadi"


def test_a_comment_takes_nothing_away_from_a_step_that_is_being_written(desk, filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    page = desk.sign_in(handler)
    page.goto(item.get_absolute_url())
    page.fill("#accept_note", "Kami cek siang ini")
    page.wait_for_timeout(1000)
    page.fill(f"{COMMENT} [name=text]", "Kabar?")
    page.click(f"{COMMENT} button:not([type])")
    page.wait_for_selector("text=Kabar?")
    page.wait_for_selector("#accept [data-draft=restored]", state="attached")
    assert page.input_value("#accept_note") == "Kami cek siang ini"


def test_a_draft_is_for_whoever_typed_it_and_keeps_no_token(desk, filer, handler):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.type("#id_description", "Rahasia kantor kami")
    page.wait_for_timeout(1000)
    (draft,) = items(page)
    assert "csrfmiddlewaretoken" not in dict(draft["fields"])
    desk.context.clear_cookies()
    page = desk.sign_in(handler)
    page.goto("/hambatan/lapor/")
    page.wait_for_timeout(500)
    assert page.input_value("#id_description") == ""


def test_what_is_typed_stays_when_something_is_put_into_the_page(desk, filer):
    """As extensions do, while another tab has the newer draft."""
    page, other = desk.sign_in(filer), desk.context.new_page()
    page.goto("/hambatan/lapor/")
    page.type("#id_description", "Yang saya ketik")
    page.select_option("#id_kind", "power")
    page.wait_for_timeout(1000)
    other.goto("/hambatan/lapor/")
    other.fill("#id_description", "Tab lain")
    other.select_option("#id_kind", "other")
    other.wait_for_timeout(1000)
    page.evaluate("document.body.append(document.createElement('div'))")
    page.wait_for_timeout(500)
    assert page.input_value("#id_description") == "Yang saya ketik"
    assert page.input_value("#id_kind") == "power"


def test_a_draft_is_not_put_over_a_step_of_an_activity_that_was_refused(desk, filer):
    planned = activity(actor=filer)
    page = desk.sign_in(filer)
    page.goto(planned.get_absolute_url())
    desk.fault = lambda _request: "cut"
    page.evaluate(SUBMIT, ["#cancel form", {"note": "Ditunda hujan"}])
    shown(page, "saved")
    page.evaluate("document.querySelector('#cancel').open = true")
    page.fill("#cancel textarea", "Draf lain")
    page.wait_for_timeout(1000)
    CampaignActivity.objects.update(version=planned.version + 1)
    desk.fault = lambda _request: "pass"
    nudge(page)
    shown(page, "fix")
    page.click("#outbox button[value=mend]")
    page.wait_for_selector("main .alert-danger", state="attached")
    page.wait_for_timeout(500)
    assert page.input_value("#cancel textarea") == "Ditunda hujan"


def test_a_planned_outage_has_a_draft_too(desk, filer):
    page = desk.sign_in(lead("kominfo", "32.73"))
    page.goto("/pemeliharaan/baru/")
    page.fill("[name=note]", "Setengah jadi")
    page.wait_for_timeout(1000)
    page.reload()
    page.wait_for_selector("form .alert", state="visible")
    assert page.input_value("[name=note]") == "Setengah jadi"


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
    assert page.locator("form .alert:visible").count() == 0


def test_figures_that_were_changed_after_a_refusal_are_not_said_to_be_measured_by_the_portal(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/ukur/")
    page.evaluate(SUBMIT, [REPORT, {"region": "entah", "method": "portal"}])
    page.wait_for_selector("main .invalid-feedback")
    assert page.input_value("[name=method]") == "portal"
    page.type("[name=latency_ms]", "5")
    assert page.input_value("[name=method]") == "typed"


# Room for so many records; the first is the report, the next that it is being sent, then that it arrived.
FULL = """let room = %d; const { put } = IDBObjectStore.prototype;
IDBObjectStore.prototype.put = function (value) {
  if (room-- < 1) throw new DOMException("full", "QuotaExceededError");
  return put.call(this, value);
}"""


@pytest.mark.parametrize("room", [0, 1, 2])
def test_on_a_full_device_a_report_arrives_and_is_not_said_to_be_unsent(desk, filer, room):
    """Where nothing can be kept the form goes the plain way."""
    desk.context.add_init_script(FULL % room)
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    report(page, "Padam")
    page.wait_for_url("**/hambatan/HB-*/")
    nudge(page)
    page.wait_for_timeout(300)
    assert texts(Obstacle, "description") == ["Padam"]
    assert page.locator("#outbox li:not([data-state=sent])").count() == 0
    assert len([url for method, url, _fault in desk.sent if method == "POST"]) == bool(room)


def test_a_report_that_the_quota_leaves_no_room_for_goes_the_plain_way(desk, filer):
    """The browser's own refusal, which comes when the transaction ends and not when it begins."""
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    quota = {"origin": page.evaluate("origin"), "quotaSize": 1}
    desk.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", quota)
    report(page, "Padam")
    page.wait_for_url("**/hambatan/HB-*/")
    assert texts(Obstacle, "description") == ["Padam"]
    assert items(page) == []

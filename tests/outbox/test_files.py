"""Photos and files follow their text, and arrive whole and once."""

import time

import pytest

from coordination.obstacles.models import Obstacle
from coordination.requests.choices import State
from coordination.requests.tests.factories import coordination_request
from tests.files import PDF
from tests.outbox.acts import REPORT, coarse, comment, noise, report
from tests.outbox.driver import items, settle, shown

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def test_a_photo_that_was_made_smaller_is_the_same_when_its_answer_was_lost(desk, filer):
    """Making it smaller again would give another size, and the report would be taken for another."""
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    picture = coarse()
    page.set_input_files("#id_photos", {"name": "menara.jpg", "mimeType": "image/jpeg", "buffer": picture})
    answers = iter(["lost", "lost"])
    desk.fault = lambda request: next(answers, "pass") if request.method == "POST" else "pass"
    report(page, "Menara mati")
    page.wait_for_timeout(1500)
    assert settle(page) == []
    assert [item["state"] for item in items(page)] == ["sent"]
    assert Obstacle.objects.get().photos.count() == 1
    assert sum(desk.pieces) < len(picture) / 2


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


def test_a_photo_without_content_is_told_and_can_be_left_out(desk, filer):
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.set_input_files("#id_photos", {"name": "kosong.jpg", "mimeType": "image/jpeg", "buffer": b""})
    report(page, "Padam")
    assert "“kosong.jpg” kosong." in shown(page, "fix")
    page.click(f"{REPORT} .btn-primary")
    page.wait_for_url("**/hambatan/HB-*/")
    assert settle(page) == []
    assert Obstacle.objects.get().photos.count() == 0


def test_a_text_does_not_wait_for_the_photo_that_is_being_sent(desk, filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.set_input_files("#id_photos", {"name": "menara.jpg", "mimeType": "image/jpeg", "buffer": noise(800_000)})
    desk.fault = lambda request: time.sleep(0.5) or "pass" if request.method == "PATCH" else "pass"
    report(page, "Menara mati")
    page.wait_for_url("**/hambatan/HB-*/")
    page.goto(item.get_absolute_url())
    comment(page, "Sementara itu")
    assert settle(page) == []
    order = [method for method, _url, _fault in desk.sent if method in ("POST", "PATCH")]
    assert order.index("POST", 1) < len(order) - 1
    # Little at first: on a slow line somebody waits for it, or it is lost with the page.
    assert min(desk.pieces[:2]) == 32 * 1024


def test_the_part_for_files_is_asked_for_when_one_is_chosen_and_no_sooner(desk, filer):
    page = desk.sign_in(filer)
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto("/hambatan/lapor/")
    page.type("#id_description", "Menara mati")
    page.wait_for_timeout(500)
    assert "outbox.js" in asked
    assert "files.js" not in asked
    page.set_input_files("#id_photos", {"name": "menara.jpg", "mimeType": "image/jpeg", "buffer": noise(40_000)})
    page.wait_for_timeout(500)
    assert asked.count("files.js") == 1


def test_a_page_from_before_an_update_sends_the_text_and_the_next_page_the_photo(desk, filer):
    """The part that belongs to it is no longer on the server."""
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    desk.module = "404"
    page.set_input_files("#id_photos", {"name": "menara.jpg", "mimeType": "image/jpeg", "buffer": noise(40_000)})
    report(page, "Menara mati")
    page.wait_for_url("**/hambatan/HB-*/")
    assert "Berkasnya masih di perangkat ini" in shown(page, "files")
    desk.module = "pass"
    page.goto("/permohonan/")
    assert settle(page) == []
    assert Obstacle.objects.get().photos.count() == 1


def test_what_the_server_fails_over_is_not_asked_for_again_at_once_nor_holds_up_the_next(desk, filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    page = desk.sign_in(filer)
    page.goto("/hambatan/lapor/")
    page.set_input_files("#id_photos", {"name": "menara.jpg", "mimeType": "image/jpeg", "buffer": noise(40_000)})
    desk.fault = lambda request: "500" if request.method == "HEAD" else "pass"
    report(page, "Menara mati")
    page.wait_for_url("**/hambatan/HB-*/")
    shown(page, "files")
    page.wait_for_timeout(1000)
    assert len([method for method, _url, _fault in desk.sent if method == "HEAD"]) <= 2
    page.goto(item.get_absolute_url())
    comment(page, "Sementara itu")
    shown(page, "sent")
    assert item.comments.count() == 1


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

"""The pages of obstacles as a browser without JavaScript meets them."""

import datetime
import io
import uuid
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from coordination.common.uploads import clean_upload
from coordination.networks.models import Operator
from coordination.obstacles import filing
from coordination.obstacles.choices import ObstacleKind
from coordination.obstacles.lifecycle import perform
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead, official
from coordination.regions.tests.factories import region
from tests.files import clean_photo, jpeg, upload

pytestmark = pytest.mark.django_db
REPORT = "obstacles:report"


def signed_in(user, **options):
    client = Client(**options)
    client.force_login(user)
    return client


@pytest.fixture
def kpu():
    return official("kpu", "32.73")


@pytest.fixture
def dinas():
    return official("kominfo", "32.73")


def form_values(**changes):
    return {
        "client_id": str(uuid.uuid4()),
        "region": region("32.73.01.1001").code,
        "kind": "weak_signal",
        "since": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "description": "Sinyal lemah di balai desa",
    } | changes


def test_a_report_is_recorded_with_its_photos_and_shown(kpu):
    answer = signed_in(kpu).post(reverse(REPORT), form_values(photos=[upload()]), follow=True)
    row = Obstacle.objects.get()
    assert row.number in answer.content.decode()
    assert row.photos.count() == 1


def test_numbers_are_typed_with_comma_or_point(kpu):
    for typed in ("1,5", "1.5"):
        values = form_values(download_mbps=typed, latitude=typed.replace("1", "-6"), longitude="107,6")
        assert signed_in(kpu).post(reverse(REPORT), values | {"decision": "new"}).status_code == 302
    assert {(float(row.download_mbps), row.latitude) for row in Obstacle.objects.all()} == {(1.5, -6.5)}


def test_times_are_those_of_the_region_itself():
    papua = official("kpu", "91.11")
    values = form_values(region=region("91.11.01").code, since="2026-01-05T09:00")
    signed_in(papua).post(reverse(REPORT), values)
    assert Obstacle.objects.get().since.isoformat() == "2026-01-05T00:00:00+00:00"


def test_likely_duplicates_are_shown_with_text_and_photo_before_saving(kpu, dinas):
    known = obstacle(actor=lead("kpu", "32.73"), description="Menara mati sejak Senin")
    filing.edit(known, {}, actor=known.reported_by, version=known.version, photos=[clean_photo()])
    answer = signed_in(kpu).post(reverse(REPORT), form_values(description="Teks saya"))
    page = answer.content.decode()
    assert (answer.status_code, Obstacle.objects.count()) == (422, 1)
    for part in ("Menara mati sejak Senin", "/foto/", f"join:{known.number}", "Teks saya"):
        assert part in page


def test_joining_instead_adds_the_office_and_its_need(dinas):
    known = obstacle()
    client, values = signed_in(dinas), form_values(description="Kami juga", decision=f"join:{known.number}")
    for _ in range(2):
        assert client.post(reverse(REPORT), values).url == known.get_absolute_url()
    assert Obstacle.objects.count() == 1
    assert known.participations.get().need == "Kami juga"


def test_reporting_all_the_same_makes_a_new_record(kpu):
    obstacle()
    assert signed_in(kpu).post(reverse(REPORT), form_values(decision="new")).status_code == 302
    assert Obstacle.objects.count() == 2


def test_sending_the_form_twice_leads_to_the_same_record(kpu):
    client, values = signed_in(kpu), form_values()
    assert client.post(reverse(REPORT), values).url == client.post(reverse(REPORT), values).url
    assert Obstacle.objects.count() == 1


def test_an_edited_form_sent_again_keeps_the_text_and_names_the_first_record(kpu):
    client, values = signed_in(kpu), form_values(decision="new")
    client.post(reverse(REPORT), values)
    answer = client.post(reverse(REPORT), values | {"description": "Lain sama sekali"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Lain sama sekali" in page
    assert Obstacle.objects.get().number in page


def test_an_ambiguous_region_offers_its_candidates_and_the_choice_is_taken():
    province = official("kpu", "32")
    for code in ("32.04.39", "32.73.05"):
        region(code, name="Sukasari")
    answer = signed_in(province).post(reverse(REPORT), form_values(region="Sukasari"))
    assert [row.code for row in answer.context["form"].fields["region"].widget.candidates] == ["32.04.39", "32.73.05"]
    values = form_values(region="Sukasari", region_asked="Sukasari", region_choice="32.73.05", decision="new")
    assert signed_in(province).post(reverse(REPORT), values).status_code == 302
    assert Obstacle.objects.get().region.code == "32.73.05"


def test_the_page_offers_only_what_this_person_may_do(kpu, dinas):
    row = obstacle(actor=kpu)
    offered = {}
    for person in (kpu, dinas, official("bawaslu", "32.73"), official("kpu", "32")):
        context = signed_in(person).get(row.get_absolute_url()).context
        offered[person] = (
            {step.verb for step, _form in context["forms"]},
            context["may_edit"],
            bool(context["join_form"]),
        )
    assert list(offered.values()) == [
        ({"clear"}, True, False), ({"confirm", "mitigate", "clear", "merge"}, False, False), (set(), False, False),
        (set(), False, True),
    ]  # fmt: skip


def test_a_step_is_taken_from_the_page_and_a_conflict_keeps_the_text(dinas):
    row = obstacle()
    url = reverse("obstacles:step", args=[row.number, "confirm"])
    assert signed_in(dinas).post(url, {"version": row.version, "note": ""}).status_code == 422
    perform(row, "confirm", actor=official("kominfo", "32.73"), version=row.version, note="Sudah")
    answer = signed_in(dinas).post(url, {"version": row.version, "note": "Saya cek juga"})
    assert answer.status_code == 409
    assert "Saya cek juga" in answer.content.decode()
    clear = reverse("obstacles:step", args=[row.number, "mitigate"])
    answer = signed_in(dinas).post(clear, {"version": row.version, "note": "VSAT dipasang"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "VSAT dipasang" in page
    newest = Obstacle.objects.get().version
    assert signed_in(dinas).post(clear, {"version": newest, "note": "VSAT dipasang"}).status_code == 302


def test_merging_takes_the_number_of_an_obstacle_of_the_own_region(dinas):
    row, other, foreign = obstacle(), obstacle(), obstacle("32.04.05")
    url = reverse("obstacles:step", args=[row.number, "merge"])
    for number in (foreign.number, "HB-0", "\x00", row.number):
        answer = signed_in(dinas).post(url, {"version": row.version, "note": "Sama", "into": number})
        assert answer.status_code in (409, 422)
    values = {"version": row.version, "note": "Sama", "into": other.number.lower()}
    assert signed_in(dinas).post(url, values).status_code == 302


def test_of_two_people_editing_the_second_keeps_the_text(kpu):
    row = obstacle(actor=kpu)
    url = reverse("obstacles:edit", args=[row.number])
    first = form_values(version=row.version)
    assert signed_in(official("kpu", "32.73")).post(url, first).status_code == 302
    answer = signed_in(kpu).post(url, first | {"description": "Teks saya"})
    assert answer.status_code == 409
    assert "Teks saya" in answer.content.decode()


def test_a_photo_is_served_after_the_rights_check_only(kpu):
    signed_in(kpu).post(reverse(REPORT), form_values(photos=[upload("a.jpg", jpeg((50, 50), "red"))]))
    row = Obstacle.objects.get()
    url = reverse("obstacles:photo", args=[row.number, row.photos.get().key])
    answer = signed_in(official("kominfo", "32.73")).get(url)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content)
    assert signed_in(official("kpu", "32.04")).get(url).status_code == 404


def test_joining_an_obstacle_that_is_not_ones_own_to_see_keeps_the_text(kpu):
    for number in (obstacle("32.04.05.2001").number, "HB-0", "\x00", ""):
        answer = signed_in(kpu).post(reverse(REPORT), form_values(description="Teks saya", decision=f"join:{number}"))
        assert answer.status_code == 422
        assert "Teks saya" in answer.content.decode()


def test_a_double_click_is_not_asked_whether_it_repeats_itself(kpu):
    client, values = signed_in(kpu), form_values()
    first = client.post(reverse(REPORT), values)
    obstacle()
    assert client.post(reverse(REPORT), values).url == first.url


def test_a_form_that_somebody_else_sent_from_this_computer_can_be_sent_again(kpu):
    values = form_values(decision="new", description="Teks saya")
    signed_in(kpu).post(reverse(REPORT), values)
    client = signed_in(official("kpu", "32.73"))
    answer = client.post(reverse(REPORT), values)
    assert answer.status_code == 422
    assert Obstacle.objects.get().number not in answer.content.decode()
    values["client_id"] = answer.context["form"]["client_id"].value()
    assert client.post(reverse(REPORT), values).status_code == 302
    assert Obstacle.objects.count() == 2


def test_a_conflict_names_who_was_faster_and_shows_both_texts(kpu):
    row, faster = obstacle(actor=kpu), official("kpu", "32.73", name="Bu Cepat")
    url = reverse("obstacles:edit", args=[row.number])
    filing.edit(row, {"description": "Teks yang lain", "kind": "power"}, actor=faster, version=row.version)
    values = form_values(version=row.version, description="Teks saya", place="Balai desa")
    answer = signed_in(kpu).post(url, values)
    page = answer.content.decode()
    assert answer.status_code == 409
    for part in ("Bu Cepat", "Teks yang lain", "Teks saya", f"<dd>{ObstacleKind.POWER.label}</dd>"):
        assert part in page
    values["version"] = answer.context["form"]["version"].value()
    assert signed_in(kpu).post(url, values).status_code == 302
    assert Obstacle.objects.get().description == "Teks saya"


def test_text_written_while_the_obstacle_was_cleared_is_not_lost(kpu, dinas):
    row = obstacle(actor=kpu)
    perform(row, "clear", actor=dinas, version=row.version, note="Pulih")
    answer = signed_in(kpu).post(
        reverse("obstacles:edit", args=[row.number]), form_values(version=1, description="Teks saya")
    )
    assert answer.status_code == 422
    assert "Teks saya" in answer.content.decode()


def test_editing_twice_saves_once(kpu):
    row = obstacle(actor=kpu)
    client, values = signed_in(kpu), form_values(version=row.version)
    for _ in range(2):
        assert client.post(reverse("obstacles:edit", args=[row.number]), values).url == row.get_absolute_url()
    assert Obstacle.objects.get().version == row.version + 1


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("electricity", [True, False, None])
def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(kpu, electricity, language):
    row = obstacle(
        actor=kpu, place="Balai desa", form="event", technology="3g", people_affected=1250, download_mbps="1.40",
        upload_mbps="0.30", latency_ms=812, latitude=-6.914744, longitude=107.60981, has_electricity=electricity,
        since=datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC), description="Baris satu\nbaris \"dua\" & <tiga>",
        until=datetime.datetime(2026, 1, 6, tzinfo=datetime.UTC), operators=list(Operator.objects.serving()[:2]),
    )  # fmt: skip
    client, url = signed_in(kpu), reverse("obstacles:edit", args=[row.number])
    client.cookies["bahasa"] = language
    values = sent_as_shown(client.get(url).content.decode())
    assert client.post(url, values).status_code == 302
    assert Obstacle.objects.get().version == row.version


class Shown(HTMLParser):
    """The values that a browser would send of a form that nobody touched."""

    def __init__(self):
        super().__init__()
        self.values, self.select, self.area = {}, None, None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name = attributes.get("name")
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area = name
            self.values[name] = [""]
        elif tag == "option" and "selected" in attributes:
            self.values[self.select] = [attributes["value"]]
        elif tag == "input" and (attributes["type"] not in ("file", "checkbox") or "checked" in attributes):
            self.values.setdefault(name, []).append(attributes.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.values[self.area][0] += data


def sent_as_shown(page):
    parser = Shown()
    parser.feed(page.split('<form method="post" enctype')[1].split("</form>")[0])
    return parser.values


def test_an_operator_that_ended_stays_in_the_obstacle_it_stands_in(kpu):
    row = obstacle(actor=kpu)
    gone = Operator.objects.create(name="Operator Lama", valid_to=timezone.localdate() - datetime.timedelta(days=9))
    row.operators.add(gone)
    url = reverse("obstacles:edit", args=[row.number])
    assert "Operator Lama" in signed_in(kpu).get(url).content.decode()
    assert "Operator Lama" not in signed_in(kpu).get(reverse(REPORT)).content.decode()
    signed_in(kpu).post(url, form_values(version=row.version, operators=[gone.pk]))
    assert row.operators.get() == gone


def test_a_province_cannot_move_an_obstacle_to_another_regency():
    row = obstacle(actor=official("kpu", "32"))
    url = reverse("obstacles:edit", args=[row.number])
    answer = signed_in(row.reported_by).post(url, form_values(version=1, region=region("32.04.05").code))
    assert answer.context["form"].errors["region"]


def test_joining_again_with_another_need_keeps_the_text(dinas):
    row = obstacle()
    url = reverse("obstacles:join", args=[row.number])
    client = signed_in(dinas)
    assert client.post(url, {"client_id": uuid.uuid4(), "need": "Satu"}).status_code == 302
    answer = client.post(url, {"client_id": uuid.uuid4(), "need": "Kebutuhan kedua"})
    assert answer.status_code == 409
    assert "Kebutuhan kedua" in answer.content.decode()
    assert client.get(row.get_absolute_url()).context["join_form"] is None


def test_a_step_that_is_not_ones_own_says_why(kpu):
    row = obstacle()
    url = reverse("obstacles:step", args=[row.number, "confirm"])
    for answer in (signed_in(kpu).get(url), signed_in(kpu).post(url, {"note": "Teks saya"})):
        assert answer.context["refusal"]
        assert answer.context["refusal"] in answer.content.decode()
    assert (answer.status_code, "Teks saya" in answer.content.decode()) == (422, True)


def test_a_step_form_survives_an_ended_session(dinas):
    row = obstacle()
    url, client = reverse("obstacles:step", args=[row.number, "confirm"]), Client()
    client.post(url, {"version": row.version, "note": "Sudah dicek di lapangan"})
    client.force_login(dinas)
    page = client.get(f"{url}?pulihkan=1").content.decode()
    assert "Sudah dicek di lapangan" in page
    assert Obstacle.objects.get().state == "open"


def test_the_zone_in_which_times_are_typed_is_named():
    for code, zone in (("32.73", "WIB"), ("51.71", "WITA"), ("91.11", "WIT")):
        form = signed_in(official("kpu", code)).get(reverse(REPORT)).context["form"]
        assert form.fields["since"].help_text.rstrip(".").endswith(zone)


def test_where_many_regions_share_a_name_the_reader_is_told_to_say_more():
    for number in range(14):
        region(f"32.04.39.20{number:02d}", name="Sukamaju")
    answer = signed_in(official("kpu", "32")).post(reverse(REPORT), form_values(region="Sukamaju"))
    assert len(answer.context["form"].fields["region"].widget.candidates) == 12
    assert "12" in answer.context["form"].errors["region"][0]


def test_a_foreign_region_is_answered_like_one_that_does_not_exist(kpu):
    region("32.04.39", name="Rahasia")
    client = signed_in(kpu)
    for pair in (("Rahasia", "Antah"), ("32.04.39", "32.04.40"), ("Rahasia (32.04.39)", "Antah (32.04.40)")):
        reports = [client.post(reverse(REPORT), form_values(region=text)) for text in pair]
        lists = [client.get(reverse("obstacles:list"), {"region": text}) for text in pair]
        for answers in (reports, lists):
            known, unknown = [answer.context["form"].errors["region"] for answer in answers]
            assert known == unknown


def test_candidates_are_those_of_the_own_region_only(kpu):
    for code in ("32.04.39", "32.73.05", "32.73.06"):
        region(code, name="Sukasari")
    for answer in (
        signed_in(kpu).post(reverse(REPORT), form_values(region="Sukasari")),
        signed_in(kpu).get(reverse("obstacles:list"), {"region": "Sukasari"}),
    ):
        found = answer.context["form"].fields["region"].widget.candidates
        assert [row.code for row in found] == ["32.73.05", "32.73.06"]


def test_signs_that_nobody_types_are_left_out_and_a_line_counts_as_in_the_browser(kpu):
    text = "sebelum\x00 \u202esesudah\x1b\r\nbaris " + "\r\n" * 1000 + "x" * 2950
    signed_in(kpu).post(reverse(REPORT), form_values(description=text))
    assert Obstacle.objects.get().description.startswith("sebelum sesudah\nbaris \n\n")


def test_the_small_copy_of_a_photo_is_served_like_the_photo(kpu):
    row = obstacle(actor=kpu)
    filing.edit(row, {}, actor=kpu, version=row.version, photos=[clean_upload(upload("a.jpg", jpeg((900, 600))))])
    url = reverse("obstacles:photo", args=[row.number, row.photos.get().key])
    answer = signed_in(kpu).get(f"{url}?kecil")
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (320, 213)
    assert answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert signed_in(official("kpu", "32.04")).get(f"{url}?kecil").status_code == 404


def test_one_photo_too_many_is_said_beside_its_field_and_the_text_stays(kpu):
    answer = signed_in(kpu).post(reverse(REPORT), form_values(photos=[upload() for _ in range(11)]))
    assert answer.status_code == 422
    assert answer.context["form"].has_error("photos")
    assert "Sinyal lemah di balai desa" in answer.content.decode()


def test_an_odd_file_name_does_not_break_the_header(kpu):
    row = obstacle(actor=kpu)
    photo = clean_upload(upload('menara "utara"; désa 🗼.png'))
    filing.edit(row, {}, actor=kpu, version=row.version, photos=[photo])
    answer = signed_in(kpu).get(reverse("obstacles:photo", args=[row.number, row.photos.get().key]))
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''menara%20%22utara%22")


def test_a_request_is_offered_for_what_is_of_the_network_only(kpu, dinas):
    offered = [(kpu, "weak_signal", True), (dinas, "weak_signal", False), (kpu, "quota", False)]
    for person, kind, may in offered:
        row = obstacle(kind=kind)
        page = signed_in(person).get(row.get_absolute_url()).content.decode()
        assert (f"?hambatan={row.number}" in page) is may


def test_what_happens_next_names_the_office_that_must_act(dinas):
    row = obstacle()
    assert signed_in(dinas).get(row.get_absolute_url()).context["answering"] == dinas.office
    dinas.is_active = False
    dinas.save()
    above = official("kominfo", "32")
    assert signed_in(above).get(row.get_absolute_url()).context["answering"] == above.office


@pytest.mark.parametrize("kept", ["session", "token"])
def test_what_was_typed_survives_an_ended_session_and_a_refused_token(kpu, kept):
    client = Client(enforce_csrf_checks=True) if kept == "token" else Client()
    if kept == "token":
        client.force_login(kpu)
    answer = client.post(reverse(REPORT), form_values(description="Yang sudah saya ketik"))
    assert answer.status_code == 302
    client.force_login(kpu)
    assert "Yang sudah saya ketik" in client.get(f"{reverse(REPORT)}?pulihkan=1").content.decode()
    assert not Obstacle.objects.exists()


@pytest.mark.parametrize("name", ["obstacles:list", "obstacles:detail"])
def test_a_page_costs_the_same_with_1_and_with_25_rows(name):
    client, row = signed_in(official("bawaslu", "32.73")), obstacle()
    arguments = [row.number] if name.endswith("detail") else []

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name, args=arguments)).status_code == 200
        return len(queries)

    def add(number):
        other = obstacle()
        filing.join(row, "Putus", actor=official("kominfo", "32.73"), client_id=uuid.uuid4(), body_sha256="x")
        version = Obstacle.objects.get(pk=row.pk).version
        photos = [clean_upload(upload(content=jpeg((20 + number, 20))))] if number < 5 else []
        values = {"description": f"Ubah {version}"}
        filing.edit(row, values, actor=row.reported_by, version=version, photos=photos)
        perform(other, "merge", actor=official("kominfo", "32.73"), version=1, note="Sama", into=row)
        obstacle()

    add(0)
    cost()  # the first visit also fills caches that every later one uses
    one = cost()
    for number in range(1, 25):
        add(number)
    assert cost() == one <= 12

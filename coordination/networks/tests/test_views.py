"""The pages about measurements, and what the script measures with."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.networks import allowance
from coordination.networks.models import Assessment
from coordination.networks.tests.factories import assessment
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead, official
from coordination.regions.tests.factories import region
from tests.files import clean_photo, upload
from tests.races import at_once

pytestmark = pytest.mark.django_db
VILLAGE = "32.73.01.1001"
KB = 1024


@pytest.fixture
def kpu():
    return lead("kpu", "32.73")


@pytest.fixture
def client(kpu):
    client = Client()
    client.force_login(kpu)
    return client


def body(**changes):
    return {
        "client_id": str(uuid.uuid4()), "region": region(VILLAGE).code, "measured_at": "2026-01-05T09:00",
        "download_mbps": "0,05", "upload_mbps": "0.02", "latency_ms": "960",
    } | changes  # fmt: skip


def push(client, size, **options):
    return client.post(reverse("networks:upload"), b"x" * size, content_type="application/octet-stream", **options)


def pull(client, **query):
    return client.get(reverse("networks:download"), query)


def test_typed_figures_are_saved_with_comma_or_point_and_in_the_regions_time(client, kpu):
    region("91.01.01.1001")
    answer = client.post(reverse("networks:measure"), body(screenshots=[upload()]), follow=True)
    made = Assessment.objects.get()
    assert (made.level, made.method) == ("weak", "typed")
    assert (made.download_mbps, made.upload_mbps) == (Decimal("0.05"), Decimal("0.02"))
    assert made.measured_at.isoformat() == "2026-01-05T02:00:00+00:00"
    page = answer.content.decode()
    for text in ("Lemah", "0,05 Mbps", "960 ms", "5 Januari 2026, 09.00 WIB", "Unduh, Unggah, Latensi", kpu.name):
        assert text in page
    picture = made.screenshots.get()
    address = reverse("networks:screenshot", args=[made.key, picture.key])
    assert address in page
    assert client.get(address)["Content-Type"] == "image/jpeg"


def test_a_picture_is_found_below_its_own_measurement_only(client, kpu):
    mine, other = assessment(actor=kpu, screenshots=[clean_photo()]), assessment(actor=kpu)
    key = mine.screenshots.get().key
    assert client.get(reverse("networks:screenshot", args=[other.key, key])).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"technology": "none"}, "technology"),
        ({"download_mbps": "", "upload_mbps": "", "latency_ms": ""}, "__all__"),
        ({"measured_at": "2014-01-01T00:00"}, "measured_at"),
        ({"measured_at": "2999-01-01T00:00"}, "measured_at"),
        ({"region": "32"}, "region"),
        ({"loss_percent": "101"}, "loss_percent"),
        ({"method": "guessed"}, "method"),
    ],
)
def test_what_cannot_be_comes_back_with_a_sentence(changes, field):
    client = Client()
    client.force_login(lead("kpu", "32"))
    answer = client.post(reverse("networks:measure"), body(**changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"technology": "none", "download_mbps": None, "upload_mbps": None, "latency_ms": None}, "Tanpa sinyal"),
        ({"technology": "4g", "download_mbps": None, "upload_mbps": None, "latency_ms": None}, "Belum diukur"),
        ({"download_mbps": 40, "upload_mbps": 20, "latency_ms": 30}, "Kuat"),
        ({"download_mbps": 40, "upload_mbps": 2, "latency_ms": 30}, "Sedang"),
    ],
)
def test_the_page_names_the_level_and_whose_thresholds_these_are(client, kpu, values, words):
    made = assessment(actor=kpu, **values)
    for address in (made.get_absolute_url(), reverse("networks:list")):
        assert f"</span> {words}</span>" in client.get(address).content.decode()
    assert "bukan ketentuan Kominfo" in client.get(made.get_absolute_url()).content.decode()


def test_the_list_holds_the_newest_of_the_own_jurisdiction_first(client, kpu):
    now = timezone.now()
    for days in (2, 1, 40):
        assessment(actor=kpu, place=f"Balai {days}", measured_at=now - timedelta(days=days))
    assessment("33.74.01.1001", place="RAHASIA")
    page = client.get(reverse("networks:list")).content.decode()
    assert page.index("Balai 1") < page.index("Balai 2") < page.index("Balai 40")
    assert "sudah lama" in page
    assert "RAHASIA" not in page


def test_who_only_reads_is_sent_to_the_list_without_the_button():
    client = Client()
    client.force_login(official("bawaslu", "32.73", "viewer"))
    answer = client.get(reverse("networks:measure"), follow=True)
    assert answer.redirect_chain == [(reverse("networks:list"), 302)]
    assert f'href="{reverse("networks:measure")}"' not in answer.content.decode().split("<main", 1)[1]
    assert client.post(reverse("networks:measure"), body()).status_code == 302
    assert not Assessment.objects.exists()


def test_the_region_shows_its_own_newest_measurement_that_has_a_level(client, kpu):
    place, now = region(VILLAGE), timezone.now()
    assert "Belum diukur" in client.get(place.get_absolute_url()).content.decode()
    assessment("32.73.01.1002", actor=kpu)
    assert "Belum diukur" in client.get(place.get_absolute_url()).content.decode()
    assessment(actor=kpu, download_mbps=30, upload_mbps=30, latency_ms=9, measured_at=now - timedelta(days=3))
    assessment(actor=kpu, download_mbps=5, measured_at=now - timedelta(days=2), source="SIGMON")
    nothing = {"download_mbps": None, "upload_mbps": None, "latency_ms": None}
    assessment(actor=kpu, technology="4g", measured_at=now, **nothing)
    page = client.get(place.get_absolute_url()).content.decode()
    assert "Belum diukur" not in page
    for text in ("Lemah", "SIGMON", "2 hari yang lalu", "Operator apa pun"):
        assert text in page.replace("\xa0", " ")


def test_a_report_begins_with_what_was_measured_and_keeps_it(client, kpu):
    made = assessment(actor=kpu, place="Aula", technology="3g", download_mbps=Decimal("0.054"))
    page = client.get(f"{reverse('obstacles:report')}?ukur={made.key}")
    form = page.context["form"]
    sent = {name: form[name].value() for name in ("client_id", "measurement", "place", "technology", "latency_ms")}
    assert (sent["measurement"], sent["place"]) == (str(made.key), "Aula")
    assert form["download_mbps"].value() == Decimal("0.05")
    assert "unduh" in form["description"].value().lower()
    assert "jaringan lemah" in form["description"].value()
    sent |= {"region": form["region"].value(), "kind": "weak_signal", "since": "2026-01-05T09:00", "description": "Uji"}
    client.post(reverse("obstacles:report"), sent | {"region": VILLAGE})
    reported = Obstacle.objects.get()
    assert reported.measurement == made
    assert made.get_absolute_url() in client.get(reported.get_absolute_url()).content.decode()
    assert reported.number in client.get(made.get_absolute_url()).content.decode()


@pytest.mark.parametrize("key", ["", "x", "\x00", str(uuid.UUID(int=0))])
def test_a_report_from_a_measurement_of_nobody_begins_empty(client, key):
    page = client.get(reverse("obstacles:report"), {"ukur": key})
    assert page.context["form"]["measurement"].value() is None


def test_a_measurement_of_another_region_is_no_ground_for_a_report(client, kpu):
    foreign = assessment("33.74.01.1001", place="RAHASIA")
    page = client.get(f"{reverse('obstacles:report')}?ukur={foreign.key}")
    assert "RAHASIA" not in page.content.decode()
    values = {
        "client_id": str(uuid.uuid4()), "measurement": foreign.key, "region": region(VILLAGE).code, "kind": "power",
        "since": "2026-01-05T09:00", "description": "Uji",
    }  # fmt: skip
    answer = client.post(reverse("obstacles:report"), values)
    assert answer.status_code == 422
    assert answer.context["form"].errors["measurement"]


def test_who_sees_an_obstacle_but_not_its_measurement_reads_nothing_of_it(client, kpu):
    wider = assessment("32.04.01", actor=official("kpu", "32"), place="RAHASIA")
    reported = obstacle(VILLAGE, actor=official("kpu", "32"), measurement=wider)
    page = client.get(reported.get_absolute_url()).content.decode()
    assert "RAHASIA" not in page
    assert str(wider.key) not in page


def test_the_ping_is_nothing_that_nobody_keeps(client):
    answer = client.get(reverse("networks:ping"))
    assert (answer.status_code, answer.content) == (200, b"")
    assert "no-store" in answer["Cache-Control"]


def test_the_download_has_the_size_that_was_asked_for_and_cannot_be_made_smaller(client):
    answer = client.get(reverse("networks:download"), {"kb": 512}, headers={"Accept-Encoding": "gzip, br"})
    content = b"".join(answer.streaming_content)
    assert len(content) == 512 * KB == int(answer["Content-Length"])
    assert not answer.has_header("Content-Encoding")
    assert "no-store" in answer["Cache-Control"]
    assert len(set(content[begin : begin + 64] for begin in range(0, len(content), 64))) == 512 * KB / 64


@pytest.mark.parametrize("size", ["0", "513", "-1", "1e2", "", "٣", "9" * 50, "\x00", "http://example.org/"])
def test_a_size_beyond_the_bounds_is_refused(client, size):
    assert pull(client, kb=size).status_code == 400


def test_the_upload_takes_half_a_megabyte_and_nothing_but_bytes(client):
    assert push(client, 512 * KB).status_code == 200
    assert push(client, 512 * KB + 1).status_code == 413
    assert client.post(reverse("networks:upload"), {"file": upload()}).status_code == 415
    assert client.get(reverse("networks:upload")).status_code == 405


def test_the_upload_needs_the_token_of_the_form(kpu):
    client = Client(enforce_csrf_checks=True)
    client.force_login(kpu)
    assert push(client, 10).status_code == 403
    page = client.get(reverse("networks:measure"))
    token = page.context["csrf_token"]
    assert push(client, 10, headers={"X-CSRFToken": str(token)}).status_code == 200


def test_a_stranger_measures_nothing():
    for name in ("ping", "download", "upload"):
        answer = Client(HTTP_ACCEPT="application/json").get(reverse(f"networks:{name}"))
        assert (answer.status_code, answer.json()) == (401, {"error": "login"})


def test_beyond_the_requests_of_ten_minutes_each_address_says_when_to_come_again(client, monkeypatch):
    monkeypatch.setattr(allowance, "MOST_REQUESTS", 3)
    asked = [client.get(reverse("networks:ping")), pull(client, kb=1), push(client, 1)]
    assert [answer.status_code for answer in asked] == [200, 200, 200]
    for answer in (client.get(reverse("networks:ping")), pull(client, kb=1), push(client, 1)):
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= allowance.WINDOW_SECONDS + 1


def test_beyond_the_bytes_of_ten_minutes_only_what_still_fits_passes(client, monkeypatch):
    monkeypatch.setattr(allowance, "MOST_BYTES", 70 * KB)
    assert pull(client, kb=30).status_code == push(client, 30 * KB).status_code == 200
    assert pull(client, kb=30).status_code == push(client, 30 * KB).status_code == 429
    assert client.get(reverse("networks:ping")).status_code == 200


def test_the_allowance_is_each_persons_own_and_comes_back(client, kpu, monkeypatch):
    monkeypatch.setattr(allowance, "MOST_REQUESTS", 1)
    assert allowance.take(kpu, 1) == 0
    assert allowance.take(kpu, 1) > 0
    assert allowance.take(lead("kominfo", "32.73"), 1) == 0
    later = allowance.time.time() + allowance.WINDOW_SECONDS
    monkeypatch.setattr(allowance.time, "time", lambda: later)
    assert allowance.take(kpu, 1) == 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_requests_at_once_are_all_counted(monkeypatch):
    person = lead("kpu", "32.73")
    monkeypatch.setattr(allowance, "MOST_REQUESTS", 3)
    answers = at_once([lambda: allowance.take(person, 1)] * 8)
    assert sum(seconds == 0 for seconds in answers) == 3

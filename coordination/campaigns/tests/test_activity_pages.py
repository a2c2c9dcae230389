"""The pages about activities: registering in three time zones, refusals by the field, lists, conflicts."""

import json
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination.campaigns import planning
from coordination.campaigns.models import CampaignActivity
from coordination.campaigns.tests.activities import DAY, activity, method, running_election, tomorrow_at
from coordination.offices.tests.factories import lead, official
from coordination.regions.tests.factories import region
from tests.bad_input import wrong_pages

pytestmark = pytest.mark.django_db
NEW, LIST = reverse("campaigns:new"), reverse("campaigns:list")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def kpu():
    return official("kpu", "32.73")


def form_values(code="32.73.01.1001", days=1, **changes):
    running_election(".".join(code.split(".")[:2]))
    day = timezone.localdate() + days * DAY
    return {
        "client_id": str(uuid.uuid4()), "region": region(code).code, "method": method().pk, "platform": "zoom",
        "need": "host", "starts_at": f"{day}T09:00", "ends_at": f"{day}T11:00", "place": "Balai desa",
        "participants": "1.200", "sttp_number": "STTP/1",
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("code", "zone", "hour"), [("32.73.01.1001", "WIB", 2), ("73.71.01.1001", "WITA", 1), ("91.03.01.1001", "WIT", 0)]
)
def test_times_are_typed_and_shown_on_the_clocks_of_the_region(code, zone, hour):
    client = signed_in(official("kpu", code[:5]))
    answer = client.post(NEW, form_values(code), follow=True)
    row = CampaignActivity.objects.get()
    assert row.starts_at.utctimetuple().tm_hour == hour
    assert (row.participants, row.election.slug) == (1200, "berjalan")
    page = answer.content.decode()
    assert f"09.00 {zone}" in page
    assert f"KG-{code[:5].replace('.', '')}-" in page
    form = client.get(reverse("campaigns:edit", args=[row.number])).content.decode()
    assert "T09:00" in form
    assert f"09.00–11.00 {zone}" in client.get(f"{reverse('campaigns:calendar')}?minggu={week(row)}").content.decode()


def week(row):
    year, number, _day = row.starts_there.isocalendar()
    return f"{year}-W{number:02d}"


def test_a_form_sent_twice_makes_one_activity(kpu):
    client, values = signed_in(kpu), form_values()
    assert client.post(NEW, values).url == client.post(NEW, values).url
    assert CampaignActivity.objects.count() == 1


def test_the_outbox_gets_a_receipt_with_the_page(kpu):
    client, values = signed_in(kpu), form_values()
    first, second = (client.post(NEW, values, headers={"Accept": "application/json"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    receipt = json.loads(first.content)
    assert receipt["client_id"] == values["client_id"]
    assert "KG-3273-" in receipt["page"]


def test_the_quiet_period_is_refused_by_the_field_with_its_source(kpu):
    answer = signed_in(kpu).post(NEW, form_values(days=62))
    errors = answer.context["form"].errors
    assert (answer.status_code, list(errors)) == (422, ["starts_at"])
    assert "PKPU Uji Pasal 1" in errors["starts_at"][0]
    assert "Masa tenang" in errors["starts_at"][0]
    assert not CampaignActivity.objects.exists()


def test_a_method_that_is_not_allowed_is_refused_by_its_field(kpu):
    values = form_values()
    running_election().methods.update(allowed=False)
    errors = signed_in(kpu).post(NEW, values).context["form"].errors
    assert list(errors) == ["method"]
    assert "PKPU Uji Pasal 57" in errors["method"][0]


def test_without_an_election_nothing_can_be_planned(kpu):
    answer = signed_in(kpu).post(NEW, form_values(days=100))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["starts_at"])


def test_a_missing_sttp_warns_and_never_blocks(kpu):
    client = signed_in(kpu)
    page = client.post(NEW, form_values(sttp_number=""), follow=True).content.decode()
    assert "H-3" in page
    assert "STTP belum ada" in client.get(LIST).content.decode()
    client.post(NEW, form_values(days=20, sttp_number=""))
    assert client.get(LIST).content.decode().count("STTP belum ada") == 1


def test_a_stale_version_shows_both_texts_and_the_next_sending_wins(kpu):
    row = activity(actor=kpu, place="Balai")
    client, url = signed_in(kpu), reverse("campaigns:edit", args=[row.number])
    planning.edit(row, {"place": "Aula kedua"}, actor=lead("kpu", "32.73"), version=1)
    answer = client.post(url, form_values(place="Lapangan", version="1"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Aula kedua" in page
    assert "Lapangan" in page
    assert client.post(url, form_values(place="Lapangan", version=answer.context["form"]["version"].value())).url
    row.refresh_from_db()
    assert row.place == "Lapangan"


def test_a_step_on_a_stale_version_shows_who_was_faster_and_the_next_sending_wins(kpu):
    row, client = activity(actor=kpu), signed_in(kpu)
    address, sent = reverse("campaigns:step", args=[row.number, "cancel"]), {"version": row.version, "note": "Hujan"}
    planning.edit(row, {"place": "Balai lain"}, actor=official("kpu", "32.73", name="Rekan"), version=row.version)
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Balai lain" in page and "Hujan" in page and "Rekan" in page
    form = next(form for step, form in answer.context["forms"] if step.verb == "cancel")
    assert client.post(address, sent | {"version": form["version"].value()}).status_code == 302
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_cancelling_by_the_page_asks_why_and_tells_it(kpu):
    row = activity(actor=kpu)
    client, url = signed_in(kpu), reverse("campaigns:step", args=[row.number, "cancel"])
    assert client.post(url, {"version": 1, "note": ""}).status_code == 422
    page = client.post(url, {"version": 1, "note": "Gedung banjir"}, follow=True).content.decode()
    assert "Gedung banjir" in page
    assert "Dibatalkan" in page


def shown(client, query=""):
    return [row.place for row in client.get(f"{LIST}?{query}").context["page"]]


def test_the_list_shows_what_comes_and_finds_the_rest(kpu):
    for days in (-3, 0, 2, 1):
        activity(actor=kpu, starts_at=tomorrow_at(9, days=days), place=f"hari {days}")
    other = activity(actor=kpu, starts_at=tomorrow_at(9, days=5), place="hari 5", method=method("lain", "Lain"),
                     region=region("32.73.02"), sttp_number="STTP/77")  # fmt: skip
    planning.perform(other, "cancel", actor=kpu, version=1, note="Hujan")
    client = signed_in(kpu)
    assert shown(client) == ["hari 0", "hari 1", "hari 2", "hari 5"]
    assert shown(client, "period=lewat") == ["hari -3"]
    assert shown(client, "period=semua")[0] == "hari 5"
    assert shown(client, f"method={other.method_id}") == ["hari 5"]
    assert shown(client, "region=32.73.02") == ["hari 5"]
    assert shown(client, "state=cancelled") == ["hari 5"]
    assert shown(client, f"q={other.number}") == ["hari 5"]
    assert shown(client, "q=STTP/77") == ["hari 5"]
    day = timezone.localdate() + 2 * DAY
    assert shown(client, f"first={day}&last={day}") == ["hari 2"]
    assert shown(signed_in(official("kpu", "33.74"))) == []


def test_a_list_and_a_calendar_of_many_cost_the_queries_of_one(kpu):
    client, counts = signed_in(kpu), []
    for number in (1, 30):
        for _ in range(number):
            activity(actor=kpu)
        for address in (LIST, reverse("campaigns:calendar"), reverse("campaigns:treatment")):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 12


@pytest.mark.parametrize(
    "field",
    ["q", "period", "first", "last", "method", "region", "state", "dari", "minggu", "election", "pulihkan"],
)
@pytest.mark.parametrize("name", ["list", "calendar", "treatment"])
def test_bad_input_in_an_address(name, field, kpu):
    activity(actor=kpu)
    url = reverse(f"campaigns:{name}")
    assert wrong_pages(signed_in(kpu), url, field) == []


@pytest.mark.parametrize("name", ["campaigns:detail", "campaigns:edit"])
@pytest.mark.parametrize("number", ["KG-3273-2026-9999", "\x00", "x" * 500, "💥", "'; --"])
def test_a_number_that_nothing_has(name, number, kpu):
    assert signed_in(kpu).get(reverse(name, args=[number])).status_code == 404
    assert signed_in(kpu).post(reverse("campaigns:step", args=[number, "cancel"])).status_code == 404
    assert signed_in(kpu).post(reverse("campaigns:step", args=[activity().number, "delete"])).status_code == 404

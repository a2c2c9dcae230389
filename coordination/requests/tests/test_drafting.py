"""From activities at risk one tap leads to a filled form; the request is due the day before the first of them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from coordination.campaigns.tests.activities import activity, candidates, tomorrow_at
from coordination.forecast.tests.factories import forecast_for
from coordination.networks.tests.factories import assessment
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from coordination.requests.drafting import days_left, urgency_for
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import coordination_request
from coordination.requests.warning import stage_of

pytestmark = pytest.mark.django_db
VILLAGE, OTHER = "32.73.01.1001", "32.73.01.1002"


@pytest.fixture
def filer():
    lead("kominfo", "32.73")
    return lead("kpu", "32.73")


def form_for(filer, *activities):
    client = Client()
    client.force_login(filer)
    numbers = "&".join(f"kegiatan={row.number}" for row in activities)
    return client, client.get(f"{reverse('requests:new')}?{numbers}").context["form"]


def sent(client, form, **changes):
    """The form as a browser sends it back, untouched but for these changes."""
    fields = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    fields["obstacles"] = [row.pk for row in form.initial.get("obstacles", ())]
    return client.post(reverse("requests:new"), fields | changes | {"decision": "submit"})


def test_an_activity_at_risk_becomes_a_request_by_two_taps(filer):
    hurdle = obstacle(VILLAGE, kind="tower_down", actor=filer)
    planned = activity(VILLAGE, actor=filer, starts_at=tomorrow_at(9, days=6), place="Balai RW 04",
                       candidate_pair=candidates(names="PASLON"))  # fmt: skip
    forecast_for(planned)
    client, form = form_for(filer, planned)
    for words in (planned.number, "Balai RW 04", hurdle.number, "Risiko menurut prakiraan: tinggi (tanpa data)."):
        assert words in form.initial["text"]
    assert "PASLON" not in form.initial["text"]
    assert sent(client, form).status_code == 302
    request = CoordinationRequest.objects.get()
    assert (list(request.activities.all()), list(request.obstacles.all())) == ([planned], [hurdle])
    assert (request.state, request.region, request.urgency) == ("submitted", planned.region, "urgent")
    page = client.get(request.get_absolute_url()).content.decode()
    assert planned.get_absolute_url() in page
    assert request.end_due_at.astimezone(planned.starts_at.tzinfo).date() < planned.starts_there.date()


def test_several_activities_of_one_area_go_into_one_request_for_what_lies_around_them(filer):
    rows = [activity(code, actor=filer, starts_at=tomorrow_at(9, days=days))
            for code, days in ((VILLAGE, 9), (OTHER, 4))]  # fmt: skip
    foreign = activity("32.04.01.1001", actor=lead("kpu", "32.04"))
    client, form = form_for(filer, *rows, foreign)
    assert foreign.number not in form.initial["activities"]
    assert form.initial["region"].code == "32.73.01"
    assert sent(client, form).status_code == 302
    request = CoordinationRequest.objects.get()
    assert set(request.activities.all()) == set(rows)
    assert request.activity_on == rows[1].starts_there.date()


@pytest.mark.parametrize(("number", "words"), [
    ("KG-3204-2026-0001", "Tidak ada di antara kegiatan"), ("entah", "Tidak ada di antara kegiatan"),
])  # fmt: skip
def test_numbers_of_foreign_or_unknown_activities_are_refused_alike(filer, number, words):
    activity("32.04.01.1001", actor=lead("kpu", "32.04"))
    planned = activity(VILLAGE, actor=filer)
    client, form = form_for(filer, planned)
    answer = sent(client, form, activities=f"{planned.number}, {number}")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert CoordinationRequest.objects.count() == 0


def test_a_request_names_an_obstacle_or_an_activity(filer):
    client, form = form_for(filer)
    answer = sent(client, form, subject="Uji", text="Uji", region=region(VILLAGE).code)
    assert "Sebutkan paling sedikit satu hambatan atau kegiatan" in answer.content.decode()


def test_the_nearer_the_day_the_more_urgent():
    found = [urgency_for(days) for days in (8, 7, 4, 3, 0)]
    assert found == ["normal", "urgent", "urgent", "critical", "critical"]


def test_the_days_that_are_left_are_those_of_the_region():
    planned = activity("94.71.01.1001", starts_at=tomorrow_at(9, "94.71.01.1001", days=8))
    late_in_jakarta = planned.starts_there.replace(hour=0, minute=30) - timedelta(days=7)
    assert late_in_jakarta.astimezone(ZoneInfo("Asia/Jakarta")).date() < late_in_jakarta.date()
    assert days_left(planned, late_in_jakarta) == 7
    assert stage_of(planned, late_in_jakarta) == 7
    assert stage_of(planned, late_in_jakarta - timedelta(hours=1)) == 14


def test_a_draft_tells_how_old_the_data_are(filer):
    planned = activity(VILLAGE, actor=filer)
    assessment(VILLAGE)
    data_at = forecast_for(planned).data_at
    _client, form = form_for(filer, planned)
    assert f"(data {date_format(timezone.localtime(data_at), 'DATE_FORMAT')})" in form.initial["text"]


def test_no_activity_is_cut_off_a_long_text(filer):
    rows = [activity(VILLAGE, actor=filer, place="Balai RW " + "x" * 150, starts_at=tomorrow_at(hour, days=day))
            for day in range(2, 5) for hour in range(8, 17)][:26]  # fmt: skip
    forecast_for(rows[0])
    client, form = form_for(filer, *rows)
    text = form.initial["text"]
    assert len(text) <= 6000
    assert [row.number in text for row in rows] == [True] * 25 + [False]
    assert text.count("Risiko menurut prakiraan: ") == 25
    assert sent(client, form).status_code == 302
    assert CoordinationRequest.objects.get().activities.count() == 25


def test_what_a_draft_leaves_out_is_told_but_for_what_one_may_not_know_of(filer):
    foreign = activity("32.04.01.1001", actor=lead("kpu", "32.04"))
    taken, begun = activity(VILLAGE, actor=filer), activity(VILLAGE, actor=filer)
    type(begun).objects.filter(pk=begun.pk).update(starts_at=timezone.now() - timedelta(minutes=5))
    client, _form = form_for(filer)

    def told(*numbers):
        page = client.get(reverse("requests:new"), {"kegiatan": numbers})
        return " ".join(map(str, page.context["messages"]))

    assert told(taken.number) == ""
    assert f"tidak dimasukkan: {begun.number}." in told(taken.number, begun.number)
    for unknown in (foreign.number, "KG-3204-2026-0999"):
        assert told(unknown).startswith("Sebagian kegiatan tidak dimasukkan.")
        assert unknown not in told(unknown, begun.number)
        assert begun.number in told(unknown, begun.number)


def test_a_later_day_that_was_typed_gives_way_to_that_of_the_first_activity(filer):
    planned = activity(VILLAGE, actor=filer, starts_at=tomorrow_at(9, days=6))
    client, form = form_for(filer, planned)
    assert sent(client, form, activity_on=planned.starts_there.date() + timedelta(days=9)).status_code == 302
    assert CoordinationRequest.objects.get().activity_on == planned.starts_there.date()


def test_activities_of_two_regencies_do_not_go_into_one_request():
    province, here, there = lead("kpu", "32"), activity(VILLAGE), activity("32.04.01.1001")
    client, form = form_for(province, here)
    answer = sent(client, form, activities=f"{here.number}, {there.number}")
    assert answer.status_code == 422
    assert "Semua kegiatan harus berada" in answer.content.decode()


def test_an_office_that_sees_a_request_does_not_see_an_activity_elsewhere(filer):
    foreign = activity("32.04.01.1001", actor=lead("kpu", "32.04"))
    item = coordination_request(filer=filer)
    item.activities.add(foreign)
    client, _form = form_for(filer)
    page = client.get(item.get_absolute_url())
    assert page.status_code == 200
    assert foreign.number not in page.content.decode()


def test_an_edit_keeps_activities_that_have_begun_meanwhile(filer):
    assessment(VILLAGE)
    planned = activity(VILLAGE, actor=filer)
    client, form = form_for(filer, planned)
    form.initial["obstacles"] = []
    fields = {"decision": "draft"}
    client.post(reverse("requests:new"), {name: form[name].value() for name in form.fields
                if form[name].value() not in (None, [])} | {"region": VILLAGE} | fields)  # fmt: skip
    request = CoordinationRequest.objects.get()
    type(planned).objects.filter(pk=planned.pk).update(starts_at=timezone.now() - timedelta(minutes=5))
    address = reverse("requests:edit", args=[request.slug])
    form = client.get(address).context["form"]
    sent_again = {name: form[name].value() for name in form.fields if form[name].value() not in (None, [])}
    sent_again |= {"region": VILLAGE, "text": "Lain", "activity_on": ""}
    answer = client.post(address, sent_again)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert list(request.activities.all()) == [planned]

"""From activities at risk one tap leads to a filled form; the request is due the day before the first of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.campaigns.tests.activities import activity, candidates, tomorrow_at
from coordination.forecast.tests.factories import forecast_for
from coordination.networks.tests.factories import assessment
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from coordination.requests.drafting import urgency_for
from coordination.requests.models import CoordinationRequest

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
    for words in (planned.number, "Balai RW 04", hurdle.number, "Risiko menurut prakiraan: tinggi."):
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
    today = timezone.localdate()
    found = [urgency_for(today + timedelta(days=days), today) for days in (8, 7, 4, 3, 0)]
    assert found == ["normal", "urgent", "urgent", "critical", "critical"]


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

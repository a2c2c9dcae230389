"""After an activity its office tells once how the network did; that becomes a level and a score."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coordination.campaigns.models import CampaignActivity
from coordination.campaigns.tests.activities import activity
from coordination.common.errors import AlreadyDone, NotPermitted, TransitionNotAllowed
from coordination.forecast import experience, scoring
from coordination.forecast.models import Experience, Forecast
from coordination.forecast.tests.factories import forecast_for
from coordination.history.models import Event
from coordination.networks.models import RegionLevel
from coordination.offices.tests.factories import lead, official

pytestmark = pytest.mark.django_db
VILLAGE = "32.73.01.1001"


def held(**values):
    """An activity that was forecast and is over now."""
    row = activity(VILLAGE, **values)
    forecast_for(row)
    CampaignActivity.objects.filter(pk=row.pk).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1)
    )
    row.refresh_from_db()
    return row


def answer(row, given, trouble="", actor=None):
    return experience.answer(
        row, {"answer": given, "trouble": trouble}, actor=actor or row.registered_by, client_id=uuid.uuid4(),
        body_sha256=uuid.uuid4().hex,
    )[0]  # fmt: skip


@pytest.mark.parametrize(
    ("need", "given", "level"),
    [
        ("host", "yes", "strong"), ("host", "trouble", "medium"), ("host", "no", "weak"),
        ("join", "yes", None), ("join", "trouble", "weak"), ("watch", "no", "weak"),
    ],
)  # fmt: skip
def test_the_answer_is_a_level_of_the_place_where_it_shows_one(need, given, level):
    row = held(need=need)
    answer(row, given, "Gambar macet" if given != "yes" else "")
    shown = RegionLevel.objects.filter(region=row.region).first()
    assert (shown.level if shown else None) == level
    row.refresh_from_db()
    assert row.state == "held"
    assert Event.objects.about(row).filter(verb="network_held").count() == 1


def test_it_is_asked_once_of_the_own_office_and_not_before_the_activity():
    row = held()
    with pytest.raises(NotPermitted):
        answer(row, "yes", actor=lead("kominfo", "32.73"))
    answer(row, "yes")
    with pytest.raises(AlreadyDone):
        answer(row, "no", "Putus")
    with pytest.raises(TransitionNotAllowed):
        answer(activity(VILLAGE, actor=row.registered_by), "yes")


def test_the_form_asks_with_what_and_sent_twice_makes_one_answer(client):
    row = held()
    client.force_login(row.registered_by)
    address, sent = reverse("forecast:network_held", args=[row.number]), {"client_id": uuid.uuid4(), "answer": "no"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Tuliskan dalam satu kalimat apa yang terganggu." in refused.content.decode()
    for _ in range(2):
        assert client.post(address, sent | {"trouble": "Putus sejak 10.00"}).status_code == 302
    assert Experience.objects.count() == 1


@pytest.mark.parametrize("answers", [{"low": "yyyyt", "high": "nnty", "unknown": "yn"}, {"medium": "yt"}, {}])
def test_the_score_is_what_counting_by_hand_gives(answers):
    words = {"y": "yes", "t": "trouble", "n": "no"}
    counts = {(risk, words[sign]): signs.count(sign) for risk, signs in answers.items() for sign in set(signs)}
    chance = {"low": 0.1, "medium": 0.4, "high": 0.8}
    told = [(chance[risk], sign != "y") for risk, signs in answers.items() if risk in chance for sign in signs]
    found = scoring.score_of(counts | {("high", None): 3})
    assert (found.answered, found.unanswered, found.unknown) == (len(told), 3, len(answers.get("unknown", "")))
    if not told:
        assert found.brier is None
        return
    share = sum(failed for _chance, failed in told) / len(told)
    assert found.brier == pytest.approx(sum((c - failed) ** 2 for c, failed in told) / len(told))
    assert found.reference == pytest.approx(share * (1 - share))
    for row in found.table:
        bad = sum(sign != "y" for sign in answers.get(row.risk, ""))
        assert (row.bad, row.answered) == (bad, len(answers.get(row.risk, "")))


def test_of_one_hall_nothing_follows_for_a_whole_city():
    row = activity("32.73")
    CampaignActivity.objects.filter(pk=row.pk).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1)
    )
    answer(row, "no", "Putus")
    assert not RegionLevel.objects.exists()


def test_an_activity_that_goes_on_is_not_asked_about():
    row = held()
    CampaignActivity.objects.filter(pk=row.pk).update(ends_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(TransitionNotAllowed):
        answer(row, "yes")


def test_what_was_cancelled_or_asks_nothing_is_not_scored():
    for change in ({"state": "cancelled"}, {"need": "none"}, {}):
        row = held()
        CampaignActivity.objects.filter(pk=row.pk).update(**change)
        found = scoring.score(row.registered_by, begun_before=timezone.now())
    assert found.unanswered == 1


def test_only_forecasts_of_the_own_region_are_scored():
    row = held()
    answer(row, "yes")
    Forecast.objects.filter(activity=row).update(risk="high")
    seen = [scoring.score(user, begun_before=timezone.now()).answered
            for user in (row.registered_by, lead("kpu", "32"), lead("bawaslu"), official("kpu", "33.74"))]  # fmt: skip
    assert seen == [1, 1, 1, 0]

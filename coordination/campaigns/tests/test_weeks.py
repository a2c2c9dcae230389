"""The week: each activity on the day of its own region, a few a day, and how many there are."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from coordination.campaigns import weeks
from coordination.campaigns.tests.activities import DAY, activity, running_election
from coordination.offices.tests.factories import lead, official

MONDAY = date(2020, 11, 23)


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2020-W48", date(2020, 11, 23)),
        ("2020-W53", date(2020, 12, 28)),
        ("2021-W53", date(2026, 11, 23)),
        ("", date(2026, 11, 23)),
        ("2020-W00", date(2026, 11, 23)),
        ("9999-W52", date(2026, 11, 23)),
        ("٢٠٢٠-W48", date(2026, 11, 23)),
    ],
)
def test_a_week_by_its_name(text, monday):
    assert weeks.monday_of(text, date(2026, 11, 24)) == monday
    assert weeks.monday_of(weeks.name_of(monday), date(2000, 1, 1)) == monday


def at(day, hour, minute, zone):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.fixture
def campaign_then():
    """The campaign in whose weeks these activities lie."""
    days = {"campaign_from": MONDAY - 30 * DAY, "campaign_to": MONDAY + 30 * DAY, "voting_date": MONDAY + 34 * DAY}
    return running_election(**days)


def plan(code, *moment):
    return activity(code, starts_at=at(*moment), election=running_election(code[:5]))


@pytest.mark.django_db
def test_each_activity_stands_on_the_day_of_its_own_region(campaign_then):
    """Ends of a day that are another day elsewhere, and the first and last minute of the week."""
    papua, java = "91.03.01", "32.73.01"
    first = plan(papua, MONDAY, 0, 0, "Asia/Jayapura")  # Sunday, 22.00 in Jakarta
    last = plan(java, MONDAY + 6 * DAY, 23, 59, "Asia/Jakarta")  # Monday, 01.59 in Jayapura
    plan(papua, MONDAY + 7 * DAY, 0, 0, "Asia/Jayapura"), plan(java, MONDAY - DAY, 23, 59, "Asia/Jakarta")
    days = weeks.week_of(lead("kpu"), MONDAY)
    assert [[row.pk for row in day.activities] for day in days] == [[first.pk], [], [], [], [], [], [last.pk]]
    assert [day.number for day in days] == [1, 0, 0, 0, 0, 0, 1]
    assert [day.number for day in weeks.week_of(official("kominfo", "91.03"), MONDAY)] == [1, 0, 0, 0, 0, 0, 0]


@pytest.mark.django_db
def test_a_full_day_shows_a_few_and_leads_to_the_others(campaign_then):
    kpu = official("kpu", "32.73")
    for hour in range(9):
        activity(actor=kpu, starts_at=at(MONDAY, 8 + hour, 0, "Asia/Jakarta"))
    client = Client()
    client.force_login(kpu)
    page = client.get(f"{reverse('campaigns:calendar')}?minggu=2020-W48").content.decode()
    assert page.count('class="record-title"') == weeks.SHOWN_A_DAY
    assert "dan 3 lagi" in page
    assert "?first=2020-11-23&amp;last=2020-11-23" in page
    assert "?minggu=2020-W47" in page
    assert "?minggu=2020-W49" in page
    listed = client.get(f"{reverse('campaigns:list')}?first=2020-11-23&last=2020-11-23").context["page"]
    assert len(listed) == 9

"""What deadlines are counted by is kept in the admin: a change reaches the row, and a slip is told beside its field."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from coordination.offices.tests.factories import admin
from coordination.regions.tests.factories import region
from coordination.requests.models import DeadlineRule
from coordination.workdays.choices import DayKind
from coordination.workdays.models import CalendarYear, DayOff, Ramadan

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = Client()
    client.force_login(admin())
    return client


def page(model, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{'change' if args else 'add'}", args=args)


def as_shown(client, url):
    """What a browser would send of the fields that the page shows."""
    shown = client.get(url).context["adminform"]
    fields = [field.field for fieldset in shown for line in fieldset for field in line]
    return {
        field.name: "" if field.value() is None else str(field.value())
        for field in fields
        if field.value() is not False
    }


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        (DeadlineRule, "amount", 9),
        (DayOff, "name", "Hari lain"),
        (CalendarYear, "source", "SKB 3 Menteri"),
        (Ramadan, "source", "Sidang isbat"),
    ],
)
def test_what_the_page_of_a_row_shows_can_be_sent_back_changed(client, model, field, value):
    row = model.objects.order_by("pk").first()
    url, version = page(model, row.pk), row.version
    assert client.post(url, as_shown(client, url) | {field: value}).status_code == 302
    row.refresh_from_db()
    assert (getattr(row, field), row.version) == (value, version + 1)


def refused(client, model, **values):
    answer = client.post(page(model), values)
    assert answer.status_code == 200
    return set(answer.context["adminform"].form.errors)


DAY = {"day": "2026-12-03", "kind": DayKind.PUBLIC, "name": "Hari", "source": "SKB", "is_off": "on"}


def test_a_local_holiday_without_a_region_would_hold_for_the_whole_country(client):
    assert refused(client, DayOff, **DAY | {"kind": DayKind.LOCAL}) == {"region"}
    bandung = region("32.73")
    assert client.post(page(DayOff), DAY | {"kind": DayKind.LOCAL, "region": bandung.code}).status_code == 302
    assert DayOff.objects.get(day="2026-12-03").region == bandung


@pytest.mark.parametrize("year", ["0001", "0206", "9999"])
def test_a_year_that_is_a_slip_of_the_pen_is_refused(client, year):
    assert refused(client, DayOff, **DAY | {"day": f"{year}-12-03"}) == {"day"}
    assert refused(client, CalendarYear, year=int(year)) == {"year"}
    assert refused(client, Ramadan, first_day=f"{year}-12-03", last_day=f"{year}-12-20", source="x") == {"first_day"}


@pytest.mark.parametrize(("first", "last"), [("2028-03-10", "2028-03-01"), ("2028-03-01", "2029-03-29")])
def test_a_ramadan_that_cannot_be_is_refused_beside_its_last_day(client, first, last):
    assert refused(client, Ramadan, first_day=first, last_day=last, source="x") == {"last_day"}


def test_a_ramadan_of_thirty_days_is_kept(client):
    values = {"first_day": "2028-01-28", "last_day": "2028-02-26", "source": "Perkiraan"}
    assert client.post(page(Ramadan), values).status_code == 302
    assert Ramadan.objects.get(first_day=date(2028, 1, 28))

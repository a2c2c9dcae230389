"""The pages of planned outages: the form, the notice that fills it, the list, and whom each tells of what."""

import re
import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from coordination.campaigns.tests.activities import activity, candidates
from coordination.history.models import Event
from coordination.networks import maintaining
from coordination.networks.models import PlannedOutage
from coordination.networks.tests.factories import outage
from coordination.offices.tests.factories import admin, lead, official
from coordination.regions.tests.factories import region
from tests.files import upload

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# A day that lies ahead, by the calendar alone.
THAT_DAY = timezone.localdate() + 9 * DAY


def moment(hour, later=0):
    return datetime.combine(THAT_DAY + later * DAY, time(hour), UTC)


def typed(hour, later=0):
    return f"{THAT_DAY + later * DAY}T{hour:02d}:00"


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def body(**changes):
    return {
        "client_id": uuid.uuid4(), "kind": "power", "provider": "PLN UP3 Bandung", "impact": "outage",
        "regions": "32.73.01.1001", "starts_at": typed(9), "ends_at": typed(12),
    } | changes  # fmt: skip


def test_the_times_are_those_of_the_first_region_unless_other_clocks_are_named():
    region("91.71.01.1001")
    person = admin()
    for zone, hour in (("", 0), ("Asia/Jakarta", 2)):
        signed_in(person).post(reverse("outages:new"), body(regions="91.71.01.1001", zone=zone))
        assert PlannedOutage.objects.last().starts_at == moment(hour)
    assert person.office is None and PlannedOutage.objects.last().office is None


def test_several_regions_are_named_by_line_and_each_that_is_none_is_said():
    person = official("kominfo", "32")
    for code, name in (("32.04", "Kab. Bandung"), ("32.73", "Kota Bandung"), ("32.01", "Kab. Bogor")):
        region(code, name=name)
    client = signed_in(person)
    answer = client.post(reverse("outages:new"), body(regions="Bandung; 32.01\nEntah"))
    errors = " ".join(answer.context["form"].errors["regions"])
    assert answer.status_code == 422 and "“Entah”" in errors and "32.04" in errors and "32.73" in errors
    client.post(reverse("outages:new"), body(regions="32.73; Kab. Bogor\n32.73"))
    assert [place.code for place in PlannedOutage.objects.get().regions.all()] == ["32.01", "32.73"]


def test_an_outage_moves_by_its_step_with_the_reason_and_its_page_tells_when_it_had_been():
    row = outage(starts_at=moment(2))
    client = signed_in(row.official)
    moving = {"version": 1, "note": "Cuaca", "starts_at": typed(9, 2), "ends_at": typed(12, 2)}
    address = reverse("outages:step", args=[row.number, "move"])
    answer = client.post(address, moving, follow=True)
    row.refresh_from_db()
    page = answer.content.decode()
    assert row.starts_at == moment(2, 2)
    assert "Cuaca" in page and all(date_format(THAT_DAY + later * DAY) in page for later in (0, 2))
    assert client.post(address, moving, follow=True).redirect_chain
    again = client.post(address, moving | {"starts_at": typed(8, 2)})
    assert again.status_code == 409 and typed(8, 2) in again.content.decode()


def test_an_edit_on_an_old_version_shows_both_texts():
    row = outage()
    maintaining.edit(row, {"note": "Baru"}, actor=lead("kominfo", "32.73"), version=1)
    form = body(version=1, note="Punya saya")
    answer = signed_in(row.official).post(reverse("outages:edit", args=[row.number]), form)
    assert answer.status_code == 409
    assert "Baru" in answer.content.decode() and "Punya saya" in answer.content.decode()


NOTICE = """X-MAINTNOTE-PROVIDER: Telkomsel NOC
X-MAINTNOTE-MAINTENANCE-ID: CRQ-9
X-MAINTNOTE-IMPACT: REDUCED-REDUNDANCY
X-MAINTNOTE-STATUS: {status}
DTSTART: {day}T{hour}0000Z
DTEND: {next}T000000Z
"""


def notice(status="CONFIRMED", hour=18):
    return NOTICE.format(status=status, hour=hour, day=f"{THAT_DAY:%Y%m%d}", next=f"{THAT_DAY + DAY:%Y%m%d}")


def paste(person, *said):
    return signed_in(person).post(reverse("outages:notice"), {"text": notice(*said)})


def test_a_notice_fills_the_form_and_saves_nothing():
    answer = paste(official("kominfo", "32.73"))
    form = answer.context["form"]
    assert not PlannedOutage.objects.exists()
    assert str(form["operator"].value()) and form["impact"].value() == "reduced"
    assert f'value="{typed(1, 1)}"' in str(form["starts_at"])
    assert (form["zone"].value(), form["state"].value()) == ("Asia/Jakarta", "confirmed")
    page = answer.content.decode()
    assert f'action="{reverse("outages:new")}"' in page and "data-draft" not in page


@pytest.mark.parametrize(
    "status, hour, verb",
    [("CONFIRMED", 20, "move"), ("CANCELLED", 18, "call_off"),
     ("CONFIRMED", 18, "confirm"), ("TENTATIVE", 18, None)],
)  # fmt: skip
def test_a_later_notice_opens_the_step_that_it_asks_for_and_takes_none(status, hour, verb):
    row = outage(provider="telkomsel noc", reference="crq-9", starts_at=moment(18), hours=6)
    answer = paste(row.official, status, hour)
    row.refresh_from_db()
    assert (row.version, row.state) == (1, "tentative")
    if verb is None:
        assert answer.url == row.get_absolute_url()
    else:
        assert answer.context["open_verb"] == verb
        assert f'id="{verb}" open' in answer.content.decode()


def test_what_a_notice_names_is_not_sought_elsewhere():
    outage("32.04", provider="Telkomsel NOC", reference="CRQ-9")
    answer = paste(official("kominfo", "32.73"), "CANCELLED")
    assert answer.status_code == 422 and "PM-" not in answer.content.decode()


def test_a_notice_comes_as_a_file_too():
    files = {"file": upload("kerja.ics", notice().encode(), "text/calendar")}
    answer = signed_in(official("kominfo", "32.73")).post(reverse("outages:notice"), files)
    assert answer.context["form"]["reference"].value() == "CRQ-9"


def test_the_list_shows_what_is_still_to_come_and_filters():
    now = timezone.now()
    rows = {
        "gone": outage(starts_at=now - DAY), "running": outage(starts_at=now - HOUR), "coming": outage(),
        "province": outage("32", actor=official("kominfo", "32"), kind="operator"),
    }  # fmt: skip
    outage("33.74")
    client = signed_in(official("kpu", "32.73"))

    def shown(query=""):
        page = client.get(reverse("outages:list") + query).content.decode()
        numbers = re.findall(r'href="/pemeliharaan/(PM-[\d-]+)/"', page)
        return [name for number in numbers for name, row in rows.items() if row.number == number]

    assert shown() == ["running", "coming", "province"]
    assert shown("?period=lewat") == ["gone"]
    assert shown("?kind=operator") == ["province"]
    maintaining.perform(rows["coming"], "confirm", actor=rows["coming"].official, version=1, note="")
    assert shown("?state=confirmed") == ["coming"]
    assert shown("?region=32.73.01.1001&period=semua") == ["province", "coming", "running", "gone"]


def test_an_activity_shows_its_outages_and_an_outage_its_activities_to_those_who_may_know():
    pair = candidates("32.73", names="PASLON RAHASIA")
    planned = activity(candidate_pair=pair)
    row = outage("32.73", starts_at=planned.starts_at - HOUR, hours=2)
    later = outage(starts_at=planned.ends_at, hours=2)
    for reader in (official("kominfo", "32.73"), official("kpu", "32.73"), official("bawaslu", "32", "viewer")):
        page = signed_in(reader).get(planned.get_absolute_url()).content.decode()
        assert row.number in page and later.number not in page
        page = signed_in(reader).get(row.get_absolute_url()).content.decode()
        assert planned.number in page and "PASLON" not in page
    wide = outage("32", actor=official("kominfo", "32"), starts_at=planned.starts_at)
    neighbour = signed_in(official("kpu", "32.04")).get(wide.get_absolute_url())
    assert neighbour.status_code == 200 and planned.number not in neighbour.content.decode()
    maintaining.perform(row, "call_off", actor=row.official, version=1, note="Batal")
    assert row.number not in signed_in(row.official).get(planned.get_absolute_url()).content.decode()
    assert Event.objects.about(row).count() == 2

"""Editing an obstacle: nothing typed is lost and nothing is changed unseen."""

import datetime
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from coordination.networks.models import Operator
from coordination.obstacles import filing
from coordination.obstacles.choices import ObstacleKind
from coordination.obstacles.lifecycle import perform
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.obstacles.tests.pages import form_values, signed_in
from coordination.offices.tests.factories import official
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
REPORT = "obstacles:report"


def test_of_two_people_editing_the_second_keeps_the_text(kpu):
    row = obstacle(actor=kpu)
    url = reverse("obstacles:edit", args=[row.number])
    first = form_values(version=row.version)
    assert signed_in(official("kpu", "32.73")).post(url, first).status_code == 302
    answer = signed_in(kpu).post(url, first | {"description": "Teks saya"})
    assert answer.status_code == 409
    assert "Teks saya" in answer.content.decode()


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

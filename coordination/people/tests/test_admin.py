"""The admin keeps to the jurisdiction, to versions and to the rules of the pages."""

import io

import pytest
import tablib
from django.contrib import admin as django_admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from coordination.history.models import Event
from coordination.offices.models import Office, Official
from coordination.offices.tests.factories import admin, lead, office, official
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.tests.factories import coordination_request

pytestmark = pytest.mark.django_db
MODELS = [model for model in django_admin.site._registry if model.__module__.startswith("coordination.")]
OFFICES = "kind,region,name,address,email,phone,superior,valid_from,valid_to\n"
PEOPLE = "username,name,office,role,position,email,phone\n"


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def provincial():
    return official("kpu", "32", is_staff=True)


def url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_and_page_opens_and_nothing_can_be_deleted(model):
    coordination_request(State.ACCEPTED)
    client = signed_in(admin())
    assert client.get(url(model, "changelist"), {"q": "a"}).status_code == 200
    row = model._default_manager.order_by("pk").first()
    if row is not None:
        assert client.get(url(model, "change", row.pk)).status_code == 200
        assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in client.get(url(model, "changelist")).content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_provincial_admin_meets_nothing_of_another_province(model, provincial):
    foreign = coordination_request(State.ACCEPTED, "33.74.01", subject="RAHASIA", text="RAHASIA")
    Office.objects.filter(region__path__startswith="33").update(name="RAHASIA")
    Official.objects.filter(office__region__path__startswith="33").update(name="RAHASIA")
    client = signed_in(provincial)
    answer = client.get(url(model, "changelist"))
    assert answer.status_code in (200, 403)
    assert "RAHASIA" not in answer.content.decode()
    assert foreign.number not in answer.content.decode()


def test_whoever_is_not_staff_is_sent_to_sign_in(provincial):
    for person in (lead("kpu", "32.73"), official("kominfo")):
        assert signed_in(person).get(reverse("admin:index")).status_code == 302
    assert signed_in(provincial).get(reverse("admin:index")).status_code == 200


def official_form(person, **changes):
    names = ("username", "name", "role", "position", "email", "phone")
    values = {name: getattr(person, name) for name in names}
    return values | {"office": person.office_id, "seen_version": person.version} | changes


def test_an_admin_changes_a_person_on_the_version_that_was_seen_and_the_history_tells_it(provincial):
    person = official("kpu", "32.73")
    client, page = signed_in(provincial), url(Official, "change", person.pk)
    assert client.post(page, official_form(person, name="Nama Baru")).status_code == 302
    assert Event.objects.about(person).get().verb == "change"
    for stale in (person.version, ""):
        answer = client.post(page, official_form(person, name="Lain", seen_version=stale))
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors
    person.refresh_from_db()
    assert (person.name, person.version) == ("Nama Baru", 2)


def test_a_provincial_admin_cannot_move_people_out_nor_raise_rights(provincial):
    person, foreign = official("kpu", "32.73"), office("kpu", "33.74")
    client, page = signed_in(provincial), url(Official, "change", person.pk)
    assert client.post(page, official_form(person, office=foreign.pk)).status_code == 200
    client.post(page, official_form(person, is_staff="on", is_superuser="on"))
    person.refresh_from_db()
    assert (person.office.region.code, person.is_staff, person.is_superuser) == ("32.73", False, False)
    office_page = url(Office, "change", person.office_id)
    values = {"kind": "kpu", "region": foreign.region_id, "name": "X", "valid_from": "2020-01-01", "seen_version": 1}
    assert signed_in(provincial).post(office_page, values).status_code == 200
    assert Office.objects.get(pk=person.office_id).region.code == "32.73"


def test_no_state_is_set_by_hand():
    item = coordination_request(State.SUBMITTED)
    answer = signed_in(admin()).post(url(type(item), "change", item.pk), {"state": "closed"})
    assert answer.status_code == 403
    item.refresh_from_db()
    assert item.state == State.SUBMITTED


def test_deactivating_in_the_admin_is_that_of_the_pages(provincial):
    person = official("kpu", "32.73")
    session = signed_in(person)
    values = {"action": "deactivate", "_selected_action": [person.pk]}
    signed_in(provincial).post(url(Official, "changelist"), values)
    assert session.get("/").status_code == 302
    assert Event.objects.about(person).get().verb == "deactivate"


def send(person, model, content, name="daftar.csv", kind=0):
    """Import a file: the dry run, and if it is clean the real one. Returns the last page."""
    client = signed_in(person)
    content = content if isinstance(content, bytes) else content.encode()
    first = client.post(url(model, "import"), {"format": kind, "import_file": SimpleUploadedFile(name, content)})
    confirm = first.context and first.context.get("confirm_form")
    if not confirm:
        return first
    values = {name: confirm[name].value() for name in confirm.fields}
    return client.post(
        url(model, "process_import"), {name: value for name, value in values.items() if value is not None}
    )


def test_offices_and_people_are_imported_and_a_second_import_changes_nothing(provincial):
    region("32.04")
    row = "kominfo,3204,Diskominfo Kab. Bandung,,,,,23/11/2020,\n"
    assert send(provincial, Office, OFFICES + row).status_code == 302
    made = Office.objects.get(kind="kominfo")
    assert (made.region.code, str(made.valid_from)) == ("32.04", "2020-11-23")
    person = "dinas-3204,Asep,kominfo 32.04,lead,Kadis,,\n"
    assert send(provincial, Official, PEOPLE + person).status_code == 302
    imported = Official.objects.get(username="dinas-3204")
    assert not imported.has_usable_password()
    before = Event.objects.count(), made.version
    send(provincial, Office, OFFICES + row)
    made.refresh_from_db()
    assert (Event.objects.count(), made.version) == before


@pytest.mark.parametrize(
    ("model", "content", "said"),
    [
        (Office, OFFICES + "kominfo,99.99,X,,,,,2020-01-01,\n", "99.99"),
        (Office, OFFICES + "dinas,32.04,X,,,,,2020-01-01,\n", "dinas"),
        (Office, OFFICES + "kominfo,32.04,X,,,,,besok,\n", "besok"),
        (Office, OFFICES + "kominfo,32.04,,,,,,2020-01-01,\n", "name"),
        (Office, OFFICES + "kominfo,33.74,X,,,,,2020-01-01,\n", ""),
        (Official, PEOPLE + "a,A,kpu 32.04,raja,,,\n", "raja"),
        (Official, PEOPLE + "a,A,kpu 99,lead,,,\n", "kpu 99"),
        (Official, PEOPLE + "a b,A,kpu 32,lead,,bukan-surel,\n", ""),
        (Official, "kolom,lain\n1,2\n", ""),
        (Official, b"\xff\xfe\x00\x01\x02", ""),
        (Official, b"", ""),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_half_imported(provincial, model, content, said):
    region("32.04"), region("33.74")
    good = OFFICES + "kominfo,32.04,Baik,,,,,2020-01-01,\n"
    if isinstance(content, str) and model is Office:
        content = good + content.removeprefix(OFFICES)
    before = Office.objects.count(), Official.objects.count()
    answer = send(provincial, model, content)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert (Office.objects.count(), Official.objects.count()) == before


def test_exports_hold_what_is_visible_and_no_formula(provincial):
    office("kominfo", "32.04", name="=1+1")
    office("kominfo", "33.74", name="RAHASIA")
    for kind, read in (
        (0, lambda data: data.decode()),
        (1, lambda data: tablib.import_set(io.BytesIO(data), "xlsx").export("csv")),
    ):
        answer = signed_in(provincial).post(url(Office, "export"), {"format": kind, "resource": "", **export_fields()})
        text = read(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        assert "RAHASIA" not in text
        assert ",=1+1" not in text
        assert "1+1" in text


def export_fields():
    names = ("kind", "region", "name", "address", "email", "phone", "superior", "valid_from", "valid_to")
    return {f"officeresource_{name}": "on" for name in names}

"""Changing and closing accounts; offices on the red list; periods of offices."""

import datetime
import re
from urllib.parse import urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, StaleVersion
from coordination.history.models import Event
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Invitation, Office, Official
from coordination.offices.routing import NoOffice, handling_office, next_above
from coordination.offices.tests.factories import PASSWORD, admin, lead, office, official
from coordination.people import accounts
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db


def signed_in(person):
    client = Client()
    assert client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD}).status_code == 302
    return client


def test_deactivating_ends_all_sessions_at_once():
    person, boss = official("kpu", "32.73"), lead("kpu", "32.73")
    devices = [signed_in(person), signed_in(person)]
    assert all(device.get("/").status_code == 200 for device in devices)
    accounts.deactivate(person, actor=boss, version=person.version)
    assert all(device.get("/").status_code == 302 for device in devices)
    assert not UserSession.objects.filter(user=person).exists()
    assert Event.objects.about(person).get().verb == "deactivate"
    answer = Client().post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert answer.wsgi_request.user.is_anonymous


def test_an_account_is_managed_by_the_own_lead_or_an_admin_never_by_oneself():
    person, boss = official("kpu", "32.73"), lead("kpu", "32.73")
    for stranger in (official("kpu", "32.73"), lead("kpu", "32.04"), lead("kominfo", "32.73"), lead("kpu", "32")):
        with pytest.raises(NotPermitted):
            accounts.deactivate(person, actor=stranger, version=person.version)
        with pytest.raises(NotPermitted):
            accounts.edit(person, {"name": "X"}, actor=stranger, version=person.version)
    with pytest.raises(DomainError):
        accounts.deactivate(boss, actor=boss, version=boss.version)
    with pytest.raises(NotPermitted):
        accounts.edit(boss, {"role": "viewer"}, actor=boss, version=boss.version)
    closed = accounts.deactivate(person, actor=admin(), version=person.version)
    with pytest.raises(AlreadyDone):
        accounts.deactivate(person, actor=boss, version=closed.version)
    assert accounts.reactivate(person, actor=boss, version=closed.version).is_active


def test_an_account_is_changed_on_the_version_that_was_seen():
    person, boss = official("kpu", "32.73"), lead("kpu", "32.73")
    changed = accounts.edit(person, {"role": "viewer"}, actor=boss, version=person.version)
    assert changed.role == "viewer"
    for version in (person.version, None):
        with pytest.raises(StaleVersion):
            accounts.edit(person, {"role": "lead"}, actor=boss, version=version)
    client = Client()
    client.force_login(boss)
    typed = {"version": person.version, "name": "Nama Baru Saya", "role": "lead"}
    answer = client.post(reverse("offices:edit", args=[person.pk]), typed)
    assert answer.status_code == 409
    assert "Nama Baru Saya" in answer.content.decode()


def test_a_double_click_on_saving_a_person_saves_once():
    person, client = official("kpu", "32.73"), Client()
    client.force_login(lead("kpu", "32.73"))
    typed = {"version": person.version, "name": "Nama Baru", "role": "viewer", "email": "Nama.Baru@example.id"}
    page = reverse("offices:edit", args=[person.pk])
    assert [client.post(page, typed).status_code for _ in range(2)] == [302, 302]
    person.refresh_from_db()
    assert (person.name, person.version) == ("Nama Baru", 2)
    assert [event.verb for event in Event.objects.about(person)] == ["edit"]


def test_a_conflict_on_a_person_shows_everything_that_is_otherwise_now():
    person, boss = official("kpu", "32.73", phone="0811", position="Kasubbag"), lead("kpu", "32.73")
    now = {"email": "kini@example.id", "phone": "0822", "role": "viewer"}
    accounts.edit(person, now, actor=lead("kpu", "32.73", name="Bu Cepat"), version=person.version)
    client = Client()
    client.force_login(boss)
    typed = {"version": person.version, "name": person.name, "role": "officer", "email": "", "phone": "0811"}
    answer = client.post(reverse("offices:edit", args=[person.pk]), typed | {"position": "Kasubbag"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert [str(value) for _label, value in answer.context["differences"]] == ["Pengamat", "kini@example.id", "0822"]
    for shown in ("Bu Cepat", "<dd>kini@example.id</dd>", "<dd>0822</dd>"):
        assert shown in page


def red_list(person, **query):
    """{code: (own office, office that answers instead)} of the regions on the page."""
    client = Client()
    client.force_login(person)
    answer = client.get(reverse("offices:list"), {"daftar": "merah"} | query)
    assert answer.status_code == 200
    return {region.code: (region.own_office, region.answering) for region in answer.context["page"]}


def test_the_red_list_names_the_regions_whose_ict_office_is_missing_or_has_nobody_who_can_act():
    empty, viewer = office("kominfo", "32.04"), official("kominfo", "32.05", "viewer")
    official("kominfo", "32.73")
    ended = official("kominfo", "32.76").office
    Office.objects.filter(pk=ended.pk).update(valid_to=timezone.localdate() - datetime.timedelta(days=1))
    for code in ("32.01.01.1001", "33.74.01"):
        region(code)
    own = {"32.01": None, "32.04": empty, "32.05": viewer.office, "32.76": None}
    nobody = {code: (office, None) for code, office in own.items()}
    reader = official("kpu", "32")
    assert red_list(reader) == nobody | {"32": (None, None)}
    ministry = official("kominfo").office
    assert red_list(reader, q="32.04") == {"32.04": (empty, ministry)}
    province = official("kominfo", "32").office
    assert red_list(reader) == {code: (office, province) for code, office in own.items()}
    assert set(red_list(official("kpu"))) == {*own, "33", "33.74"}
    assert red_list(official("kpu", "32.73")) == {}


def test_the_red_list_of_the_country_is_paged_and_costs_the_same_for_1_and_for_25_rows():
    client = Client()
    client.force_login(official("kpu"))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("offices:list"), {"daftar": "merah"}).status_code == 200
        return len(queries)

    region("32")
    one = cost()
    for number in range(1, 31):
        region(f"32.{number:02d}.01")
    assert cost() == one <= 12
    answer = client.get(reverse("offices:list"), {"daftar": "merah"})
    assert len(answer.context["page"]) == 25
    following = client.get(reverse("offices:list"), {"daftar": "merah", "dari": answer.context["page"].older})
    assert [row.code for row in following.context["page"]] == [f"32.{number}" for number in range(25, 31)]


def test_a_region_without_anybody_active_is_handled_by_the_next_office_above():
    nobody, province = office("kominfo", "32.73"), official("kominfo", "32").office
    assert handling_office(region("32.73.01")) == (province, [nobody])
    mine = official("kominfo", "32.73").office
    assert handling_office(region("32.73.01")) == (mine, [])
    assert next_above(mine) == province
    with pytest.raises(NoOffice):
        handling_office(region("33.74"))


def test_two_offices_of_one_kind_never_serve_a_region_on_one_day():
    first = office("kominfo", "32.73")
    same = {"kind": "kominfo", "region": first.region, "name": "Dinas baru"}
    for begin, end in ((datetime.date(2021, 1, 1), None), (datetime.date(2019, 1, 1), datetime.date(2020, 1, 1))):
        with pytest.raises(IntegrityError), transaction.atomic():
            Office.objects.create(valid_from=begin, valid_to=end, **same)
    national = {"kind": "kpu", "name": "KPU RI", "valid_from": datetime.date(2020, 1, 1)}
    Office.objects.create(**national)
    with pytest.raises(IntegrityError), transaction.atomic():
        Office.objects.create(**national)
    Office.objects.filter(pk=first.pk).update(valid_to=datetime.date(2024, 12, 31))
    successor = Office.objects.create(valid_from=datetime.date(2025, 1, 1), **same)
    assert list(Office.objects.serving(datetime.date(2024, 6, 1)).filter(kind="kominfo")) == [first]
    assert list(Office.objects.serving(datetime.date(2025, 6, 1)).filter(kind="kominfo")) == [successor]


def test_a_jurisdiction_is_the_region_and_all_below():
    bandung = Jurisdiction.of(official("kpu", "32.73"))
    assert bandung.covers(region("32.73.01.1001"))
    assert not any(bandung.covers(region(code)) for code in ("32", "32.04", "32.7"))
    assert Jurisdiction.of(official("kpu")).covers(region("91"))
    assert not Jurisdiction.of(official("kpu", "32.73", is_active=False)).covers(region("32.73"))


def test_the_database_knows_no_official_without_an_office():
    with pytest.raises(IntegrityError), transaction.atomic():
        Official.objects.create(username="x", name="x")


def test_the_database_knows_no_other_kinds_of_office_and_roles():
    person = official("kpu", "32.73")
    with pytest.raises(IntegrityError), transaction.atomic():
        Official.objects.filter(pk=person.pk).update(role="king")
    with pytest.raises(IntegrityError), transaction.atomic():
        Office.objects.filter(pk=person.office_id).update(kind="party")
    hour = timezone.now()
    invitation = Invitation.objects.create(office=person.office, name="x", invited_by=person, expires_at=hour)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(role="king")


def test_the_list_of_offices_costs_the_same_with_1_and_with_25_rows():
    client = Client()
    client.force_login(official("kpu", "32"))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("offices:list")).status_code == 200
        return len(queries)

    one = cost()
    for number in range(1, 25):
        office("kominfo", f"32.{number:02d}")
    assert cost() == one <= 12


def test_asking_for_a_new_password_tells_nobody_which_addresses_are_known():
    official("kpu", "32.73", email="Budi@Example.id")
    answers = []
    for address in ("BUDI@example.id", "tidak.ada@example.id"):
        answer = Client().post(reverse("account_reset_password"), {"email": address}, follow=True)
        answers.append((answer.status_code, answer.request["PATH_INFO"]))
    assert answers[0] == answers[1]
    assert answers[0][0] == 200
    assert not mail.outbox  # the answer waits for no mail server
    [job] = ProcrastinateJob.objects.filter(task_name="people.mail_password_link")
    accounts.mail_password_link(**job.args)
    assert [message.to for message in mail.outbox] == [["budi@example.id"]]
    address = re.search(r"http\S+", mail.outbox[0].body)[0]
    page = Client().get(urlsplit(address).path, follow=True)
    assert (page.status_code, "password1" in page.context["form"].fields) == (200, True)


def test_no_link_is_mailed_for_an_account_that_was_closed_meanwhile():
    person = official("kpu", "32.73", email="budi@example.id", is_active=False)
    accounts.mail_password_link(person.pk)
    assert not mail.outbox


def test_who_served_an_office_that_has_ended_only_reads():
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    person = lead("kominfo", "32.73")
    assert person.acts and person.leads
    Office.objects.filter(pk=person.office_id).update(valid_to=yesterday)
    person = Official.objects.get(pk=person.pk)
    assert not person.acts and not person.leads
    assert not Official.objects.acting().filter(pk=person.pk).exists()


def test_above_is_the_nearest_office_in_which_somebody_can_act():
    regency, province, ministry = office("kominfo", "32.73"), office("kominfo", "32"), lead("kominfo").office
    assert next_above(regency) == ministry
    lead("kominfo", "32")
    assert next_above(regency) == province
    regency.superior = office("kominfo", "33")
    regency.superior.superior = regency
    regency.superior.save()
    assert next_above(regency) == province

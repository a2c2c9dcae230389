"""The admin keeps to the jurisdiction, to versions and to the rules of the pages."""

import pytest
from django.contrib import admin as django_admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from coordination.common.errors import DomainError
from coordination.history.models import Event
from coordination.offices.models import Office, Official
from coordination.offices.tests.factories import PASSWORD, admin, lead, office, official
from coordination.people import accounts
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.tests.factories import coordination_request

pytestmark = pytest.mark.django_db
MODELS = [model for model in django_admin.site._registry if model.__module__.startswith("coordination.")]


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
def test_nonsense_in_the_address_of_a_list_is_no_error(model):
    client, day = signed_in(admin()), django_admin.site._registry[model].date_hierarchy or "x"
    for query in (
        {"q": "\x00"},
        {"q": "9" * 5_000},
        {f"{day}__year": "9" * 20},
        {f"{day}__year": "x"},
        {"o": "x"},
        {"p": "9" * 20},
        {"p": "9" * 5_000, f"{day}__year": "9" * 5_000, "o": "9" * 5_000},
        {"x": "1"},
    ):
        assert client.get(url(model, "changelist"), query).status_code in (200, 302, 400), query


def test_nonsense_in_the_search_of_a_pick_list_is_no_error():
    query = {"app_label": "offices", "model_name": "official", "field_name": "office", "term": "\x00"}
    assert signed_in(admin()).get(reverse("admin:autocomplete"), query).status_code == 400


# Python itself refuses to read a number of more than 4,300 digits.
@pytest.mark.parametrize("key", ["x", "\x00", "-1", "9" * 19, "9" * 30, "9" * 5_000, "²", ""])
def test_an_action_on_a_row_that_cannot_be_is_no_error(key):
    values = {"action": "deactivate", "_selected_action": key}
    assert signed_in(admin()).post(url(Official, "changelist"), values).status_code in (302, 400)


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


def office_form(row, **changes):
    names = ("kind", "name", "address", "email", "phone", "valid_from")
    values = {name: getattr(row, name) for name in names}
    region_code = row.region.code if row.region else ""
    return values | {"region": region_code, "superior": row.superior_id or "", "seen_version": row.version} | changes


def test_an_office_is_changed_on_the_version_that_was_seen_and_the_conflict_shows_what_it_is_now(provincial):
    row = office("kominfo", "32.73")
    client, page = signed_in(provincial), url(Office, "change", row.pk)
    assert client.post(page, office_form(row, name="Dinas Satu")).status_code == 302
    answer = client.post(page, office_form(row, name="Dinas Dua"))
    text = answer.content.decode()
    assert "Dinas Satu" in text
    assert "Dinas Dua" in text
    again = office_form(row, name="Dinas Dua", seen_version=answer.context["adminform"].form["seen_version"].value())
    assert client.post(page, again).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.version) == ("Dinas Dua", 3)
    assert [event.verb for event in Event.objects.about(row)] == ["change", "change"]


def test_a_double_click_on_saving_an_office_saves_once(provincial):
    row = office("kominfo", "32.73")
    client, page, typed = signed_in(provincial), url(Office, "change", row.pk), office_form(row, name="Dinas Satu")
    assert [client.post(page, typed).status_code for _ in range(2)] == [302, 302]
    row.refresh_from_db()
    assert (row.name, row.version) == ("Dinas Satu", 2)
    assert [event.verb for event in Event.objects.about(row)] == ["change"]


def test_saving_without_a_change_writes_nothing(provincial):
    row = office("kominfo", "32.73")
    assert signed_in(provincial).post(url(Office, "change", row.pk), office_form(row)).status_code == 302
    row.refresh_from_db()
    assert row.version == 1
    assert not Event.objects.about(row).exists()


def test_an_office_is_added_in_a_province_regency_or_city_of_the_own_jurisdiction(provincial):
    client, page = signed_in(provincial), url(Office, "add")
    values = {"kind": "kominfo", "name": "Dinas", "valid_from": "2020-01-01"}
    for code in ("33.74", "32.73.01", "", "99"):
        region(code) if code.startswith("3") else None
        answer = client.post(page, values | {"region": code})
        assert answer.status_code == 200, code
        assert "region" in answer.context["adminform"].form.errors
    region("32.04")
    assert client.post(page, values | {"region": "3204"}).status_code == 302
    made = Office.objects.get(name="Dinas")
    assert Event.objects.about(made).get().verb == "create"
    assert client.post(page, values | {"region": "32.04", "kind": "dinas"}).status_code == 200
    region("32.05")
    assert client.post(page, values | {"region": "32.05", "name": "Dinas 5"}).status_code == 302
    overlapping = client.post(page, values | {"region": "32.04", "name": "Dinas lain"})
    assert overlapping.status_code == 200
    assert Office.objects.filter(kind="kominfo").count() == 2


def test_the_superior_is_within_the_jurisdiction_or_above_it(provincial):
    national, sister, mine = office("kpu"), office("kpu", "33"), provincial.office
    client, page = signed_in(provincial), url(Office, "change", mine.pk)
    assert client.post(page, office_form(mine, superior=sister.pk)).status_code == 200
    assert client.post(page, office_form(mine, superior=national.pk)).status_code == 302
    mine.refresh_from_db()
    assert mine.superior == national
    assert client.post(page, office_form(mine, name="Nama baru")).status_code == 302


def test_a_national_admin_names_any_office_as_superior():
    provincial, mine = office("kpu", "32"), office("kpu", "32.73")
    page = url(Office, "change", mine.pk)
    assert signed_in(admin()).post(page, office_form(mine, superior=provincial.pk)).status_code == 302
    mine.refresh_from_db()
    assert mine.superior == provincial


def test_pick_lists_hold_the_own_jurisdiction(provincial):
    office("kominfo", "33.74", name="RAHASIA")
    office("kominfo", "32.73", name="Dinas Kota")
    query = {"app_label": "offices", "model_name": "official", "field_name": "office"}
    found = signed_in(provincial).get(reverse("admin:autocomplete"), query).content.decode()
    assert "Dinas Kota" in found
    assert "RAHASIA" not in found


@pytest.mark.parametrize("power", ["is_superuser", "is_staff"])
def test_nobody_reaches_for_an_account_with_more_power(provincial, power):
    mighty, boss = official("kpu", "32.73", **{power: True}), lead("kpu", "32.73")
    client, page = signed_in(boss), reverse("offices:edit", args=[mighty.pk])
    typed = {"version": 1, "name": "x", "role": "lead", "email": "penyerang@example.id"}
    assert client.get(page).status_code == client.post(page, typed).status_code == 302
    client.post(reverse("offices:switch", args=[mighty.pk, "nonaktif"]), {"version": 1})
    if power == "is_superuser":
        answer = signed_in(provincial).post(url(Official, "change", mighty.pk), official_form(mighty, email="x@x.id"))
        assert answer.status_code == 403
    mighty.refresh_from_db()
    assert (mighty.email, mighty.role, mighty.is_active) == ("", "officer", True)


def test_a_person_added_in_the_admin_has_no_password_until_asking_for_one(provincial):
    seat = office("kpu", "32.73")
    values = {"username": "baru", "name": "Baru", "office": seat.pk, "role": "officer", "seen_version": ""}
    assert signed_in(provincial).post(url(Official, "add"), values).status_code == 302
    made = Official.objects.get(username="baru")
    assert not made.has_usable_password()
    assert not made.is_staff
    assert Event.objects.about(made).get().verb == "create"


def test_an_address_belongs_to_one_account_however_it_is_spelled(provincial):
    official("kpu", "33", email="Siti@example.id")
    person = official("kpu", "32.73")
    answer = signed_in(provincial).post(
        url(Official, "change", person.pk), official_form(person, email="siti@EXAMPLE.id")
    )
    assert "email" in answer.context["adminform"].form.errors


def test_addresses_of_the_admin_answer_no_questions_beside_the_filters(provincial):
    person = official("kpu", "32.73")
    client = signed_in(provincial)
    for query in ({"password__startswith": "m"}, {"office__region__path__startswith": "33"}, {"id__gt": "0"}):
        assert client.get(url(Official, "changelist"), query).status_code == 400
    assert client.get(url(Official, "changelist"), {"role__exact": "officer", "wilayah": "32.73"}).status_code == 200
    kind = ContentType.objects.get_for_model(Office)
    assert client.get(f"/admin/r/{kind.pk}/{person.office_id}/").status_code == 404


def test_the_admin_is_entered_through_the_sign_in_of_the_portal():
    answer = Client().post(reverse("admin:login"), {"username": "admin", "password": "x"})
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    assert signed_in(official("kpu", "32")).get(reverse("admin:login")).status_code == 403


@pytest.mark.parametrize("model", [Office, Official])
def test_a_list_of_the_admin_costs_the_same_with_1_and_with_25_rows(model, provincial, django_assert_max_num_queries):
    client = signed_in(provincial)
    for number in range(1, 26):
        official("kpu", f"32.{number:02d}")
    with django_assert_max_num_queries(12):
        assert client.get(url(model, "changelist")).status_code == 200


def test_who_was_imported_without_an_address_gets_a_link_for_a_password_that_works_once(provincial):
    person = official("kpu", "32.73")
    person.set_unusable_password()
    person.save()
    values = {"action": "make_password_links", "_selected_action": [person.pk]}
    answer = signed_in(provincial).post(url(Official, "changelist"), values)
    [(_row, link)] = answer.context["links"]
    assert Event.objects.about(person).get().verb == "password_link"
    assert link.rsplit("-", 1)[-1].strip("/") not in str(list(Event.objects.values()))
    client = Client()
    page = client.get(link, follow=True).redirect_chain[-1][0]
    typed = {"password1": "kopi-susu-gula-aren-7", "password2": "kopi-susu-gula-aren-7"}
    assert client.post(page, typed).status_code == 302
    assert Client().login(username=person.username, password="kopi-susu-gula-aren-7")
    assert Client().get(link).status_code == 200


def test_links_for_a_password_are_made_by_admins_for_those_they_manage(provincial):
    person, boss = official("kpu", "32.73"), lead("kpu", "32.73")
    root = official("kpu", "32.73", is_superuser=True, is_staff=True)
    for target, actor in ((person, boss), (root, provincial), (provincial, provincial), (official("kpu"), provincial)):
        with pytest.raises(DomainError):
            accounts.password_link(target, actor=actor)
    with pytest.raises(DomainError):
        accounts.password_link(official("kpu", "32.73", is_active=False), actor=provincial)
    assert accounts.password_link(provincial, actor=admin())


def test_an_invalid_kind_or_a_forged_field_is_an_error_of_the_field(provincial):
    row = office("kominfo", "32.73")
    client, page = signed_in(provincial), url(Office, "change", row.pk)
    for wrong in ({"kind": "x"}, {"seen_version": "x"}, {"superior": "x"}, {"valid_from": "x"}, {"region": "\x00"},
                  {"name": ""}, {"name": "x" * 201}, {"email": "x"}, {"valid_to": "2000-01-01"}):  # fmt: skip
        answer = client.post(page, office_form(row) | wrong)
        assert answer.status_code == 200, wrong
        assert answer.context["adminform"].form.errors, wrong


@pytest.mark.parametrize("model", [Office, Official])
def test_a_key_of_five_thousand_digits_is_an_error_of_the_field(provincial, model):
    field, row = {Office: ("superior", provincial.office), Official: ("office", provincial)}[model]
    values = office_form(row) if model is Office else official_form(row)
    answer = signed_in(provincial).post(url(model, "change", row.pk), values | {field: "9" * 5_000})
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors


def test_a_refusal_while_saving_leaves_what_was_typed_in_the_form(provincial):
    """The one rule that only saving knows: nobody changes the own role."""
    answer = signed_in(provincial).post(
        url(Official, "change", provincial.pk), official_form(provincial, role="lead", position="Kepala Bagian")
    )
    form = answer.context["adminform"].form
    assert (answer.status_code, form["position"].value()) == (200, "Kepala Bagian")
    assert form.non_field_errors()
    provincial.refresh_from_db()
    assert (provincial.role, provincial.position) == ("officer", "")


def test_the_superior_office_is_picked_from_those_above_too_but_people_only_from_the_own(provincial):
    ministry, foreign = office("kominfo"), office("kominfo", "33")
    client = signed_in(provincial)

    def offered(model, field):
        query = {"app_label": "offices", "model_name": model, "field_name": field, "term": "Diskominfo"}
        return {row["id"] for row in client.get(reverse("admin:autocomplete"), query).json()["results"]}

    assert str(ministry.pk) in offered("office", "superior")
    assert str(foreign.pk) not in offered("office", "superior")
    assert str(ministry.pk) not in offered("official", "office")


def test_a_form_sent_when_the_session_had_ended_is_shown_filled_after_signing_in(provincial):
    person, client = official("kpu", "32.73"), Client()
    page = url(Official, "change", person.pk)
    answer = client.post(page, official_form(person, name="Nama Baru", role="viewer"))
    signed_in_again = client.post(answer.url, {"login": provincial.username, "password": PASSWORD})
    form = client.get(signed_in_again.url).context["adminform"].form
    assert (form["name"].value(), form["role"].value()) == ("Nama Baru", "viewer")
    person.refresh_from_db()
    assert person.name != "Nama Baru"
    office_page = url(Office, "change", person.office_id)
    client = Client()
    client.post(office_page, {"kind": "kpu", "region": "32.04", "name": "KPU Baru", "seen_version": 1})
    client.force_login(provincial)
    form = client.get(f"{office_page}?pulihkan=1").context["adminform"].form
    assert (form["name"].value(), form["region"].value()) == ("KPU Baru", "32.04")
    assert client.get(office_page).context["adminform"].form["name"].value() == person.office.name


def test_a_box_that_was_unticked_stays_unticked_and_the_log_names_what_changed(provincial):
    client, page = Client(), url(Official, "change", provincial.pk)
    client.post(page, official_form(provincial, name="Nama Baru"))
    client.force_login(admin())
    shown = client.get(f"{page}?pulihkan=1").context["adminform"].form
    assert not shown["is_staff"].value()
    client.post(f"{page}?pulihkan=1", official_form(provincial, name="Nama Baru", is_staff="on"))
    assert "name" in LogEntry.objects.get().change_message


def test_passwords_are_changed_on_the_page_of_the_portal(provincial):
    answer = signed_in(provincial).get(reverse("admin:password_change"))
    assert answer.url == reverse("account_change_password")

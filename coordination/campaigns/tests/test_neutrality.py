"""For whom an activity is, is known to election and oversight offices alone; how alike candidates were treated too."""

import pytest
from django.test import Client
from django.urls import reverse

from coordination.campaigns import planning
from coordination.campaigns.forms import ActivityForm, EditActivityForm
from coordination.campaigns.models import CandidatePair
from coordination.campaigns.queries import treatment
from coordination.campaigns.tests.activities import activity, candidates, method, running_election, tomorrow_at
from coordination.networks.tests.factories import assessment
from coordination.offices.tests.factories import admin, lead, official
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
NAMES = "PASLON Satu"


@pytest.mark.parametrize("code", ["32.73", "32", None])
def test_pairs_are_known_to_election_and_oversight_offices_only(code):
    candidates(names=NAMES)
    known = {kind: CandidatePair.objects.visible_to(official(kind, code)).count() for kind in ("kpu", "bawaslu")}
    assert known == {"kpu": 1, "bawaslu": 1}
    for role in ("officer", "lead", "viewer"):
        assert not CandidatePair.objects.visible_to(official("kominfo", code, role)).exists()
    assert CandidatePair.objects.visible_to(admin()).exists()


def test_pairs_are_known_where_they_stand():
    """Those of the governor in the regencies of the province, those of a regency not in another."""
    governor, mayor = candidates("32"), candidates("32.73")
    assert set(CandidatePair.objects.visible_to(official("kpu", "32.73"))) == {governor, mayor}
    assert set(CandidatePair.objects.visible_to(official("kpu", "32.04"))) == {governor}
    assert set(CandidatePair.objects.visible_to(official("kpu", "33.74"))) == set()


def test_who_left_knows_no_pair():
    candidates()
    assert not CandidatePair.objects.visible_to(official("kpu", "32.73", is_active=False)).exists()


def page(person, address):
    client = Client()
    client.force_login(person)
    return client.get(address).content.decode()


def test_the_page_of_an_activity_names_the_pair_to_those_who_may_know_it():
    row = activity(candidate_pair=candidates(names=NAMES))
    planning.edit(row, {"candidate_pair": candidates(number=2, names=NAMES)}, actor=row.registered_by, version=1)
    for kind in ("kpu", "bawaslu"):
        assert NAMES in page(official(kind, "32.73"), row.get_absolute_url())
    for code in ("32.73", "32", None):
        assert "PASLON" not in page(lead("kominfo", code), row.get_absolute_url())


def test_a_form_has_the_field_where_there_are_pairs_to_choose_from():
    kpu, row = official("kpu", "32.73"), activity()
    assert "candidate_pair" not in ActivityForm(actor=kpu).fields
    candidates(names=NAMES)
    assert "candidate_pair" in ActivityForm(actor=kpu).fields
    assert "candidate_pair" not in ActivityForm(actor=official("kominfo", "32.73")).fields
    # Whoever answers for many regencies names it once the activity has its region.
    assert "candidate_pair" not in ActivityForm(actor=official("kpu", "32")).fields
    assert "candidate_pair" in EditActivityForm(actor=official("kpu", "32"), activity=row).fields
    assert "candidate_pair" not in EditActivityForm(actor=official("kominfo", "32.73"), activity=row).fields


def test_a_search_for_the_names_finds_nothing():
    activity(candidate_pair=candidates(names=NAMES))
    for kind in ("kpu", "kominfo"):
        assert "PASLON" not in page(official(kind, "32.73"), f"{reverse('campaigns:list')}?q=tidak")
        client = Client()
        client.force_login(official(kind, "32.73"))
        assert len(client.get(f"{reverse('campaigns:list')}?q=PASLON").context["page"]) == 0


def test_staff_of_the_admin_read_activities_without_the_pair():
    row = activity(candidate_pair=candidates(names=NAMES))
    for kind in ("kominfo", "kpu"):
        staff = lead(kind, "32", is_staff=True)
        address = reverse("admin:campaigns_campaignactivity_change", args=[row.pk])
        assert row.number in page(staff, address)
        assert "PASLON" not in page(staff, address)
        assert "PASLON" not in page(staff, reverse("admin:campaigns_candidatepair_changelist"))
        assert "PASLON" not in page(staff, reverse("admin:index"))
    assert "PASLON" in page(admin(), reverse("admin:campaigns_candidatepair_changelist"))


def test_treatment_counts_by_pair_method_and_region():
    kpu, one, two = official("kpu", "32.73"), candidates(names="Satu"), candidates(number=2, names="Dua")
    for hour in (9, 13):
        activity(actor=kpu, candidate_pair=one, starts_at=tomorrow_at(hour))
    activity(actor=kpu, candidate_pair=two, method=method("lain", "Lain"), ends_at=tomorrow_at(12))
    activity(actor=kpu)
    cancelled = activity(actor=kpu, candidate_pair=two)
    planning.perform(cancelled, "cancel", actor=kpu, version=1, note="Hujan")
    activity("33.74.01.1001")
    assessment("32.73.01.1001")
    rows = treatment(kpu, running_election(), region("32.73"))
    found = [(row.pair, row.method, row.region.code, row.number, row.hours, row.level.level) for row in rows]
    assert found == [
        (one, "Pertemuan terbatas", "32.73.01", 2, 4, "weak"),
        (two, "Lain", "32.73.01", 1, 3, "weak"),
        (None, "Pertemuan terbatas", "32.73.01", 1, 2, "weak"),
    ]
    assert rows[0].earliest.isoformat() < rows[0].latest.isoformat()
    country = treatment(lead("bawaslu"), running_election())
    assert {row.region.code for row in country} == {"32", "33"}
    below = treatment(kpu, running_election(), region("32.73.01.1001"))
    assert {row.region.code for row in below} == {"32.73.01.1001"}


@pytest.mark.parametrize("code", ["32.73", "32", None])
def test_the_report_is_hidden_from_whoever_must_not_know_pairs(code):
    activity(candidate_pair=candidates(names=NAMES))
    for kind, answer in (("bawaslu", 200), ("kpu", 200), ("kominfo", 404)):
        client = Client()
        client.force_login(lead(kind, code))
        found = client.get(reverse("campaigns:treatment"))
        assert found.status_code == answer
        assert ("PASLON" in found.content.decode()) is (answer == 200)
        assert (reverse("campaigns:treatment") in page(lead(kind, code), reverse("campaigns:list"))) is (answer == 200)

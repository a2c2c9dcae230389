"""What the demonstration promises to whoever opens it."""

from collections import defaultdict

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from coordination.batches.choices import ImportState
from coordination.campaigns.importing import SCHEDULES
from coordination.campaigns.models import ONLINE, CampaignActivity, Election, ScheduleBatch
from coordination.campaigns.queries import voting_regencies
from coordination.dashboards import mapping
from coordination.dashboards.keeping import figures_for
from coordination.dashboards.sections.activities import section
from coordination.demo import accounts, loading, schedule
from coordination.demo.levels import SOURCE
from coordination.demo.routes import ROUTES
from coordination.history.models import Event
from coordination.history.recording import faults
from coordination.networks.choices import NetworkLevel, OutageState
from coordination.networks.importing import LEVELS
from coordination.networks.models import Assessment, ImportBatch, PlannedOutage, RegionLevel, StatedLevel
from coordination.notifications.models import Mail, Notification
from coordination.obstacles.choices import ObstacleKind, ObstacleState
from coordination.obstacles.models import Obstacle, Participation, Photo
from coordination.offices.choices import Kind, Role
from coordination.offices.models import Absence, Office, Official
from coordination.regions.models import Level
from coordination.requests.answer_templates import fill, validate_fields
from coordination.requests.choices import State, Urgency
from coordination.requests.models import (
    AnswerTemplate,
    Attachment,
    Comment,
    CoordinationRequest,
    MissedDeadline,
    Watch,
)
from coordination.requests.queries import my_work

# Loaded once: all of them in one worker.
pytestmark = [pytest.mark.usefixtures("demo", "db"), pytest.mark.xdist_group("demo")]
NAMED = ("kpu-32", "diskominfo-32", "bawaslu-32", "kpu-ri", "komdigi", "bawaslu-3273", "bawaslu-ri", "admin")
WITH_LEAD = ("kpu-3273", "diskominfo-3273", "kpu-32", "diskominfo-32", "kpu-ri", "komdigi")


def _official(username):
    return Official.objects.select_related("office__region").get(username=username)


def test_every_promised_account_exists():
    digits = {region.digits for region in voting_regencies(Election.objects.get(slug="pilkada-2020"))} | {"3273"}
    assert len(digits) == 310
    promised = {
        f"{office}-{code}{rank}" for office in ("kpu", "diskominfo") for code in digits for rank in ("", "-lead")
    }
    promised |= {f"bawaslu-{code}" for code in digits} | set(NAMED) | {f"{name}-lead" for name in WITH_LEAD}
    assert promised <= set(Official.objects.active().values_list("username", flat=True))


def test_accounts_sit_where_their_name_says():
    person = _official("diskominfo-3204-lead")
    assert (person.office.kind, person.office.region.code, person.role) == (Kind.KOMINFO, "32.04", Role.LEAD)
    assert person.office.superior == _official("diskominfo-32").office
    assert person.office.superior.superior == _official("komdigi").office
    assert _official("kpu-ri").office.region is None
    assert _official("kpu-9301").office.superior.region.code == "93"
    assert _official("bawaslu-3273").role == Role.VIEWER
    assert _official("admin").is_superuser


@pytest.mark.parametrize("username", ["kpu-3273", "diskominfo-1301-lead", "bawaslu-ri", "admin"])
def test_the_password_opens_the_door(client, username):
    client.post(reverse("account_login"), {"login": username, "password": accounts.PASSWORD})
    assert client.session["_auth_user_id"] == str(_official(username).pk)


def test_nobody_can_be_mailed():
    assert not Official.objects.exclude(email="").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'notifications.%'")
        assert cursor.fetchone() == (0,)
    assert not Mail.objects.exists()
    assert not Notification.objects.exclude(collect_at=None).exists()


def test_the_red_list_is_of_regencies_that_did_not_vote():
    red = Office.objects.filter(kind=Kind.KOMINFO).unstaffed().select_related("region")
    assert {office.region.code for office in red} == set(accounts.RED_LIST)
    assert not voting_regencies(Election.objects.get(slug="pilkada-2020")).filter(code__in=accounts.RED_LIST).exists()
    passed = CoordinationRequest.objects.get(region__path__startswith="32.05.")
    assert passed.handling_office.region.code == "32"


def test_the_tour_shows_who_stands_in_and_the_texts_that_offices_keep():
    lead = _official("diskominfo-3273-lead")
    [(away, requests)] = my_work(lead).standing_in
    assert (away.official, away.substitute_key) == (_official("diskominfo-3273").name, lead.pk)
    assert requests
    kept = AnswerTemplate.objects.visible_to(lead)
    assert {"accept", "resolve"} <= {template.verb for template in kept}
    for template in kept:
        validate_fields(template.text)
        assert "{" not in fill(template.text, requests[0], lead.office)
    assert Absence.objects.filter(official__office__kind=Kind.KPU, substitute=None).count() == 2


@pytest.mark.parametrize("code", loading.SHOWN_WHOLE)
def test_the_toured_regencies_show_every_state(code):
    requests = CoordinationRequest.objects.filter(filing_office__region__code=code)
    assert len(requests) == len(ROUTES)
    assert {request.state for request in requests} == set(State.values)
    outages = PlannedOutage.objects.filter(office__region__code=code)
    assert set(outages.values_list("state", flat=True)) == set(OutageState.values)
    assert any(outage.is_over for outage in outages)
    obstacles = Obstacle.objects.filter(office__region__code=code)
    assert set(obstacles.values_list("state", flat=True)) == set(ObstacleState.values)
    assert obstacles.filter(kind__in=ObstacleKind.NOT_NETWORK).count() == 3
    assert requests.overdue().count() >= 2
    assert requests.near_deadline().exists()
    assert Participation.objects.filter(obstacle__in=obstacles).exists()
    assert Photo.objects.filter(obstacle__in=obstacles).exists()
    assert Attachment.objects.filter(request__in=requests).exists()
    assert Comment.objects.filter(request__in=requests).exists()


def test_urgencies_and_the_way_up_occur():
    assert set(CoordinationRequest.objects.values_list("urgency", flat=True)) == set(Urgency.values)
    assert Watch.objects.filter(office__region__code="32").exists()
    for username in ("kpu-3273", "diskominfo-3273", "diskominfo-32", "komdigi"):
        person = _official(username)
        assert CoordinationRequest.objects.visible_to(person).waiting_for(person).exists()


def test_some_of_what_is_open_went_up_by_itself_some_started_higher_and_some_found_no_office_above():
    open_ones = CoordinationRequest.objects.open()
    raised = open_ones.filter(raised_to__isnull=False).exclude(missed=[])
    short = open_ones.filter(started_short=True, raised_to__isnull=False)
    alarms = CoordinationRequest.objects.without_office_above()
    assert 5 <= raised.count() < open_ones.count() / 2
    assert short.exists()
    assert len(loading.SHOWN_WHOLE) <= alarms.count() <= 5
    assert not CoordinationRequest.objects.to_be_raised(MissedDeadline.objects.latest("noticed_at").noticed_at).exists()


def test_some_notifications_are_new_and_the_older_ones_are_read():
    told = Notification.objects.of(_official("diskominfo-3273"))
    assert 0 < told.unread().count() < told.count() / 2


def test_numbers_have_no_gap():
    given = defaultdict(list)
    for model in (CoordinationRequest, Obstacle):
        for number in model.objects.exclude(number=None).values_list("number", flat=True):
            series, _dash, last = number.rpartition("-")
            given[series].append(int(last))
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in given.values())


def test_the_history_is_whole_and_runs_forward():
    assert list(faults()) == []
    moments = list(Event.objects.order_by("sequence").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= timezone.now()
    assert (timezone.now() - moments[0]).days >= 25


def test_rows_bear_the_date_of_their_act():
    for model, columns in (
        (CoordinationRequest, ("created_at", "updated_at")), (Obstacle, ("created_at", "updated_at")),
        (Participation, ("created_at",)), (Comment, ("created_at",)), (Watch, ("since",)), (Photo, ("created_at",)),
        (Attachment, ("created_at",)),
    ):  # fmt: skip
        for column in columns:
            last_act = Event.objects.order_by("-sequence")[0].at
            assert not model.objects.filter(**{f"{column}__gt": last_act}).exists(), (model, column)


def test_loading_again_does_nothing(capsys):
    before = Event.objects.count(), Official.objects.count(), Office.objects.count()
    assert loading.load() is False
    call_command("load_demo")
    assert "nothing to do" in capsys.readouterr().out
    assert (Event.objects.count(), Official.objects.count(), Office.objects.count()) == before


def test_it_is_refused_in_production_even_where_it_was_loaded(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="PORTAL_DEMO"):
        call_command("load_demo")


def test_progress_is_said(demo):
    assert "accounts" in demo[0]
    assert "simulated" in demo[-1]
    assert len(demo) == 6


def test_the_figures_answer_whether_a_weak_network_goes_with_little_online_campaigning():
    shown = section(None, figures_for(_official("kpu-ri"), None).figures["activities"])
    assert shown.election.slug == "contoh"
    found = shown.correlation
    assert -0.6 < found.low < found.coefficient < found.high < -0.2
    assert found.is_negative
    assert found.n > 250
    assert 20 < shown.without_meeting.number < len(shown.regencies) / 3


def test_the_map_shows_every_level_and_that_some_are_not_measured():
    dots = mapping.map_of(_official("kpu-ri")).dots
    assert {dot.level for dot in dots} == {*NetworkLevel, ""}
    assert 0.05 < sum(not dot.level for dot in dots) / len(dots) < 0.15


@pytest.mark.parametrize("code", loading.SHOWN_WHOLE)
def test_the_map_of_a_toured_regency_shows_districts_that_follow_from_their_villages(code):
    districts = RegionLevel.objects.filter(region__parent__code=code)
    assert districts.values("level").distinct().count() > 1
    assert not districts.filter(is_derived=False).exists()
    assert RegionLevel.objects.get(region__code=code).is_derived


def test_one_list_states_the_levels_and_names_itself_a_simulation(client):
    batch = ImportBatch.objects.get()
    assert "Simulasi" in SOURCE
    assert (batch.state, batch.faulty, batch.source) == (ImportState.DONE, 0, SOURCE)
    assert set(StatedLevel.objects.values_list("batch", "source")) == {(batch.pk, SOURCE)}
    stated = StatedLevel.objects.filter(region__level=Level.REGENCY).first().region
    client.force_login(_official("kpu-ri"))
    for address in (reverse("region", args=[stated.code]), f"/status/{stated.code}/"):
        assert SOURCE in client.get(address).content.decode()


def test_no_level_is_stated_where_something_was_measured():
    measured = Assessment.objects.classed().values_list("region", flat=True)
    assert measured
    assert not StatedLevel.objects.filter(region__in=measured).exists()
    assert not RegionLevel.objects.filter(region__in=measured, assessment=None).exists()


def test_simulated_activities_are_those_of_the_offices_of_their_regencies():
    batch = ScheduleBatch.objects.get()
    activities = batch.activities.select_related("region", "office")
    assert (batch.state, batch.faulty, batch.new) == (ImportState.DONE, 0, activities.count())
    assert {(row.office.kind, row.office.region_id) for row in activities} == {
        (Kind.KPU, row.region_id) for row in activities
    }
    assert not activities.filter(region__code__in=loading.SHOWN_WHOLE).exists()
    assert not activities.exclude(election__slug="contoh", candidate_pair=None).exists()
    assert not activities.exclude(sttp_number="").exclude(sttp_number__contains="SIMULASI").exists()
    assert activities.filter(starts_at__lt=timezone.now()).exists()
    assert activities.filter(starts_at__gt=timezone.now()).exists()


def test_some_regencies_hold_much_and_all_others_meet_here_and_there():
    election = Election.objects.get(slug="contoh")
    numbers = CampaignActivity.objects.filter(election=election).exclude(batch=None).values("region")
    numbers = numbers.annotate(online=Count("pk", filter=ONLINE), number=Count("pk"))
    assert numbers.count() == voting_regencies(election).count() - len(loading.SHOWN_WHOLE)
    assert 80 < numbers.filter(online__gte=1).count() <= schedule.TRYING
    assert {row["number"] for row in numbers.filter(online=0)} <= {1, 2, 3, 4, 5}


def test_the_file_of_levels_says_what_was_imported():
    batch = ImportBatch.objects.get()
    findings = LEVELS.findings(batch)
    read = {(row.region, row.level, row.source, row.stated_on) for row in LEVELS.rows(batch, batch.file, findings)}
    assert findings.faulty == 0
    assert read == set(StatedLevel.objects.values_list("region", "level", "source", "stated_on"))


def test_the_file_of_activities_says_what_was_imported():
    batch, fields = ScheduleBatch.objects.get(), ("region_id", "method_id", "platform", "need", "starts_at", "ends_at")
    findings = SCHEDULES.findings(batch)
    rows = SCHEDULES.rows(batch, batch.file, findings)
    read = {(row.office, *(getattr(row.activity, field) for field in fields)) for row in rows}
    assert findings.faulty == 0
    assert read == set(batch.activities.values_list("office", *fields))

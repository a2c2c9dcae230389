"""Every address of the admin × who asks has a declared answer, and another province is told nothing."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from coordination.campaigns.models import CampaignMethod, Contest, Election, ElectionMethod, Stage
from coordination.networks.tests.factories import stated
from coordination.notifications.choices import MailKind
from coordination.notifications.models import Mail, MailSettings, RefusedAddress
from coordination.offices.models import Office, Official
from coordination.offices.tests.factories import admin as superuser
from coordination.offices.tests.factories import lead
from coordination.requests.models import Watch
from tests.rights.admin_table import APPS, PAGES, SIGN_IN, SITE
from tests.rights.cast import VILLAGE, marker
from tests.rights.test_rights import ask

pytestmark = pytest.mark.django_db
MODELS = {f"{model._meta.app_label}/{model._meta.model_name}/": model for model in admin.site._registry}
DAY = timedelta(days=1)
PUBLIC = {"regions.Region"}  # everybody knows the names of villages


def patterns(entries=None, prefix=""):
    """What stands in the URLconf for each address of the admin."""
    if entries is None:
        entries = next(entry for entry in get_resolver().url_patterns if getattr(entry, "app_name", "") == "admin")
        entries = entries.url_patterns
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern)


def split(pattern):
    """(model or None, what follows) of a pattern."""
    for part, model in MODELS.items():
        if pattern.startswith(part):
            return model, pattern.removeprefix(part)
    return None, pattern


def declared(pattern):
    """[(address without its key, answers)] of a pattern; a KeyError is an address without a row."""
    model, rest = split(pattern)
    if model is not None:
        kinds = PAGES[rest]
        return [(pattern, kinds.get(model._meta.label) or kinds["*"])]
    if "app_label" in pattern:
        labels = {model._meta.app_label for model in MODELS.values()}
        return [(f"{label}/", APPS.get(label, APPS["*"])) for label in sorted(labels)]
    return [("tidak-ada/" if "url" in pattern else pattern, SITE[pattern])]


def test_every_address_has_a_row_and_every_row_an_address():
    found = list(patterns())
    for pattern in found:
        assert declared(pattern), pattern
    rests = {rest for model, rest in map(split, found) if model}
    assert rests == set(PAGES)
    assert {pattern for pattern in found if split(pattern)[0] is None and "app_label" not in pattern} == set(SITE)


@pytest.fixture
def things(things):
    """A row of every model, in the province of the first, and a line in the log of the admin."""
    mark, person = marker("32.73"), things.filer
    Watch.objects.begin(things.request, lead("kominfo", "32", name=mark).office, timezone.now())
    things.obstacle.participations.create(
        office=things.handler.office, official=things.handler, need=mark, client_id=things.upload.key, body_sha256="x"
    )
    day, now = timezone.localdate(), timezone.now()
    things.request.missed_deadlines.create(
        stage="verify", office=things.handler.office, started_at=now - DAY, due_at=now, noticed_at=now
    )
    stated(VILLAGE["32.73"], "weak", batch=things.batch)
    election = Election.objects.create(
        slug="uji", name="Uji", campaign_from=day - 2 * DAY, campaign_to=day - DAY, voting_date=day
    )
    Contest.objects.create(election=election, region=things.obstacle.region.parent.parent, confidence="high")
    Stage.objects.create(election=election, kind="voting", starts_on=day, ends_on=day, confidence="high")
    method = CampaignMethod.objects.create(slug="uji", letter="a", name="Uji")
    ElectionMethod.objects.create(election=election, method=method, confidence="high")
    LogEntry.objects.create(
        user=person, content_type=ContentType.objects.get_for_model(Official), object_id=str(person.pk),
        object_repr=mark, action_flag=2, action_time=timezone.now(),
    )  # fmt: skip
    Mail.objects.create(addressee=person, kind=MailKind.SINGLE, due_at=now)
    MailSettings.objects.create(person=person)
    RefusedAddress.objects.create(address=f"{mark}@example.id")
    return things


def row_of(model, things):
    """The row of this model that is asked for: the one of the cast where it has one."""
    cast = {type(row): row for row in (
        things.filer.office, things.filer, things.invitation, things.obstacle, things.request, things.upload,
        things.obstacle.region, things.activity,
    )}  # fmt: skip
    return cast.get(model) or model._default_manager.order_by("pk").last()


def people():
    """{who: somebody}; everybody but the superuser leads an office, so that only the administering differs."""
    return {
        "superuser": superuser(),
        "province": lead("kpu", "32", is_staff=True),
        "elsewhere": lead("kpu", "33", is_staff=True),
        "administers nothing": lead("kpu", "32"),
        "stranger": None,
    }


def expected(answers, who, method, address):
    given = getattr(answers, who, SIGN_IN)
    if who == "administers nothing" and address == "/admin/login/":
        return 403
    return given if isinstance(given, int) else given[method == "post"]


@pytest.mark.parametrize("group", sorted({pattern.split("/")[0] for pattern in patterns()}))
def test_everybody_gets_the_declared_answer(group, things):
    wrong, asking = [], people()
    for pattern in (pattern for pattern in patterns() if pattern.split("/")[0] == group):
        model, _rest = split(pattern)
        row = row_of(model, things) if model else None
        for path, answers in declared(pattern):
            address = "/admin/" + path.replace("<path:object_id>", str(row.pk) if row else "")
            wrong += list(faults(address, answers, asking, public=model is not None and model._meta.label in PUBLIC))
    assert not wrong, "\n".join(wrong)


def faults(address, answers, asking, *, public):
    for who, person in asking.items():
        for method in ("get", "post"):
            status, text = ask(person, method, address, {})
            wanted = expected(answers, who, method, address)
            if status != wanted:
                yield f"{method} {address} {who}: {status} instead of {wanted}"
            if who not in ("superuser", "province") and not public and marker("32.73") in text:
                yield f"{method} {address} {who}: tells of a foreign region"


@pytest.mark.parametrize("who", ["province", "elsewhere", "administers nothing", "stranger"])
@pytest.mark.parametrize("field", ["office.superior", "official.office"])
def test_a_pick_list_offers_the_offices_of_the_own_province(things, who, field):
    model, name = field.split(".")
    query = f"?app_label=offices&model_name={model}&field_name={name}&term="
    things.filer.office.name = marker("32.73")
    things.filer.office.save()
    status, text = ask(people()[who], "get", reverse("admin:autocomplete") + query, {})
    assert status == (200 if who in ("province", "elsewhere") else 302)
    assert (marker("32.73") in text) is (who == "province")


@pytest.mark.parametrize("who", ["province", "elsewhere", "administers nothing", "stranger"])
@pytest.mark.parametrize("action", ["deactivate", "make_password_links"])
def test_an_action_reaches_nobody_of_another_province(things, who, action):
    client = Client()
    if person := people()[who]:
        client.force_login(person)
    body = {"action": action, "_selected_action": [things.filer.pk]}
    text = client.post(reverse("admin:offices_official_changelist"), body).content.decode()
    things.filer.refresh_from_db()
    reached = not things.filer.is_active or "/sandi/baru/" in text
    assert reached is (who == "province")
    assert who == "province" or marker("32.73") not in text


@pytest.mark.parametrize("who", ["province", "elsewhere", "administers nothing", "stranger"])
@pytest.mark.parametrize("name", ["office", "official"])
def test_a_list_as_a_file_holds_the_own_province_only(things, who, name):
    Office.objects.filter(pk=things.filer.office_id).update(name=marker("32.73"))
    client, address = Client(), reverse(f"admin:offices_{name}_export")
    if person := people()[who]:
        client.force_login(person)
    text = client.post(address, {"format": "0"}).content.decode()
    assert (marker("32.73") in text) is (who == "province")

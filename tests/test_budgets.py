"""Every page stays within the budgets of bytes, requests and queries that a 2G connection can bear.

The pages are those of the table of rights, so that a new address is weighed without anybody thinking of it.
"""

import random
import re
import uuid
from functools import cache

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination.campaigns.tests.activities import activity
from coordination.campaigns.tests.factories import regions
from coordination.networks.choices import NetworkLevel
from coordination.networks.models import Operator, RegionLevel
from coordination.networks.tests.factories import assessment, outage
from coordination.obstacles import filing as reporting
from coordination.obstacles.lifecycle import perform as move
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import absence, admin, lead
from coordination.regions.models import Level, Region
from coordination.requests import filing
from coordination.requests.choices import State
from coordination.requests.models import Watch
from coordination.requests.tests.factories import VALUES, coordination_request, template
from coordination.requests.workflow import perform
from coordination.uploads import resuming
from portal.middleware import LEAST_BYTES
from tests.files import clean_pdf
from tests.rights.answers import NOT_ALLOWED
from tests.rights.cast import plant
from tests.rights.table import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unobserved_rendering")]
COLD_BYTES, WARM_BYTES, COLD_REQUESTS, QUERIES = 14 * 1024, 6 * 1024, 4, 12
CSS_BYTES, JS_BYTES, OUTBOX_BYTES = 5 * 1024, 8 * 1024, 10 * 1024
MAPS, MAP_BYTES = {"region", "map", "region_map", "dashboard", "region_dashboard"}, 24 * 1024
ROWS = 25
# Files, machine answers and what only leads elsewhere; a signed-in person is sent on from the pages of strangers.
NO_PAGES = {
    "requests:attachment", "obstacles:photo", "service_worker", "manifest", "set_language", "favicon",
    "healthz", "readyz", "account_login", "networks:ping", "networks:download", "networks:screenshot", "offline",
    "campaigns:feed",
    "public:country_csv", "public:regencies_geojson", "public:province_csv",
    "requests:lateness_list", "levels:sample", "schedules:sample", "outage_lists:sample",
}  # fmt: skip


def addresses(things):
    """{name: address} of all pages in the table of rights."""
    pages = {name: row for name, row in TABLE.items() if row.get != NOT_ALLOWED and name not in NO_PAGES}
    return {name: reverse(name, args=row.args(things)) for name, row in pages.items()}


def readers(things):
    """Who looks: both offices of the request, and somebody of the province and of the nation."""
    return [things.filer, things.handler, lead("kominfo", "32"), lead("kpu")]


def fill_up(things):
    """The heaviest state: lists of 25, and a request and an obstacle with everything that their pages can show."""
    filer, handler, hurdle = things.filer, things.handler, things.obstacle
    for _ in range(ROWS):
        coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    hurdle.operators.set(Operator.objects.all()[:3])
    reporting.join(hurdle, "Kami juga", actor=handler, client_id=uuid.uuid4(), body_sha256="x")
    twins = [obstacle(hurdle.region.code, actor=filer) for _ in range(2)]
    move(twins[0], "merge", actor=handler, version=1, note="Sama", into=hurdle)
    colleague = lead("kominfo", "32.73")
    for person in (colleague, filer):  # both offices stand in for somebody
        absence(person, lead(person.office.kind, "32.73"))
    for number in range(5):
        template(handler, verb="resolve", title=f"Jawaban {number}")
    item = perform(things.request, "assign", actor=handler, version=things.request.version,
                   values={"person_in_charge": colleague})  # fmt: skip
    things.request = perform(item, "start", actor=handler, version=item.version, values=VALUES["start"])
    resuming.expect(item, [(uuid.uuid4(), "foto.jpg", 1000, "")], owner=filer)
    Watch.objects.begin(item, lead("kominfo", "32").office, timezone.now())
    for number in range(8):
        comment(item, "Mohon kabar. " * 5, filer, number)
    for _ in range(ROWS):
        assessment(actor=filer, place="Balai desa")
        activity(actor=filer, place="Balai desa")
        outage(actor=handler, hours=20)
    return things


def comment(item, text, actor, number):
    filing.comment(item, text, actor=actor, client_id=f"{number:032x}", body_sha256="x")


def signed_in(person):
    client = Client(headers={"Accept-Encoding": "gzip, br"})
    client.force_login(person)
    return client


def static_files(page):
    """The files of ours that a browser fetches for this page, and nothing from anywhere else."""
    found = re.findall(r'<(?:link[^>]+href|script[^>]+src|img(?![^>]*loading="lazy")[^>]+src)="([^"]+)"', page)
    assert all(address.startswith(("/", "data:")) for address in found)
    return [address.removeprefix(settings.STATIC_URL) for address in found if address.startswith(settings.STATIC_URL)]


@cache
def brotli_size(name):
    with open(finders.find(name), "rb") as file:
        return len(brotli.compress(file.read()))


def weigh(client, address):
    """(cold bytes, warm bytes, cold requests, queries) of one page, or None where the reader gets no page."""
    client.get(address)  # fills what every later visit finds ready
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        count = len(queries)  # read here: the next request empties the log
    if answer.status_code != 200:
        return None
    assert answer.get("Content-Encoding") == "br" or len(answer.content) < LEAST_BYTES, address
    warm = len(answer.content)
    page = brotli.decompress(answer.content) if answer.has_header("Content-Encoding") else answer.content
    files = static_files(page.decode())
    return warm + sum(map(brotli_size, files)), warm, 1 + len(files), count


def test_every_page_stays_within_its_budget_for_everybody():
    things = fill_up(plant("32.73"))
    over, left = [], set(addresses(things))
    for person in readers(things):
        client = signed_in(person)
        for name, address in addresses(things).items():
            weight = weigh(client, address) if name != "account_logout" else None
            if weight is None:
                continue
            left.discard(name)
            cold, warm, requests, queries = weight
            most_cold, most_warm = (MAP_BYTES, MAP_BYTES) if name in MAPS else (COLD_BYTES, WARM_BYTES)
            most_requests = COLD_REQUESTS + (name == "networks:measure")  # its own script beside that of the form
            if cold > most_cold or warm > most_warm or requests > most_requests or queries > QUERIES:
                over.append(f"{person} {name}: {cold} bytes, {warm} warm, {requests} requests, {queries} queries")
    assert not over, "\n".join(over)
    assert left == {"account_logout"}, "pages that nobody here can open"


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_logout"])
def test_the_pages_of_strangers_stay_within_their_budget(name):
    client = Client(headers={"Accept-Encoding": "gzip, br"})
    if name == "account_logout":
        client.force_login(lead("kpu", "32.73"))
    cold, warm, requests, queries = weigh(client, reverse(name))
    assert cold <= COLD_BYTES and warm <= WARM_BYTES and requests <= COLD_REQUESTS
    assert queries <= (3 if name == "account_logout" else 2)


def queries_of(person, row):
    client = signed_in(person)
    return weigh(client, row.get_absolute_url())[3]


def test_a_request_with_much_on_it_costs_the_queries_of_one_with_little():
    filer, handler = lead("kpu", "32.73"), lead("kominfo", "32.73")
    item = coordination_request(State.ACCEPTED, filer=filer, handler=handler)
    comment(item, "Satu", filer, 0)
    filing.attach(item, [clean_pdf()], actor=filer)
    before = [queries_of(person, item) for person in (filer, handler)]
    for number in range(1, ROWS):
        comment(item, "Lagi", filer, number)
        item.obstacles.add(obstacle(actor=filer))
        item = perform(item, "assign", actor=handler, version=item.version,
                       values={"person_in_charge": handler, "note": str(number)})  # fmt: skip
    assert [queries_of(person, item) for person in (filer, handler)] == before


def test_an_obstacle_with_much_on_it_costs_the_queries_of_one_with_little():
    filer, handler = lead("kpu", "32.73"), lead("kominfo", "32.73")
    hurdle = obstacle(actor=filer)
    coordination_request(State.SUBMITTED, filer=filer, handler=handler, obstacles=[hurdle])
    before = [queries_of(person, hurdle) for person in (filer, handler)]
    for number in range(1, ROWS):
        coordination_request(State.SUBMITTED, filer=filer, handler=handler, obstacles=[hurdle])
        twin = obstacle(actor=filer)
        move(twin, "merge", actor=handler, version=1, note="Sama", into=hurdle)
        other = lead("kominfo", "32.73")
        reporting.join(hurdle, "Juga", actor=other, client_id=uuid.UUID(int=number), body_sha256="x")
    assert [queries_of(person, hurdle) for person in (filer, handler)] == before


def test_all_styles_and_all_scripts_stay_within_their_budgets():
    assert brotli_size("css/portal.css") <= CSS_BYTES
    scripts = [path for path in (settings.BASE_DIR / "static" / "js").rglob("*.js")]
    assert sum(len(brotli.compress(path.read_bytes())) for path in scripts) <= JS_BYTES


def test_what_keeps_and_sends_on_a_device_stays_small_enough_to_be_read():
    parts = ("static/js/outbox.js", "templates/common/sw.js")
    assert sum((settings.BASE_DIR / part).stat().st_size for part in parts) <= OUTBOX_BYTES


@pytest.mark.parametrize(("level", "at"), [(Level.REGENCY, "map"), (Level.DISTRICT, "region_map")])
def test_a_map_of_all_regencies_and_one_of_the_largest_province_stay_within_their_budget(level, at, tmp_path):
    regions(tmp_path, districts_of=("32",))
    below = Region.objects.filter(level=level, path__startswith="" if level == Level.REGENCY else "32.")
    dice, now = random.Random(5), timezone.now()
    RegionLevel.objects.bulk_create(
        RegionLevel(region=place, level=dice.choice(NetworkLevel.values), is_derived=True, newest_at=now)
        for place in below
        if dice.random() < 0.8
    )
    for place in dice.sample(list(below), 60):
        obstacle(place.code)
    address = reverse(at, args=[] if level == Level.REGENCY else ["32"])
    cold, _warm, requests, queries = weigh(signed_in(admin()), address)
    assert (cold <= MAP_BYTES, requests <= COLD_REQUESTS, queries <= QUERIES) == (True, True, True), cold

"""Every page stays within the budgets of bytes, requests and queries that a 2G connection can bear."""

import re
import uuid

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.networks.tests.factories import assessment
from coordination.offices.tests.factories import lead
from coordination.requests import filing
from coordination.requests.choices import State
from coordination.requests.tests.factories import coordination_request

pytestmark = pytest.mark.django_db
COLD_BYTES, WARM_BYTES, COLD_REQUESTS, QUERIES = 14 * 1024, 6 * 1024, 4, 12
CSS_BYTES, JS_BYTES = 5 * 1024, 8 * 1024


@pytest.fixture
def pages():
    """The signed-in client and the addresses of full pages: 25 rows, a request with a long history."""
    filer, handler = lead("kpu", "32.73"), lead("kominfo", "32.73")
    for _ in range(24):
        coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    item = coordination_request(State.RESOLVED, filer=filer, handler=handler)
    for number in range(8):
        filing.comment(item, "Mohon kabar. " * 5, actor=filer, client_id=f"{number:032x}", body_sha256=uuid.uuid4().hex)
    for _ in range(24):
        assessment(actor=filer, place="Balai desa")
    measured = assessment(item.region.code, actor=filer, jitter_ms=40, loss_percent=0, note="Hujan")
    client = Client()
    client.force_login(filer)
    names = ("my_work", "requests:list", "requests:new", "obstacles:list", "obstacles:report", "regions",
             "offices:list", "notifications:list", "networks:measure", "networks:list")  # fmt: skip
    addresses = [reverse(name) for name in names]
    addresses += [item.get_absolute_url(), item.obstacles.get().get_absolute_url(), item.region.get_absolute_url(),
                  filer.office.get_absolute_url(), measured.get_absolute_url(),
                  f"{reverse('obstacles:report')}?ukur={measured.key}"]  # fmt: skip
    return client, addresses


def compressed(answer):
    assert answer["Content-Encoding"] in ("gzip", "br")
    return len(answer.content)


def static_files(page):
    """The files of ours that a browser fetches for this page, and nothing from anywhere else."""
    found = re.findall(r'<(?:link[^>]+href|script[^>]+src|img[^>]+src)="([^"]+)"', page)
    assert all(address.startswith(("/", "data:")) for address in found)
    return [address.removeprefix(settings.STATIC_URL) for address in found if address.startswith(settings.STATIC_URL)]


def brotli_size(name):
    with open(finders.find(name), "rb") as file:
        return len(brotli.compress(file.read()))


def weigh(client, address):
    """(cold bytes, warm bytes, cold requests, queries) of one page."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert answer.status_code == 200, address
    asked = len(queries)  # the next request empties the log
    files = static_files(client.get(address).content.decode())
    warm = compressed(answer)
    return warm + sum(map(brotli_size, files)), warm, 1 + len(files), asked


def test_every_page_stays_within_its_budget(pages):
    client, addresses = pages
    for address in addresses:
        client.get(address)  # fills what every later visit finds ready
    over = []
    for address in addresses:
        cold, warm, requests, queries = weigh(client, address)
        if cold > COLD_BYTES or warm > WARM_BYTES or requests > COLD_REQUESTS or queries > QUERIES:
            over.append(f"{address}: {cold} bytes cold, {warm} warm, {requests} requests, {queries} queries")
    assert over == []


def test_the_sign_in_page_stays_within_its_budget():
    cold, warm, requests, queries = weigh(Client(), reverse("account_login"))
    assert cold <= COLD_BYTES and warm <= WARM_BYTES and requests <= COLD_REQUESTS and queries <= 2


def test_all_styles_and_all_scripts_stay_within_their_budgets():
    assert brotli_size("css/portal.css") <= CSS_BYTES
    scripts = [path for path in (settings.BASE_DIR / "static" / "js").rglob("*.js")]
    assert sum(len(brotli.compress(path.read_bytes())) for path in scripts) <= JS_BYTES

"""axe finds nothing on any page, light or dark, and no page is wider than a small phone.

The pages are those of the table of rights, so that a new address is looked at without anybody thinking of it, and
besides them the states that a form or an error leads to, and the admin.
"""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from coordination.obstacles.models import Obstacle
from coordination.offices.models import Official
from coordination.offices.tests.factories import lead
from coordination.requests.models import CoordinationRequest
from tests.rights.cast import plant
from tests.test_budgets import addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Nothing but its colours changes in the dark.
SCHEMES = {"light": None, "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}}}
PHONE = {"width": 320, "height": 640}
STRANGERS = {
    "account_login", "account_reset_password", "account_reset_password_done", "account_inactive", "accept_invitation",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
}  # fmt: skip
NO_PAGE = {"region_search"}  # an answer for the script
# The type-ahead that Django ships (select2) does not name itself; ours to report there, not to patch here.
DJANGOS = ("aria-input-field-name", "select2-selection")
ERRORS = {"400.html": {}, "403.html": {}, "403_csrf.html": {}, "500.html": {},
          "503.html": {"status": 503}, "429.html": {}}  # fmt: skip


def open_as(browser, live_server, person=None, language="id"):
    """A tab of this person, signed in without the form, which has a test of its own."""
    context = browser.new_context(base_url=live_server.url, locale="id-ID", viewport=PHONE)
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if person:
        client = Client()
        client.force_login(person)
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def faults(page, name, *, narrow=True):
    """What is wrong with the page that stands in the tab."""
    for scheme, options in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        # Colours fade from one scheme to the other; what is half-way there is nobody's contrast.
        page.evaluate("Promise.all(document.getAnimations().map(one => one.finished)).then(() => 0)")
        for violation in Axe().run(page, options=options).response["violations"]:
            for node in violation["nodes"]:
                yield f"{name}, {scheme}: {violation['id']} {node['html'][:120]}"
    if narrow and page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield f"{name}: wider than the screen"
    failed = "performance.getEntriesByType('resource').filter(r => r.responseStatus >= 400).map(r => r.name)"
    for broken in page.evaluate(failed):
        yield f"{name}: {broken} failed"


def test_every_page_of_the_table_is_accessible(browser, live_server):
    things, found = plant("32.73"), []
    pages = {name: address for name, address in addresses(things).items() if name not in NO_PAGE}
    pages |= {"account_login": "/masuk/"}
    tabs = {who: open_as(browser, live_server, who) for who in (things.filer, things.handler, None)}
    for name, address in pages.items():
        looking = [None] if name in STRANGERS else [things.filer]
        if name in ("requests:detail", "obstacles:detail", "my_work"):
            looking.append(things.handler)
        if name in ("levels:new", "levels:batch", "outages:new", "outages:edit", "outages:notice", "outage_lists:new"):
            looking = [things.handler]
        for who in looking:
            answer = tabs[who].goto(address)
            assert answer.status == 200, name
            assert answer.url.endswith(address), f"{name} led to {answer.url}"
            found += faults(tabs[who], f"{name} {who or ''}")
    english = open_as(browser, live_server, things.handler, "en")
    for name in ("my_work", "requests:detail", "obstacles:report", "regions"):
        english.goto(pages[name])
        assert english.get_attribute("html", "lang") == "en"
        found += faults(english, f"{name} in English")
    assert not found, "\n".join(found)


def send(page, address, then=lambda: None, **texts):
    """Fill in and send the page's own form, past the browser's checks."""
    page.goto(address)
    for name, text in texts.items():
        page.fill(f"main [name={name}]", text)
    then()
    page.evaluate("document.querySelector('main form[method=post]').noValidate = true")
    with page.expect_navigation():
        page.evaluate("document.querySelector('main form[method=post]').submit()")


def test_every_state_of_a_form_and_every_error_is_accessible(browser, live_server):
    things, found = plant("32.73"), []
    page, hurdle, draft = open_as(browser, live_server, things.filer), things.obstacle, things.draft

    def look(name):
        found.extend(faults(page, name))

    for address in ("/hambatan/lapor/", "/permohonan/baru/", "/sandi/ubah/"):
        send(page, address)
        assert page.query_selector(".invalid-feedback, [role=alert]"), address
        look(f"field errors of {address}")
    send(page, "/hambatan/lapor/", lambda: page.select_option("[name=kind]", hurdle.kind), region=hurdle.region.code,
         description="Sama", since=hurdle.since.strftime("%Y-%m-%dT%H:%M"))  # fmt: skip
    assert hurdle.number in page.content()
    look("the question about duplicates")
    for name, model, row, field in (
        ("obstacle", Obstacle, hurdle, "description"),
        ("request", CoordinationRequest, draft, "text"),
        ("person", Official, things.filer, "position"),
    ):
        address = {"person": f"/kantor/pejabat/{things.filer.pk}/"}.get(name) or f"{row.get_absolute_url()}ubah/"
        send(page, address, lambda m=model, r=row: m.objects.filter(pk=r.pk).update(version=99), **{field: "Lain"})
        assert page.query_selector("[role=alert]"), name
        look(f"a conflict about the {name}")
    late = {"verify_due_at": timezone.now() - timedelta(hours=1), "is_alarm": True, "missed": ["verify"]}
    CoordinationRequest.objects.filter(pk=things.request.pk).update(**late)
    lateness = ("/permohonan/keterlambatan/", "/permohonan/keterlambatan/?first=salah", "/permohonan/?alarm=1")
    for address in ("/wilayah/?q=Desa", "/tidak-ada/", "/undangan/salah/", *lateness):
        page.goto(address)
        look(address)
    page.route("**/galat/*", lambda route: route.fulfill(body=shown(route.request.url), content_type="text/html"))
    for template in ERRORS:
        page.goto(f"/galat/{template}")
        look(template)
    assert not found, "\n".join(found)


def shown(url):
    template = url.rpartition("/")[2]
    return render_to_string(template, ERRORS[template])


def test_the_admin_is_accessible(browser, live_server):
    """Its lists are wide tables, so that only the axe counts."""
    things, found = plant("32.73"), []
    page = open_as(browser, live_server, lead("kpu", "32", is_staff=True))
    office = f"/admin/offices/office/{things.filer.office_id}"
    request = f"/admin/requests/coordinationrequest/{things.request.pk}"
    lists = ["/admin/", "/admin/offices/office/", "/admin/offices/official/import/", "/admin/offices/office/export/"]
    for address in (*lists, f"{office}/change/", f"{office}/history/", f"{request}/change/"):
        assert page.goto(address).status == 200, address
        found += [fault for fault in faults(page, address, narrow=False) if not all(part in fault for part in DJANGOS)]
    assert not found, "\n".join(found)

"""The tests of the outbox can fail: each line that protects an item is taken out once, and a fault shows.

`SOUND` runs the same stories with nothing taken out. A mutant of the script names what stands there and what takes its
place; one of the server or the service worker names what is patched.
"""

import uuid

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Error

from coordination.common import views as common_views
from coordination.obstacles.models import Obstacle
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from coordination.requests import filing, workflow
from coordination.requests import views as request_views
from coordination.requests.choices import State
from coordination.requests.models import Comment
from coordination.requests.tests.factories import coordination_request
from tests.outbox.acts import COMMENT, REPORT, comment, noise, report, texts
from tests.outbox.driver import SUBMIT, Desk, items, nudge, settle, shown
from tests.outbox.test_worker import CACHED, READY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCRIPTS = {name: (settings.BASE_DIR / "static" / "js" / name).read_text() for name in ("outbox.js", "files.js")}
WORKER = settings.BASE_DIR / "templates" / "common" / "sw.js"


class People:
    """A request of the regency, who filed it and who handles it."""

    def __init__(self):
        region("32.73.01.1001")
        self.filer, self.handler = lead("kpu", "32.73"), lead("kominfo", "32.73")
        self.item = coordination_request(State.SUBMITTED, filer=self.filer, handler=self.handler)


def opened(desk, people):
    page = desk.sign_in(people.filer)
    page.goto(people.item.get_absolute_url())
    return page


def on_posts(*faults):
    """These faults for the first texts that are sent, one after the other."""
    plan = iter(faults)
    return lambda request: next(plan, "pass") if request.method == "POST" else "pass"


def faulty_network(desk, people):
    page = opened(desk, people)
    desk.fault = on_posts("500", "captive", "lost", "503", "cut", "502", "lost", "429")
    for number in range(3):
        comment(page, f"Tanggapan {number}")
    assert settle(page, seconds=15) == []
    assert texts(Comment, "text") == [f"Tanggapan {number}" for number in range(3)]
    assert {item["state"] for item in items(page)} == {"sent"}


def closed_after_a_cut(desk, people):
    page = opened(desk, people)
    desk.fault = on_posts("cut", "cut", "cut")
    page.evaluate(SUBMIT, [COMMENT, {"text": "Sebelum ditutup"}])
    while not any(fault == "cut" for _method, _url, fault in desk.sent):
        page.wait_for_timeout(100)
    page.wait_for_timeout(300)
    page.close()
    desk.fault = on_posts()
    page = desk.context.new_page()
    page.goto("/permohonan/")
    assert settle(page, seconds=5) == []
    assert texts(Comment, "text") == ["Sebelum ditutup"]


def ended_session(desk, people):
    page = opened(desk, people)
    Session.objects.all().delete()
    comment(page, "Setelah sesi berakhir")
    while any(item["state"] in ("saved", "sending") for item in items(page)):
        page.wait_for_timeout(100)
    page = desk.sign_in(people.filer)
    assert settle(page, seconds=5) == []
    assert texts(Comment, "text") == ["Setelah sesi berakhir"]


def changed_token(desk, people):
    page = opened(desk, people)
    for number in range(2):
        page.goto(people.item.get_absolute_url())
        comment(page, f"Tanggapan {number}")
        page.wait_for_timeout(300)
        settle(page, seconds=5)
        desk.change_token(f"{number}" * 32)
    assert settle(page, seconds=5) == []
    assert Comment.objects.count() == 2


def another_person(desk, people):
    page = opened(desk, people)
    desk.context.set_offline(True)
    comment(page, "Hanya kantor kami")
    page.wait_for_timeout(300)
    page.close()
    desk.context.set_offline(False)
    desk.context.clear_cookies()
    other = desk.sign_in(people.handler)
    nudge(other)
    other.wait_for_timeout(1000)
    assert other.locator("#outbox li").count() == 0
    assert not Comment.objects.exists()


def refused(desk, people):
    page = opened(desk, people)
    page.goto("/hambatan/lapor/")
    values = {"region": "entah", "kind": "power", "since": "2026-01-05T09:00", "description": "Padam"}
    page.evaluate(SUBMIT, [REPORT, values])
    page.wait_for_timeout(1500)
    assert len(items(page)) == 1
    assert page.input_value("#id_description") == "Padam"


def photo_cut(desk, people):
    page = opened(desk, people)
    page.goto("/hambatan/lapor/")
    page.set_input_files("#id_photos", {"name": "menara.jpg", "mimeType": "image/jpeg", "buffer": noise(400_000)})
    cuts = iter(["cut", "500"])
    desk.fault = lambda request: next(cuts, "pass") if request.method == "PATCH" else "pass"
    report(page, f"Padam {uuid.uuid4()}")
    page.wait_for_timeout(1000)
    assert settle(page, seconds=10) == []
    assert Obstacle.objects.order_by("pk").last().photos.count() == 1


def photo_without_its_part(desk, people, fault="cut"):
    """What sends files cannot be had at first, neither when the photo is chosen nor when it is its turn."""
    page = opened(desk, people)
    page.goto("/hambatan/lapor/")
    desk.module = fault
    page.set_input_files("#id_photos", {"name": "menara.jpg", "mimeType": "image/jpeg", "buffer": noise(40_000)})
    report(page, f"Padam {uuid.uuid4()}")
    page.wait_for_url("**/hambatan/HB-*/", timeout=10_000)
    shown(page, "files")
    desk.module = "pass"
    assert settle(page, seconds=10) == []
    assert Obstacle.objects.order_by("pk").last().photos.count() == 1


def photo_on_a_stuck_line(desk, people):
    photo_without_its_part(desk, people, "stuck")


def step_with_lost_answer(desk, people):
    page = desk.sign_in(people.handler)
    page.goto(people.item.get_absolute_url())
    desk.fault = on_posts("lost")
    page.evaluate(SUBMIT, ["form[action$='#accept']", {"note": "Kami cek"}])
    page.wait_for_timeout(700)
    assert settle(page, seconds=5) == []
    assert [item["state"] for item in items(page)] == ["sent"]


def signing_out(desk, people):
    page = opened(desk, people)
    desk.fault = lambda _request: "503"
    comment(page, "Belum terkirim")
    shown(page, "saved")
    page.goto("/keluar/")
    page.click("main button[value=keep]")
    page.wait_for_url("**/masuk/")
    assert len(items(page)) == 1


def only_nobodys_page_kept(desk, people):
    page = opened(desk, people)
    page.evaluate(READY)
    for _ in range(2):
        page.goto(people.item.get_absolute_url())
    assert people.item.subject not in str(page.evaluate(CACHED))


CLIENTS = {
    "drops an item on a server's error": (
        faulty_network,
        [
            (
                "else return later(item, answer);",
                "else return void forget(item);",
            )
        ],
    ),
    "gives up after three tries": (
        faulty_network,
        [
            (
                "  awaited = null;\n  const own",
                "  if (tries > 1) return forget(item);\n  awaited = null;\n  const own",
            )
        ],
    ),
    "takes any answer for a receipt": (
        faulty_network,
        [
            ("answer.ok && client_id === id", "answer.ok"),
            ("{ url, said, files,", '{ url: url || "/", said, files,'),
        ],
    ),
    "uses a new id for each try": (
        faulty_network,
        [
            ("if (awaited !== id) body", 'body.set("client_id", crypto.randomUUID());\n  if (awaited !== id) body'),
            ("answer.ok && client_id === id", "answer.ok && client_id"),
        ],
    ),
    "deletes before it sends": (
        closed_after_a_cut,
        [
            ('!(await save(item, { state: "sending" }))', '(await forget(item), (item.state = "sending"), 0)'),
            ("  awaited = null;\n  const own", "  return;\n  const own"),
        ],
    ),
    "forgets when the session has ended": (
        ended_session,
        [
            (
                "else return later(item, answer);",
                "else return answer.status === 401 ? void forget(item) : later(item, answer);",
            )
        ],
    ),
    "keeps the first token": (
        changed_token,
        [('"X-CSRFToken": token', '"X-CSRFToken": (localStorage.token ||= token)')],
    ),
    "does not ask whose item it is": (
        another_person,
        [("item.owner === owner", "true")],
    ),
    "forgets what was refused": (
        refused,
        [('await save(item, { state: "fix",', 'await forget(item, { state: "fix",')],
    ),
    "goes on without the photo": (
        photo_cut,
        [("if (!refused && !(at() >= file.size)) return later(item, answer);", "")],
    ),
    "loses the photo with the part that sends it": (
        photo_without_its_part,
        [("{ sendFile = later }", '{ sendFile = (item) => arrived(item, { files: [], said: "" }) }')],
    ),
    "asks for that part where the browser knows it to fail": (
        photo_without_its_part,
        [('(words.module += "?", {})', "({})")],
    ),
    "waits without an end for that part": (
        photo_on_a_stuck_line,
        [("Promise.race([import(words.module), late])", "import(words.module)")],
    ),
    "empties the device when somebody signs out": (signing_out, [('if (value === "drop")', "if (true)")]),
}


def fresh_ids(monkeypatch):
    make = filing.comment

    def careless(*args, **options):
        return make(*args, **options | {"client_id": uuid.uuid4(), "body_sha256": uuid.uuid4().hex})

    monkeypatch.setattr(request_views, "made_before", lambda *args, **options: None)
    monkeypatch.setattr(filing, "comment", careless)


def nothing_saved(monkeypatch):
    monkeypatch.setattr(filing, "comment", lambda *args, **options: (Comment(), True))


def repeats_unknown(monkeypatch):
    monkeypatch.setattr(request_views, "came_before", lambda *args: False)
    monkeypatch.setattr(workflow, "came_before", lambda *args: False)
    monkeypatch.setattr(workflow, "already_taken", lambda *args: False)


def worker_keeps_pages(monkeypatch):
    text = WORKER.read_text().replace(
        "fetch(request).catch(() => kept(SHELL))",
        "fetch(request).then(async (page) => ((await caches.open(NAME)).put(request, page.clone()), page))",
    )
    assert "page.clone()" in text
    show = common_views.render

    def rendered(request, template, context=None, **options):
        answer = show(request, template, context, **options)
        if template == "common/sw.js":
            answer.content = (
                text.partition("%}")[2]
                .replace("{% url 'offline' %}", "/luring/")
                .replace("{% static 'js/outbox.js' %}", "/static/js/outbox.js")
                .replace("{% static 'js/files.js' %}", "/static/js/files.js")
                .replace("{% static 'js/forms.js' %}", "/static/js/forms.js")
                .replace("{% static 'css/portal.css' %}", "/static/css/portal.css")
                .replace("{{ edition }}", "broken")
            )
        return answer

    monkeypatch.setattr(common_views, "render", rendered)


SERVERS = {
    "makes a row for every sending": (faulty_network, fresh_ids),
    "gives a receipt without saving": (faulty_network, nothing_saved),
    "does not know a step that comes again": (step_with_lost_answer, repeats_unknown),
    "keeps every page on the device": (only_nobodys_page_kept, worker_keeps_pages),
}
SOUND = sorted({story for story, _change in [*CLIENTS.values(), *SERVERS.values()]}, key=lambda story: story.__name__)


def play(story, browser, live_server, scripts=None):
    worker = "allow" if story is only_nobodys_page_kept else "block"
    desk = Desk(browser, live_server.url, scripts=scripts, worker=worker)
    try:
        story(desk, People())
    finally:
        desk.context.close()


@pytest.mark.parametrize("story", SOUND, ids=lambda story: story.__name__)
def test_with_nothing_taken_out_the_story_ends_well(browser, live_server, story):
    play(story, browser, live_server)


@pytest.mark.parametrize("fault", CLIENTS)
def test_a_script_that(fault, browser, live_server, monkeypatch):
    story, changes = CLIENTS[fault]
    # The server knows a comment by its words too, which would make good what the script does wrong.
    monkeypatch.setattr(filing, "same_comment", lambda _request: None)
    scripts = SCRIPTS
    for there, instead in changes:
        assert any(there in text for text in scripts.values()), there
        scripts = {name: text.replace(there, instead) for name, text in scripts.items()}
    with pytest.raises((AssertionError, Error)):
        play(story, browser, live_server, scripts)


@pytest.mark.parametrize("fault", SERVERS)
def test_a_server_that(fault, browser, live_server, monkeypatch):
    story, take_out = SERVERS[fault]
    take_out(monkeypatch)
    with pytest.raises((AssertionError, Error)):
        play(story, browser, live_server)

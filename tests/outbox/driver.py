"""A browser with an official at it, on a network that fails as it is told."""

import random
import time
from urllib.parse import urlsplit

from playwright.sync_api import Error

from coordination.offices.tests.factories import PASSWORD

SUBMIT = """([form, values]) => {
  const target = document.querySelector(form);
  for (const [name, value] of Object.entries(values)) target.elements[name].value = value;
  target.requestSubmit(target.querySelector("button[value=submit], .btn"));
}"""
ITEMS = """() => new Promise((resolve) => {
  const asked = indexedDB.open("portal", 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction("items").objectStore("items").getAll();
    all.onsuccess = () => resolve(all.result.map(({ state, owner, fields, url }) => ({ state, owner, fields, url })));
  };
})"""
# What a network or a server does to a request of the outbox. "lost" lets it through and loses the answer.
FAULTS = ("pass", "cut", "lost", "500", "502", "503", "429", "captive")


class Desk:
    """One browser profile; `fault` decides what happens to what the outbox sends, `module` to its part for files.

    `scripts` ({name: text}) take the place of the portal's own.
    """

    def __init__(self, browser, address, *, scripts=None, worker="block", **options):
        self.context = browser.new_context(base_url=address, locale="id-ID", service_workers=worker, **options)
        self.fault, self.sent, self.pieces, self.scripts = lambda request: "pass", [], [], scripts or {}
        self.module = "pass"
        self.context.route("**/*", self._route)

    def sign_in(self, person):
        """A page signed in as this person."""
        return sign_in_at(self.context, person)

    def change_token(self, secret):
        """Give the browser another CSRF secret than its pages were made with."""
        self.context.add_cookies([{"name": "csrf", "value": secret, "domain": "localhost", "path": "/"}])

    def _route(self, route):
        request = route.request
        name = urlsplit(request.url).path.rpartition("/")[2]
        if name in self.scripts:
            return route.fulfill(body=self.scripts[name], content_type="text/javascript")
        if name == "files.js" and self.module != "pass":
            return getattr(self, f"_{self.module}", self._status)(route, self.module)
        if request.headers.get("accept") != "application/json":
            return route.continue_()
        fault = self.fault(request)
        self.sent.append((request.method, request.url, fault))
        if request.method == "PATCH":
            self.pieces.append(len(request.post_data_buffer or b""))
        return getattr(self, f"_{fault}", self._status)(route, fault)

    def _pass(self, route, _fault):
        route.continue_()

    def _cut(self, route, _fault):
        route.abort()

    def _lost(self, route, _fault):
        route.fetch(max_redirects=0)
        route.abort()

    def _captive(self, route, _fault):
        route.fulfill(status=200, content_type="text/html", body="<h1>Wi-Fi gratis: silakan masuk</h1>")

    def _stuck(self, route, _fault):
        """Never answered, as on a line that is up and carries nothing."""

    def _status(self, route, fault):
        route.fulfill(status=int(fault), headers={"Retry-After": "0"}, body="{}", content_type="application/json")


def sign_in_at(context, person):
    """A new page of this browser, signed in."""
    page = context.new_page()
    page.goto("/masuk/")
    page.fill("#id_login", person.username)
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/")
    return page


def seeded(seed, among=FAULTS):
    """A fault for each request, the same ones for the same seed."""
    dice = random.Random(seed)
    return lambda _request: dice.choice(among)


def items(page):
    """What the outbox holds, whoever it belongs to."""
    return _ask(page, ITEMS)


def nudge(page):
    """What the browser says when the network is back: everything that waits is tried at once."""
    _ask(page, "dispatchEvent(new Event('online'))")


def _ask(page, script):
    """The script's answer; once more when the page was just leaving for the next one."""
    try:
        return page.evaluate(script)
    except Error:
        page.wait_for_load_state()
        return page.evaluate(script)


def settle(page, seconds=30):
    """Nudge until nothing waits any more, or the time is over. Returns what still waits."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        nudge(page)
        page.wait_for_timeout(200)
        waiting = [item for item in items(page) if item["state"] in ("saved", "sending", "login", "files")]
        if not waiting:
            return []
    return waiting


def shown(page, state, seconds=10):
    """Wait until the page shows an item in this state; its text."""
    text = "state => document.querySelector(`#outbox li[data-state=${state}]`)?.innerText"
    return page.wait_for_function(text, arg=state, timeout=seconds * 1000).json_value()

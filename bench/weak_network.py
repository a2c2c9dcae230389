"""A Chromium behind an emulated weak network, with a count of what went over it."""

import contextlib
import os
import statistics
import time
from dataclasses import dataclass

from playwright.sync_api import Error, sync_playwright

from conftest import chromium

# How often the page is looked at; each look costs the browser about a millisecond.
LOOK_SECONDS = 0.03
# Between the click and the first row of the outbox, by the page's own clock. A click, since that is what is felt: the
# time of the event is when the browser took it in, before any script ran. Rows that stood there before do not count.
WATCH = """
(() => {
  const rows = () => document.querySelectorAll(
    '#outbox li[data-state=saved], #outbox li[data-state=sending], #outbox li[data-state=sent]').length;
  let begin, before;
  addEventListener('click', event => {
    if (!event.target.closest('button')) return;
    begin = event.timeStamp;
    before = rows();
  }, true);
  new MutationObserver(() => {
    if (begin === undefined || rows() <= before) return;
    reportSaved(performance.now() - begin);
    begin = undefined;
  }).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-state']});
})();
"""
SEEN = """
([path, selector]) => new RegExp(path).test(location.pathname) && document.querySelector(selector) !== null
  && performance.getEntriesByName('first-contentful-paint').length > 0
"""


@dataclass(frozen=True)
class Network:
    """Kilobits and milliseconds as Chromium's emulation takes them: each request waits for the latency once."""

    name: str
    down: int
    up: int
    latency: int

    def conditions(self):
        return {
            "offline": False,
            "latency": self.latency,
            "downloadThroughput": self.down * 125,
            "uploadThroughput": self.up * 125,
        }


EDGE, TWO_G = Network("EDGE", 240, 200, 400), Network("2G", 50, 20, 800)


@dataclass(frozen=True)
class Result:
    """What one flow took; `saved` is the time from the tap to "saved on this device", None when that is not there."""

    seconds: float
    size: int
    requests: int
    saved: float | None = None


def median(results):
    """The median of each value on its own."""
    saved = [result.saved for result in results if result.saved is not None]
    return Result(
        statistics.median(result.seconds for result in results),
        statistics.median(result.size for result in results),
        statistics.median(result.requests for result in results),
        statistics.median(saved) if saved else None,
    )


class Tab:
    """One page in a browser context of its own, with an empty cache."""

    def __init__(self, context, network):
        self.page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.refused = None
        context.expose_function("reportSaved", self._note_saved)
        context.add_init_script(WATCH)
        self._session = context.new_cdp_session(self.page)
        self._session.on("Network.requestWillBeSent", self._asked)
        self._session.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        self._session.on("Network.responseReceived", self._received)
        self._session.on("Network.loadingFinished", self._finished)
        self._session.send("Network.enable")
        self._session.send("Network.emulateNetworkConditions", network.conditions())
        self.begin()

    def begin(self):
        """Count from here."""
        self.size, self._sent, self._cached, self.saved, self.began = 0, 0, set(), None, time.monotonic()

    def result(self):
        return Result(time.monotonic() - self.began, self.size, self._sent - len(self._cached), self.saved)

    def open(self, address):
        self.page.goto(address, wait_until="commit")

    def see(self, path, selector, seconds=240):
        """Wait until a page whose path fits shows this element; painted, since before its styles nobody sees a page."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.refused:
                raise SystemExit(f"{self.refused}: the flow cannot go on.")
            # While one page gives way to the next there is nothing to look at.
            with contextlib.suppress(Error):
                if self.page.evaluate(SEEN, [path, selector]):
                    return
            self.page.wait_for_timeout(LOOK_SECONDS * 1000)
        raise SystemExit(f"{self.page.url} did not show {selector} at {path} within {seconds} s.")

    def fill(self, values):
        for selector, value in values.items():
            self.page.fill(selector, value)

    def click(self, selector):
        self.page.locator(selector).first.click(no_wait_after=True)

    def _note_saved(self, milliseconds):
        self.saved = self.saved or milliseconds / 1000

    def _asked(self, event):
        self._sent += not event["request"]["url"].startswith(("data:", "blob:"))
        self.size += event.get("redirectResponse", {}).get("encodedDataLength", 0)

    def _received(self, event):
        answer = event["response"]
        if answer.get("fromDiskCache"):
            self._cached.add(event["requestId"])
        if event["type"] == "Document" and answer["status"] >= 400:
            self.refused = f"{answer['url']} answered {answer['status']}"

    def _finished(self, event):
        self.size += event["encodedDataLength"]


@contextlib.contextmanager
def browser():
    """A Chromium; its own sandbox does not work for root."""
    arguments = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium(), args=arguments, chromium_sandbox=os.geteuid() != 0)


@contextlib.contextmanager
def tab(chrome, address, network):
    context = chrome.new_context(base_url=address, locale="id-ID")
    try:
        yield Tab(context, network)
    finally:
        context.close()

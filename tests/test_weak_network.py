"""The stopwatch of bench_filing sees an outbox where there is one, and says so where there is none."""

from urllib.parse import urlsplit

import pytest

from bench import weak_network

pytestmark = pytest.mark.browser
QUICK = weak_network.Network("quick", 20_000, 20_000, 5)
FORM = '<main><form action="/diterima/"><button>Kirim</button></form></main>%s<script src="/kotak.js"></script>'
EARLIER = '<ul id="outbox"><li data-state="sent">Terkirim</li></ul>'
# An outbox that writes all its rows anew, the one from before too, and goes on after the server's answer.
OUTBOX = """
document.forms[0].addEventListener("submit", event => {
  event.preventDefault();
  const box = document.querySelector("#outbox") || document.body.appendChild(document.createElement("ul"));
  const before = box.innerHTML;
  box.id = "outbox";
  box.innerHTML = "";
  setTimeout(() => { box.innerHTML = before + '<li data-state="saved">Tersimpan di perangkat ini</li>'; }, 50);
  setTimeout(() => { location = "/diterima/"; }, 300);
});
"""


@pytest.mark.parametrize("earlier", ["", EARLIER], ids=["an empty outbox", "an item from before"])
@pytest.mark.parametrize("script", [OUTBOX, ""], ids=["outbox", "plain form"])
def test_the_time_from_the_tap_to_saved_is_taken_where_a_page_says_so(browser, script, earlier):
    answers = {"/": FORM % earlier, "/diterima/": "<main><h1>PK-1</h1></main>", "/kotak.js": script}

    def answer(route):
        path = urlsplit(route.request.url).path
        kind = "text/javascript" if path.endswith(".js") else "text/html"
        # As strict as the portal's own.
        route.fulfill(body=answers[path], content_type=kind, headers={"Content-Security-Policy": "script-src 'self'"})

    with weak_network.tab(browser, "http://portal.invalid", QUICK) as tab:
        tab.page.route("**/*", answer)
        tab.open("/")
        tab.see("^/$", "button")
        tab.click("button")
        tab.see("^/diterima/", "h1", seconds=30)
        assert (tab.result().saved is not None) == bool(script)

"""What people, broken browsers and attackers put into a field, and what every page must answer to it."""

from urllib.parse import urlencode

SCRIPT = "<script>alert(1)</script>"
REDIRECTS = (302, 303)
FOREIGN = "33.74.01.1001"
# For what people write, too; the others are for numbers, moments, choices and ids.
TEXTS = {
    "empty": "",
    "blank": " \t\r\n\x00",
    "attack": "\"><img src=x onerror=alert(1)>\x00' OR 1=1; -- {{ 7|add:7 }} {% x %} %(name)s {0} ../passwd",
    "odd signs": f"{SCRIPT} a\u202eb\u2066c\x1b[31m\x7f\ufeff 🛰️𝕊 e\u0301 ﷽ Ǆ \ud7ff\ue000",
    "half a sign": "\ud83d",
    "huge": "9" * 30_000,
    "several": ["satu", "dua", "9" * 30],
}
ANYTHING = TEXTS | {
    "too long for the database": "7" * 40,
    "negative": "-1",
    "not a number": "NaN",
    "exponent": "1e999999",
    "first moment": "0001-01-01T00:00",
    "last moment": "9999-12-31T23:59",
    "uuid of nobody": "00000000-0000-0000-0000-000000000000",
    "foreign region": FOREIGN,
}
# For what the page itself puts in, which shared code reads in all forms.
KEYS = ("empty", "huge", "several", "negative", "uuid of nobody")


def send(client, url, values):
    """As a browser sends a form without files; signs that no text may hold come as their bytes."""
    return client.post(url, _encoded(values), content_type="application/x-www-form-urlencoded")


def _encoded(values):
    return urlencode(values, doseq=True, errors="surrogatepass")


def wrong_pages(client, url, field, others=()):
    """Sentences on every bad value of `field` of an address that was not answered with a page; [] is what a test wants.

    `others` are good values of other fields.
    """
    wrong = []
    for label, value in ANYTHING.items():
        answer = client.get(f"{url}?{_encoded(dict(others) | {field: value})}")
        if answer.status_code in REDIRECTS:
            answer = client.get(answer.url)
        if answer.status_code != 200:
            wrong.append(f"{field} = {label}: answered {answer.status_code}")
        if SCRIPT in answer.content.decode():
            wrong.append(f"{field} = {label}: shows a script unescaped")
    return wrong

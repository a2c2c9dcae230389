"""What people, broken browsers and attackers put into a form, and what every form must answer to it.

A test names its form once and is asked about each field:

    @pytest.mark.parametrize("field", [*NoteForm.base_fields, "decision"])
    def test_bad_input(field):
        assert wrong_answers(client, url, values, field, foreign="33.74") == []

`values` is a function that makes a valid body, or one with free texts that begin with KEPT: those must stand in the
page again whenever the form is refused.
"""

import html

KEPT = "Teks yang sudah diketik"
SCRIPT = "<script>alert(1)</script>"
REDIRECTS = (302, 303)
REFUSALS = (200, 409, 422)
ANYTHING = {
    "empty": "",
    "blank": " \t\r\n ",
    "words": "bukan pilihan yang ada",
    "script": f'"><img src=x onerror=alert(1)>{SCRIPT}',
    "template": "{{ 7|add:7 }} {% load x %} %(name)s {0} ${7*7}",
    "sql": "' OR 1=1; DROP TABLE x; --",
    "nul": "sebelum\x00sesudah",
    "only nul": "\x00",
    "bidi and controls": "a\u202eb\u2066c\x1b[31m\x7f\ufeff",
    "astral": "🛰️𝕊 e\u0301 ﷽ \ud7ff\ue000",
    "huge text": "ا" * 60_000,
    "huge number": "9" * 5_000,
    "too long for the database": "7" * 40,
    "negative": "-1",
    "not a number": "NaN",
    "infinite": "Infinity",
    "exponent": "1e999999",
    "tiny": "1e-999999",
    "other digits": "١٢٣٫٤",
    "underscores": "1_000",
    "first moment": "0001-01-01T00:00",
    "last moment": "9999-12-31T23:59",
    "no such day": "2026-02-31T25:61",
    "a zone of its own": "2026-01-05T09:00-23:59",
    "uuid of nobody": "00000000-0000-0000-0000-000000000000",
    "path": "../../../../etc/passwd",
    "several": ["satu", "dua", "9" * 30],
}


def the_form(context):
    """The form of a page that has one."""
    return context["form"]


def wrong_answers(client, url, values, field, *, foreign, kept=(), method="post", form_of=the_form):
    """Sentences on every bad value of `field` that was answered otherwise than it should; [] is what a test wants.

    `foreign` is the code of a region outside the sender's jurisdiction, `kept` names fields whose own bad text must
    still be in the page. `form_of` finds the form in the context of a page that has several; None where a refusal is a
    question to the reader and no error.
    """
    wrong = []
    for label, value in (ANYTHING | {"foreign region": foreign}).items():
        body = values() | {field: value}
        answer = getattr(client, method)(url, body)
        faults = _faults(answer, client, body, field, keep_own=field in kept, form_of=form_of)
        wrong += [f"{field} = {label}: {fault}" for fault in faults]
    return wrong


def _faults(answer, client, body, field, *, keep_own, form_of):
    if answer.status_code in REDIRECTS:
        answer = client.get(answer.url)
        return ["its page fails"] * (answer.status_code != 200) + _unescaped(answer)
    if answer.status_code not in REFUSALS:
        return [f"answered {answer.status_code}"]
    faults = _unescaped(answer)
    if answer.status_code != 200:
        if form_of and not form_of(answer.context).errors:
            faults.append("refused without a sentence")
        page = _without_odd_signs(html.unescape(answer.content.decode()))
        faults += [f"lost {text!r}" for text in _texts(body, field, keep_own) if text not in page]
    return faults


def _texts(body, field, keep_own):
    """The typed texts that a refused form must show again."""
    texts = [value for name, value in body.items() if name != field and str(value).startswith(KEPT)]
    own = body[field]
    if keep_own and isinstance(own, str) and own.strip(" \t\r\n\x00"):
        texts.append(_without_odd_signs(own))
    return texts


def _without_odd_signs(text):
    """As the text may come back: control characters can be cleaned away, and lines end in one sign."""
    return "".join(sign for sign in text.replace("\r\n", "\n") if sign.isprintable() or sign in "\n\t")


def _unescaped(answer):
    return ["shows a script unescaped"] * (SCRIPT in answer.content.decode())

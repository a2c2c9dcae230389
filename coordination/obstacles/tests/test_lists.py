"""The list of obstacles: filters, search, pages."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import official

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def listed(user, query):
    answer = signed_in(user).get(reverse("obstacles:list"), query)
    assert answer.status_code == 200
    return set(answer.context["page"])


def test_lists_are_filtered_and_searched_in_indonesian(kpu):
    one = obstacle(description="Kabel putus tertimbun longsor", kind="fibre_cut")
    two = obstacle("32.73.02.1001", description="Menara mati", actor=official("kpu", "32"))
    year = two.number[8:12]
    cases = [
        ({"q": "tertimbun"}, {one}), ({"q": "timbunan"}, {one}), ({"q": "kabel menara"}, set()),
        ({"q": "kabel or menara"}, {one, two}), ({"q": "-kabel mati"}, {two}), ({"q": "TERTIMBUN longsor"}, {one}),
        ({"q": two.number.lower()}, {two}), ({"q": "hb-3273"}, {one, two}), ({"q": f"3273-{year}-0002"}, {two}),
        ({"q": "HB-3204"}, set()), ({"q": "\x00"}, {one, two}), ({"q": "' OR 1=1 & | ! ("}, set()),
        ({"kind": "fibre_cut"}, {one}), ({"kind": "x"}, {one, two}),
        ({"region": "32.73.02"}, {two}), ({"region": "327302"}, {two}), ({"region": "33.74"}, {one, two}),
        ({"state": "cleared"}, set()), ({"state": ["open", "cleared"]}, {one, two}), ({"state": "x"}, {one, two}),
        ({"mine": "on"}, {one}), ({"mine": "x"}, {one}), ({"order": "x"}, {one, two}),
        ({"dari": "omong kosong"}, {one, two}), ({"kind": "fibre_cut", "q": "menara"}, set()),
    ]  # fmt: skip
    for query, expected in cases:
        assert listed(kpu, query) == expected, query


@pytest.mark.parametrize(
    "query", [{"kind": "x"}, {"state": "x"}, {"region": "Antah"}, {"order": "x"}, {"q": "x" * 999}]
)
def test_a_value_that_cannot_be_is_named_beside_its_field(kpu, query):
    answer = signed_in(kpu).get(reverse("obstacles:list"), query)
    (errors,) = answer.context["form"].errors.values()
    assert str(errors[0]).split("“")[0][:30] in html.unescape(answer.content.decode())


def test_the_list_shows_only_what_lies_within_the_own_region(kpu):
    inside, outside = obstacle(), obstacle("32.04.05.2001", description="RAHASIA", place="RAHASIA")
    assert listed(kpu, {}) == {inside}
    for query in ({"q": outside.number}, {"q": "RAHASIA"}, {"region": "32.04"}, {"kind": outside.kind}):
        page = signed_in(kpu).get(reverse("obstacles:list"), query).content.decode().replace(str(query), "")
        assert f"/{outside.number}/" not in page
    assert listed(official("kpu", "32"), {}) == {inside, outside}


@pytest.mark.parametrize("order", ["terbaru", "terlama", "berubah"])
def test_pages_hold_every_row_once_and_keep_the_filter(kpu, order):
    rows = [obstacle(actor=kpu) for _ in range(27)]
    obstacle(kind="power")
    query = {"kind": "weak_signal", "order": order}
    first = signed_in(kpu).get(reverse("obstacles:list"), query)
    link = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1]
    second = signed_in(kpu).get(reverse("obstacles:list") + html.unescape(link))
    seen = [*first.context["page"], *second.context["page"]]
    assert sorted(row.pk for row in seen) == [row.pk for row in rows]
    assert "kind=weak_signal" in link

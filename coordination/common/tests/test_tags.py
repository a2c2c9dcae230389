"""Words that pages make of numbers and of what browsers say of themselves."""

import pytest
from django.utils import translation

from coordination.common.templatetags.portal_tags import device, working_time


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 jam 0 menit"), (59, "0 jam 59 menit"), (449, "7 jam 29 menit"), (510, "1 hari kerja 1 jam"),
     (1753, "3 hari kerja 6 jam")],
)  # fmt: skip
def test_working_minutes_are_told_as_people_count_them(minutes, words):
    assert working_time(minutes) == words


@pytest.mark.parametrize(("minutes", "words"), [(450, "1 working day"), (929, "2 working days")])
def test_whole_days_are_told_without_hours(minutes, words):
    with translation.override("en"):
        assert working_time(minutes) == words


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0", "Firefox · Linux"),
        ("Opera/9.80 (Android; Opera Mini/36.2/119.132; U; id) Presto/2.12", "Opera Mini · Android"),
        ("curl/8.0", "Peramban"),
        ("", "Peramban"),
    ],
)
def test_a_session_is_named_by_browser_and_system(user_agent, name):
    assert device(user_agent) == name

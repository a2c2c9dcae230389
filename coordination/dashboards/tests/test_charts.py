"""Charts are as long and as high as their numbers say."""

import re

import pytest
from django.utils import translation

from coordination.dashboards.templatetags.chart_tags import bar, columns


def path(chart):
    return re.search(r' d="([^"]*)"', chart)[1]


@pytest.mark.parametrize(
    ("value", "most", "drawn"), [(5, 10, "M0 3H50"), (10, 10, "M0 3H100"), (0, 10, "M0 3H0"), (None, 0, "M0 3H0")]
)
def test_a_bar_is_as_long_as_its_share(value, most, drawn):
    assert path(bar(value, most)) == drawn


@pytest.mark.parametrize(
    ("values", "drawn"),
    [([5, 10], "M25 30V15M75 30V0"), ([0, None, 3, 3], "M62 30V0M88 30V0"), ([], ""), ([None], ""), ([0], "")],
)
def test_a_column_is_as_high_as_its_share_of_the_largest(values, drawn):
    assert path(columns(values)) == drawn


def test_numbers_of_a_drawing_have_no_comma_in_any_language():
    with translation.override("id"):
        assert "," not in bar(1, 3) + columns([1, 3, 7])

"""The worst known figure decides; nothing known is no level; no better figure ever makes a level worse."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.networks.levels import ORDER, PARAMETERS, classify
from coordination.networks.models import Threshold

# The thresholds as they are seeded, for tests that need no database; compared with the database below.
SEEDED = [
    Threshold(
        level="strong", least_download_mbps=10, least_upload_mbps=5, most_latency_ms=100, most_jitter_ms=30,
        most_loss_percent=1,
    ),
    Threshold(
        level="medium", least_download_mbps=3, least_upload_mbps=Decimal("1.5"), most_latency_ms=200, most_jitter_ms=50,
        most_loss_percent=3,
    ),
    Threshold(level="weak"),
    Threshold(level="no_signal"),
]  # fmt: skip
GOOD = {"download_mbps": 20, "upload_mbps": 10, "latency_ms": 40, "jitter_ms": 5, "loss_percent": 0}


@pytest.mark.django_db
def test_the_thresholds_are_those_of_the_design():
    rows = Threshold.objects.best_first()
    limits = [field.name for field in Threshold._meta.fields if field.name.startswith(("least", "most"))]
    assert [row.level for row in rows] == ORDER
    for row, wanted in zip(rows, SEEDED, strict=True):
        assert {name: getattr(row, name) for name in limits} == {name: getattr(wanted, name) for name in limits}


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "strong"),
        ({"download_mbps": 10, "upload_mbps": 5, "latency_ms": 100, "jitter_ms": 30, "loss_percent": 1}, "strong"),
        ({"upload_mbps": Decimal("4.999")}, "medium"),
        ({"download_mbps": Decimal("9.9")}, "medium"),
        ({"latency_ms": 101}, "medium"),
        ({"jitter_ms": 31}, "medium"),
        ({"loss_percent": Decimal("1.1")}, "medium"),
        ({"upload_mbps": Decimal("1.499")}, "weak"),
        ({"download_mbps": Decimal("2.9")}, "weak"),
        ({"latency_ms": 201}, "weak"),
        ({"jitter_ms": 51}, "weak"),
        ({"loss_percent": Decimal("3.1")}, "weak"),
    ],
)
def test_one_bad_figure_among_good_ones_decides(changes, level):
    assert classify(GOOD | changes, SEEDED) == level


@pytest.mark.parametrize(
    "values", [{}, dict.fromkeys(GOOD), {"technology": "4g"}, {"technology": "", "signal_dbm": -70}]
)
def test_nothing_measured_is_no_level_and_never_weak(values):
    assert classify(values, SEEDED) is None


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ({"technology": "none"}, "no_signal"),
        ({"technology": "none", "download_mbps": 0, "upload_mbps": 0, "loss_percent": 100}, "no_signal"),
        ({"technology": "none", "latency_ms": 90}, "strong"),
        ({"technology": "none", "download_mbps": 1}, "weak"),
        ({"technology": "4g", "download_mbps": 0, "upload_mbps": 0}, "weak"),
        ({"download_mbps": 0, "upload_mbps": 0}, "weak"),
    ],
)
def test_no_signal_is_what_a_person_says_and_no_figure_contradicts(values, level):
    assert classify(values, SEEDED) == level


figure = st.none() | st.decimals(0, 1000, places=3)
figures = st.fixed_dictionaries({parameter.name: figure for parameter in PARAMETERS})


@given(figures, st.sampled_from(PARAMETERS), st.decimals(0, 500, places=3))
def test_a_worse_figure_never_gives_a_better_level(values, parameter, step):
    before = values[parameter.name]
    if before is None:
        return
    worse = max(before - step, Decimal(0)) if parameter.more_is_better else before + step
    levels = [classify(each, SEEDED) for each in (values, values | {parameter.name: worse})]
    assert ORDER.index(levels[1]) >= ORDER.index(levels[0])


@given(figures, st.sampled_from(PARAMETERS), st.decimals(0, 1000, places=3))
def test_knowing_one_more_figure_never_gives_a_better_level(values, parameter, value):
    known = classify(values | {parameter.name: None}, SEEDED)
    more = classify(values | {parameter.name: value}, SEEDED)
    assert known is None or ORDER.index(more) >= ORDER.index(known)


@pytest.mark.parametrize(("value", "text"), [("0.050", "0,05"), ("10", "10"), ("1234.500", "1.234,5"), ("0", "0")])
def test_figures_are_written_as_indonesian_offices_do(value, text):
    assert PARAMETERS[0].text(Decimal(value)) == f"{text} Mbps"

"""The risk follows from what is known: a worse network never lowers it, and no data never reads as low."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.campaigns.choices import Need, Platform
from coordination.forecast.choices import ORDER, Risk
from coordination.forecast.tests import factories as known
from coordination.forecast.tests.factories import NOW, shipped_rules
from coordination.forecast.weighing import DELAYS, SPEEDS, Evidence, weigh
from coordination.networks.levels import ORDER as LEVELS
from coordination.obstacles.choices import ObstacleKind

pytestmark = pytest.mark.django_db
NETWORK_KINDS = [kind for kind in ObstacleKind.values if kind not in ObstacleKind.NOT_NETWORK]


@pytest.fixture(scope="module")
def rules(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return shipped_rules()


def risk_of(rules, plan, **evidence):
    return weigh(plan, Evidence(**evidence), rules, NOW)[0]


@pytest.mark.parametrize(
    ("need", "level", "risk"),
    [
        ("host", "strong", "low"),
        ("host", "medium", "medium"),
        ("host", "weak", "high"),
        ("host", "no_signal", "high"),
        ("join", "medium", "low"),
        ("join", "weak", "high"),
        ("stream", "medium", "medium"),
        ("watch", "weak", "medium"),
        ("watch", "no_signal", "high"),
    ],
)
def test_what_is_asked_of_a_network_decides_what_its_level_means(rules, need, level, risk):
    assert risk_of(rules, known.plan(need), level=known.level(level)) == risk


@pytest.mark.parametrize(
    ("evidence", "risk"),
    [
        ({"level": known.level(age=181)}, "medium"),
        ({"level": known.level(km=4.9)}, "low"),
        ({"level": known.level(km=5.1)}, "medium"),
        ({"level": known.level(tier="district")}, "medium"),
        ({"level": known.level(), "measured": known.measured(upload=1.4)}, "high"),
        ({"level": known.level(), "measured": known.measured(upload=1.9)}, "medium"),
        ({"level": known.level(), "measured": known.measured(latency=151)}, "medium"),
        ({"level": known.level(), "measured": known.measured(jitter=41)}, "medium"),
        ({"level": known.level(), "measured": known.measured(loss=2.1)}, "medium"),
        ({"level": known.level(), "hindrances": (known.hindrance("tower_down"),)}, "high"),
        ({"level": known.level(), "hindrances": (known.hindrance("tower_down", state="mitigated"),)}, "medium"),
        ({"level": known.level(), "hindrances": (known.hindrance("tower_down", until=2),)}, "low"),
        ({"level": known.level(), "hindrances": (known.hindrance("tower_down", since=6),)}, "low"),
        ({"level": known.level(), "hindrances": (known.hindrance(state="cleared", cleared=14),)}, "medium"),
        ({"level": known.level(), "hindrances": (known.hindrance(state="cleared", cleared=15),)}, "low"),
        ({"level": known.level(), "hindrances": (known.hindrance(state="cleared", cleared=1, until=2),)}, "low"),
        ({"level": known.level(), "outages": (known.outage("outage"),)}, "high"),
        ({"level": known.level(), "outages": (known.outage("degraded"),)}, "medium"),
        ({"level": known.level(), "outages": (known.outage("reduced"),)}, "low"),
        ({"level": known.level(), "outages": (known.outage(begins=6),)}, "low"),
        ({"outages": (known.outage("outage"),)}, "high"),
        ({"outages": (known.outage("reduced"),)}, "unknown"),
        ({"measured": known.measured()}, "low"),
        ({}, "unknown"),
    ],
)
def test_each_thing_known_brings_its_risk_and_the_worst_counts(rules, evidence, risk):
    assert risk_of(rules, known.plan(), **evidence) == risk


def test_an_obstacle_far_ahead_may_still_be_cleared(rules):
    evidence = {"level": known.level(), "hindrances": (known.hindrance("tower_down"),)}
    assert risk_of(rules, known.plan(days=31), **evidence) == "medium"
    assert risk_of(rules, known.plan(days=30), **evidence) == "high"


@pytest.mark.parametrize("hour", [0, 8, 16])
def test_the_hour_of_weighing_decides_nothing(rules, hour):
    """An activity 31 calendar days ahead is so from midnight to midnight of its own place."""
    midnight = datetime(2020, 10, 1, tzinfo=ZoneInfo("Asia/Jakarta"))
    evidence = Evidence(known.level(), hindrances=(known.hindrance("tower_down"),))
    plan = replace(
        known.plan(), starts_at=midnight + timedelta(days=31, hours=9), ends_at=midnight + timedelta(days=32)
    )
    assert weigh(plan, evidence, rules, midnight + timedelta(hours=hour))[0] == "medium"


def test_an_activity_that_asks_nothing_of_the_network_has_no_risk(rules):
    assert risk_of(rules, known.plan("none", "none"), level=known.level("no_signal")) == "low"


# Other tests run beside these.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
plans = st.builds(
    known.plan,
    need=st.sampled_from([need for need in Need.values if need != "none"]),
    platform=st.sampled_from(Platform.values),
    days=st.integers(0, 60),
)
levels = st.none() | st.builds(
    known.level,
    st.sampled_from(LEVELS),
    age=st.integers(0, 800),
    km=st.none() | st.floats(0, 15),
    tier=st.sampled_from(["", "district", "regency"]),
)
speeds = st.floats(0, 30)
measurements = st.none() | st.builds(
    known.measured,
    speeds | st.none(),
    speeds | st.none(),
    st.integers(0, 900) | st.none(),
    st.integers(0, 300) | st.none(),
    st.floats(0, 100) | st.none(),
)
hindrances = st.lists(
    st.builds(
        known.hindrance,
        st.sampled_from(NETWORK_KINDS),
        state=st.sampled_from(["open", "confirmed", "mitigated"]),
        since=st.integers(-40, 10),
        until=st.none() | st.integers(0, 60),
        cleared=st.none() | st.integers(0, 40),
    ),
    max_size=3,
).map(tuple)
outages = st.lists(
    st.builds(
        known.outage,
        st.sampled_from(["none", "reduced", "degraded", "outage"]),
        begins=st.integers(0, 60),
        hours=st.integers(1, 48),
    ),
    max_size=2,
).map(tuple)
evidences = st.builds(Evidence, levels, measurements, hindrances, outages)


def worse_figures(measured):
    for name in SPEEDS + DELAYS if measured else ():
        has = getattr(measured, name)
        if has is not None:
            yield replace(measured, **{name: has / 3 if name in SPEEDS else has * 3 + 1})


def worse(evidence):
    """Networks that are worse in one thing."""
    if evidence.level and evidence.level.level != LEVELS[-1]:
        lower = LEVELS[LEVELS.index(evidence.level.level) + 1]
        yield replace(evidence, level=replace(evidence.level, level=lower))
    yield from (replace(evidence, measured=each) for each in worse_figures(evidence.measured))
    for number, each in enumerate(evidence.hindrances):
        if each.cleared_at:
            standing = replace(each, state="open", cleared_at=None)
            others = evidence.hindrances[:number] + evidence.hindrances[number + 1 :]
            yield replace(evidence, hindrances=(*others, standing))
    yield replace(evidence, hindrances=(*evidence.hindrances, known.hindrance("fibre_cut")))
    yield replace(evidence, outages=(*evidence.outages, known.outage(begins=0, hours=24 * 70)))


@unhurried
@given(plan=plans, evidence=evidences)
def test_a_worse_network_never_lowers_the_risk(rules, plan, evidence):
    risk = weigh(plan, evidence, rules, NOW)[0]
    for each in worse(evidence):
        lower = weigh(plan, each, rules, NOW)[0]
        # From "cannot be told" everything that is learnt leads upwards.
        assert risk == Risk.UNKNOWN or ORDER.index(lower) >= ORDER.index(risk)


@unhurried
@given(plan=plans, hindrances=hindrances, outages=outages)
def test_without_data_about_the_level_the_risk_is_never_low(rules, plan, hindrances, outages):
    risk, _reasons, data_at = weigh(plan, Evidence(hindrances=hindrances, outages=outages), rules, NOW)
    assert risk != Risk.LOW
    assert data_at is None


@unhurried
@given(plan=plans, evidence=evidences)
def test_the_same_facts_give_the_same_risk_and_the_risk_is_that_of_its_first_reason(rules, plan, evidence):
    risk, reasons, _data_at = told = weigh(plan, evidence, rules, NOW)
    assert told == weigh(plan, evidence, rules, NOW)
    assert risk == Risk.UNKNOWN or reasons[0].risk == risk


def test_rules_that_would_make_a_worse_level_better_are_not_obeyed(rules):
    rules._rules["level", "host", "weak"].risk = Risk.LOW
    try:
        assert risk_of(rules, known.plan(), level=known.level("weak")) == Risk.MEDIUM
    finally:
        rules._rules["level", "host", "weak"].risk = Risk.HIGH

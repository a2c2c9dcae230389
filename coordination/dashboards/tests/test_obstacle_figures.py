"""The figures of obstacles are those of a slow count, add up, and lead to lists that show as many rows."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from coordination.dashboards.figures import obstacles as figures
from coordination.dashboards.sections.obstacles import section
from coordination.networks.models import Operator
from coordination.obstacles.choices import ObstacleKind, ObstacleState
from coordination.obstacles.filters import ObstacleFilter
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead, official
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
# Regencies and a province itself too: what names no smaller part.
PLACES = ("32.73.01.1001", "32.73.02.1001", "32.73.02", "32.73", "32.04.01.2001", "33.74.01.1001", "33.74")
READERS = {"": None, "32.": "32", "32.73.": "32.73"}
JAKARTA = ZoneInfo("Asia/Jakarta")


def plant(dice, number=60):
    """Obstacles of any kind, state, operators and age all over some regions, province included."""
    operators = list(Operator.objects.all()[:3])
    person, rows = lead("kpu"), []
    for place in PLACES:
        region(place)
    for _ in range(number):
        row = obstacle(dice.choice(PLACES), actor=person, kind=dice.choice(ObstacleKind.values))
        row.operators.set(dice.sample(operators, dice.randint(0, 3)))
        state = dice.choice(["open", "confirmed", "mitigated", "cleared"])
        at = timezone.now() - timedelta(days=dice.randint(0, 500))
        Obstacle.objects.filter(pk=row.pk).update(state=state, created_at=at)
        rows.append(row)
    Obstacle.objects.filter(pk=rows[0].pk).update(region=region("32"), state="merged", merged_into=rows[1])
    return rows


def months_back(now):
    """2026-11 and the eleven months before it, by counting days back."""
    day, found = now.astimezone(JAKARTA).date(), []
    while len(found) < 12:
        if f"{day:%Y-%m}" not in found:
            found.append(f"{day:%Y-%m}")
        day -= timedelta(days=1)
    return found[::-1]


def slowly(path, now):
    """The same figures, row by row."""
    rows = [row for row in Obstacle.objects.select_related("region") if row.region.path.startswith(path)]
    standing = [row for row in rows if row.state in ObstacleState.STANDING]
    network = [row for row in standing if row.is_of_the_network]
    months = {month: 0 for month in months_back(now)}
    new = [row for row in rows if f"{row.created_at.astimezone(JAKARTA):%Y-%m}" in months]
    for row in new:
        months[f"{row.created_at.astimezone(JAKARTA):%Y-%m}"] += 1
    named = [[str(one.pk) for one in row.operators.all()] or [""] for row in standing]
    parts = {part_of(row, path) for row in network + new}
    return {
        "kinds": counted(row.kind for row in standing),
        "operators": counted(name for names in named for name in names),
        "states": dict.fromkeys(ObstacleState.values, 0) | counted(row.state for row in rows),
        "months": months,
        "parts": sorted(
            [part, *(sum(part_of(row, path) == part for row in some) for some in (network, new))] for part in parts
        ),
    }


def counted(values):
    found = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found


def part_of(row, path):
    codes = row.region.path.split(".")[: path.count(".") + 1]
    return ".".join(codes).rstrip(".") + "."


@pytest.mark.parametrize("seed", range(3))
def test_the_figures_are_those_of_a_slow_count(seed):
    plant(random.Random(seed))
    now = timezone.now()
    for path in ("", "32.", "32.73.", "33.", "33.74.", "34."):
        assert figures.figures(path, now) == slowly(path, now), path


def test_sums_over_the_parts_are_the_totals():
    plant(random.Random(7))
    now = timezone.now()
    for path in READERS:
        found = figures.figures(path, now)
        network = sum(number for kind, number in found["kinds"].items() if kind not in ObstacleKind.NOT_NETWORK)
        assert sum(standing for _part, standing, _new in found["parts"]) == network > 0
        assert sum(new for *_rest, new in found["parts"]) == sum(found["months"].values()) > 0
        assert sum(found["states"][state] for state in ObstacleState.STANDING) == sum(found["kinds"].values())


def test_a_month_begins_at_midnight_in_jakarta():
    row = obstacle()
    at = datetime(2026, 3, 1, 0, 30, tzinfo=JAKARTA)  # still February in UTC
    Obstacle.objects.filter(pk=row.pk).update(created_at=at)
    found = figures.figures("", datetime(2026, 5, 1, tzinfo=JAKARTA))["months"]
    assert (found["2026-02"], found["2026-03"], len(found)) == (0, 1, 12)
    late = figures.figures("", datetime(2027, 3, 1, tzinfo=JAKARTA))["months"]
    assert (min(late), sum(late.values())) == ("2026-04", 0)


def shown_rows(user, query):
    """How many rows the list of obstacles holds for this query; every value of it must be understood."""
    filters = ObstacleFilter(QueryDict(query[1:]), Obstacle.objects.visible_to(user), user=user)
    assert filters.is_valid(), filters.errors
    return filters.qs.count()


def rows_of(shown):
    """Every number that the section shows, with its query."""
    parts = [row for part in shown.parts for row in (part.standing, part.reported)]
    lists = shown.kinds, shown.other_kinds, shown.operators, shown.states, shown.months, parts
    return [shown.network, shown.others, *(row for rows in lists for row in rows)]


@pytest.mark.parametrize("path", READERS)
def test_every_number_leads_to_a_list_of_as_many_rows(path):
    plant(random.Random(11))
    code = READERS[path]
    reader = official("kominfo", code)
    shown = section(region(code) if code else None, figures.figures(path, timezone.now()))
    rows = rows_of(shown)
    assert len(rows) > 30
    wrong = [(row, found) for row in rows if (found := shown_rows(reader, row.query)) != row.number]
    assert wrong == []


def test_the_number_on_the_map_leads_to_a_list_without_other_reasons(client):
    obstacle(kind=ObstacleKind.WEAK_SIGNAL), obstacle(kind=ObstacleKind.QUOTA)  # noqa: B018 - both are counted
    reader = official("kpu")
    client.force_login(reader)
    page = client.get(reverse("map")).content.decode()
    query = page.partition(reverse("obstacles:list") + "?region=32.73&amp;")[2].partition('"')[0]
    assert page.partition(query)[2].startswith('">1</a>')
    assert shown_rows(reader, f"?region=32.73&{query.replace('&amp;', '&')}") == 1


@pytest.mark.parametrize("name", ["origin", "operator", "exactly", "reported_from", "reported_to"])
@pytest.mark.parametrize("odd", ["\x00", "x" * 5000, "9" * 400, "-1", "<script>", "2026-13-45", "💥"], ids=range(7))
def test_what_no_figure_leads_to_is_named_and_filters_nothing(client, name, odd):
    row = obstacle()
    client.force_login(official("kpu", "32.73"))
    answer = client.get(reverse("obstacles:list"), {name: odd})
    assert answer.status_code == 200
    assert list(answer.context["page"]) == [row]
    assert "invalid-feedback" in answer.content.decode()


def test_a_filter_that_a_figure_set_stays_when_the_reader_filters_on(client):
    obstacle()
    client.force_login(official("kpu", "32.73"))
    page = client.get(reverse("obstacles:list"), {"origin": "jaringan", "reported_from": "2020-01-01"}).content.decode()
    assert '<input type="hidden" name="origin" value="jaringan"' in page
    assert '<input type="hidden" name="reported_from" value="2020-01-01"' in page
    assert 'name="operator"' not in page

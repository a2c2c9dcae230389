"""Figures of requests that were submitted: where they stand, how long their stages took, what was done.

Days and months are those of WIB. Of times, `p50` and `p90` are the working minutes within which half and nine of ten
were done: minutes that one of them really took, as PERCENTILE_DISC has it.
"""

from datetime import timedelta

from django.db.models import Case, Count, F, Func, Q, Value, When
from django.db.models.functions import Left, TruncMonth
from django.utils import timezone

from coordination.common.days import months_until, on_days
from coordination.dashboards.figures.places import within
from coordination.offices.models import Office
from coordination.regions.models import Region
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest, StageTime

# The last day of each age but the oldest, in days since submission.
AGES = (7, 30, 90)
MOST_OFFICES = 40
PROVINCE = 3  # the length of a province's path


def figures(path, now):
    """All of them:

    * `day`, `first`: the day of the count and the first one of the months that `times` and `done` are about, as ISO
      dates; the months are `day`'s and the 11 before it.
    * `states`: {state: [number up to 7 days old, 8–30, 31–90, older]}; `late`, `near`, `alarms`: numbers.
    * `times`: {stage: {"n", "p50", "p90", "kept"}} of the clocks that ended in these months, without stages of which
      none did; `kept` is how many of the n ended by their deadline.
    * `months`: {first day: the same}.
    * `parts`: [{"key", "name", "times": the same}] by the office whose deadline it was, key being that of its row; of
      the country by the province of the request, key being its code; the most times first, at most 40.
    * `done`: {"n": requests resolved in these months, "outcomes": {outcome: n}, "measures": {measure: n}}.
    """
    day = timezone.localdate(now)
    first = months_until(day)[0]
    requests = within(CoordinationRequest.objects.filter(number__isnull=False), path, "region")
    times = within(StageTime.objects.all(), path, "request__region")
    times = times.filter(on_days("ended_at", first, day)).order_by()
    months = _took(times.annotate(month=TruncMonth("ended_at")), "month")
    return {
        "day": day.isoformat(),
        "first": first.isoformat(),
        "states": _states(requests, day),
        "late": requests.overdue(now).count(),
        "near": requests.near_deadline(now).count(),
        "alarms": requests.without_office_above().count(),
        "times": _summed(_together(months)),
        "months": {timezone.localdate(month).isoformat(): _summed(stages) for month, stages in sorted(months.items())},
        "parts": _parts(times, path),
        "done": _done(requests, first, day),
    }


def spans_of_ages(day):
    """[(first day or None, last day)] on which what has each age on `day` was submitted, the youngest first."""
    oldest = [day - timedelta(days=age) for age in AGES]
    return list(zip([*oldest, None], [day, *(each - timedelta(days=1) for each in oldest)], strict=True))


def _states(requests, day):
    spans = spans_of_ages(day)
    age = Case(*(When(on_days("submitted_at", *span), then=Value(place)) for place, span in enumerate(spans)))
    found = {state.value: [0] * len(spans) for state in State if state != State.DRAFT}
    rows = requests.filter(on_days("submitted_at", last=day)).order_by()
    for state, place, number in rows.values_list("state", age).annotate(number=Count("pk")):
        found[state][place] = number
    return found


def _took(times, of):
    """{what stands in the column `of`: {stage: [(minutes, how many took so many, how many of these kept theirs)]}}.

    Different minutes are few, so that percentiles follow from these without sorting millions of rows.
    """
    kept = Count("pk", filter=Q(ended_at__lte=F("due_at")))
    took = {}
    for key, stage, *number in times.values_list(of, "stage", "minutes").annotate(n=Count("pk"), kept=kept):
        took.setdefault(key, {}).setdefault(stage, []).append(number)
    return took


def _summed(stages):
    """{stage: figures} of {stage: [(minutes, how many took so many, how many of them kept the deadline)]}."""
    return {stage: _figures_of(sorted(numbers)) for stage, numbers in stages.items()}


def _figures_of(numbers):
    n = sum(number for _minutes, number, _kept in numbers)
    kept = sum(kept for _minutes, _number, kept in numbers)
    return {"n": n, "p50": _percentile(numbers, n, 50), "p90": _percentile(numbers, n, 90), "kept": kept}


def _percentile(numbers, n, percent):
    """The least minutes within which so many in a hundred of the n were done."""
    done = 0
    for minutes, number, _kept in numbers:
        done += number
        if 100 * done >= percent * n:
            return minutes
    raise ValueError("nothing to take a percentile of")


def _together(months):
    """The numbers of all months as one."""
    whole = {}
    for stages in months.values():
        for stage, numbers in stages.items():
            whole.setdefault(stage, []).extend(numbers)
    return whole


def _parts(times, path):
    if path:
        found = _took(times, "office")
        named = {office.pk: (office.pk, office.name) for office in Office.objects.filter(pk__in=found)}
    else:
        found = _took(times.annotate(province=Left("request__region__path", PROVINCE)), "province")
        named = {place.path: (place.code, place.name) for place in Region.objects.filter(path__in=found)}
    parts = [dict(zip(("key", "name"), named[of], strict=True), times=_summed(stages)) for of, stages in found.items()]
    return sorted(parts, key=lambda part: (-_number(part), part["name"], part["key"]))[:MOST_OFFICES]


def _number(part):
    return sum(stage["n"] for stage in part["times"].values())


def _done(requests, first, day):
    resolved = requests.filter(on_days("resolved_at", first, day)).order_by()
    outcomes = dict(resolved.values_list("outcome").annotate(number=Count("pk")))
    each = Func(F("measures"), function="UNNEST", output_field=CoordinationRequest._meta.get_field("outcome"))
    measures = dict(resolved.annotate(measure=each).values_list("measure").annotate(number=Count("pk")))
    return {"n": sum(outcomes.values()), "outcomes": outcomes, "measures": measures}

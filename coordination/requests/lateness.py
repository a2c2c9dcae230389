"""How late the offices were: which requests had a deadline that fell due, and which of them missed one.

A figure counts what the list behind it shows: both ask `fell_due`, `missed` or `overdue`. An office answers for what it
handles, and for what it missed before it passed a request on.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from coordination.common.days import on_days
from coordination.history.models import Event
from coordination.offices.models import Office
from coordination.requests.choices import Stage, State
from coordination.requests.deadlines import LADDER
from coordination.requests.models import CoordinationRequest, MissedDeadline
from coordination.requests.workflow import HANDLER, STEPS

DEFAULT_DAYS = 90
ANY = "any"
STORED = ("verify_due_at", "answer_due_at")
# What the handling office does, or what spares it doing anything, ends the time for which it was late.
ENDS_LATENESS = [verb for verb, step in STEPS.items() if step.side == HANDLER or verb == "withdraw"]


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Period:
    """Days by the portal's own clock, the last one included."""

    first: date
    last: date

    @classmethod
    def recent(cls, days=DEFAULT_DAYS):
        """The last so many days, today included."""
        today = timezone.localdate()
        return cls(today - timedelta(days=days - 1), today)

    def q(self, column, now):
        """The condition that a deadline fell due in the period: what is still to come has not."""
        return on_days(column, self.first, self.last) & Q(**{f"{column}__lt": now})


def behind(requests, *, office=None, period=None, stage=""):
    """The requests behind a figure: those of an office, those of which a deadline fell due, those that missed it."""
    if period is None:
        return requests.filter(handling_office=office) if office else requests
    return missed(requests, period, stage, office) if stage else fell_due(requests, period, office)


def fell_due(requests, period, office=None, now=None):
    """Those of which a deadline fell due in the period while `office`, or any, had to keep it."""
    now = now or timezone.now()
    handled = _is_due(period, now) & (Q(handling_office=office) if office else Q(handling_office__isnull=False))
    return requests.filter(handled | Q(pk__in=_misses(period, ANY, office, now)))


def missed(requests, period, stage=ANY, office=None, now=None):
    """Those of which `office`, or any, missed a deadline of this stage, or of any, that fell due in the period."""
    return requests.filter(pk__in=_misses(period, stage, office, now or timezone.now()))


def _misses(period, stage, office, now):
    rows = MissedDeadline.objects.filter(period.q("due_at", now))
    if stage != ANY:
        rows = rows.filter(stage=stage)
    return (rows.filter(office=office) if office else rows).order_by().values("request")


def _is_due(period, now, prefix=""):
    """That one of the deadlines that stand in the columns fell due; an end moves on while its clock stands still."""
    due = period.q(f"{prefix}end_due_at", now) & ~Q(**{f"{prefix}state__in": State.CLOCK_STOPPED})
    for column in STORED:
        due |= period.q(f"{prefix}{column}", now)
    return due


@dataclass(frozen=True)
class OfficeLateness:
    """The figures of one office; `stages` are [(stage, number of requests that missed it)]."""

    office: Office
    fell_due: int
    missed: int
    stages: list
    median: timedelta | None
    open_late: int

    @property
    def share(self):
        """Of those that fell due, how many in a hundred missed a deadline; None of none."""
        return 100 * self.missed / self.fell_due if self.fell_due else None


def by_office(user, period, now=None):
    """OfficeLateness of every office that had anything to keep or is late now, the most misses first."""
    now = now or timezone.now()
    visible = CoordinationRequest.objects.visible_to(user).filter(handling_office__isnull=False).order_by()
    due, late = _counts(visible.filter(_is_due(period, now))), _counts(visible.overdue(now))
    misses = {row["office"]: row for row in _misses_by_office(user, period, now)}
    offices = Office.objects.in_bulk({*due, *late, *misses})
    rows = [_of(office, due, misses.get(pk), late) for pk, office in offices.items()]
    return sorted(rows, key=lambda row: (-row.missed, -row.open_late, -row.fell_due, row.office.name))


def _counts(requests):
    return dict(
        requests.values("handling_office").annotate(number=Count("pk")).values_list("handling_office", "number")
    )


def _of(office, due, missed, late):
    """Those missed elsewhere than in what the office handles now come on top of what it handles."""
    missed = missed or dict.fromkeys(("any", "handled", *LADDER), 0) | {"median": None}
    return OfficeLateness(
        office=office,
        fell_due=due.get(office.pk, 0) + missed["any"] - missed["handled"],
        missed=missed["any"],
        stages=[(stage, missed[stage.value]) for stage in LADDER],
        median=missed["median"],
        open_late=late.get(office.pk, 0),
    )


def _misses_by_office(user, period, now):
    steps = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(CoordinationRequest),
        subject_id=OuterRef("request"),
        verb__in=ENDS_LATENESS,
        at__gt=OuterRef("due_at"),
    )
    until = Coalesce(Subquery(steps.order_by("sequence").values("at")[:1]), Value(now))
    late_for = ExpressionWrapper(until - F("due_at"), output_field=DurationField())
    handled = Q(request__handling_office=F("office")) & _is_due(period, now, "request__")
    of_stage = {stage.value: Count("request", distinct=True, filter=Q(stage=stage)) for stage in LADDER}
    return (
        MissedDeadline.objects.visible_to(user)
        .filter(period.q("due_at", now))
        .order_by()
        .annotate(late_for=late_for)
        .values("office")
        .annotate(
            any=Count("request", distinct=True),
            handled=Count("request", distinct=True, filter=handled),
            median=Median("late_for"),
            **of_stage,
        )
    )


STAGES = [(stage.value, stage.label) for stage in Stage if stage in LADDER]

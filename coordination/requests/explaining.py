"""Why a deadline is when it is, line by line, out of the computation that set it (deadlines.reckon)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.common.templatetags.portal_tags import working_time
from coordination.history.models import Event
from coordination.requests import deadlines
from coordination.requests.choices import Stage, State, Unit
from coordination.workdays import calendars
from coordination.workdays.models import DayOff
from coordination.workdays.working_time import FASTING, FASTING_FRIDAYS, SATURDAY

DAY = timedelta(days=1)
STORED = (Stage.VERIFY, Stage.ANSWER, Stage.END)
# So many weekends are named one by one.
WEEKENDS_NAMED = 4
# Which step started a clock.
STARTS = {
    ("submit", State.DRAFT): gettext_lazy("The clock runs since the request was submitted"),
    ("submit", State.RETURNED): gettext_lazy("The clock runs since the request was completed and submitted again"),
    "forward": gettext_lazy("The clock runs since the present office got the request"),
    "accept": gettext_lazy("The clock runs since the request was verified"),
    "resolve": gettext_lazy("The clock runs since the result was reported"),
    "reopen": gettext_lazy("The clock runs since the request was reopened"),
}
COUNTED = {
    Unit.WORKING_DAYS: gettext_lazy("counted from the day after, to the end of office hours"),
    Unit.WORKING_HOURS: gettext_lazy("counted in office hours alone, without the break"),
    Unit.CALENDAR_DAYS: gettext_lazy("every day counts, to the end of office hours"),
}


class Standing(models.TextChoices):
    """What has become of a deadline."""

    RUNS = "runs", pgettext_lazy("deadline", "Runs now")
    STOPPED = "stopped", pgettext_lazy("deadline", "Stands still")
    DONE = "done", pgettext_lazy("deadline", "No longer waited for")


@dataclass(frozen=True)
class Line:
    """One step of the reckoning in words, and the moment at which it leaves the deadline."""

    words: str
    at: datetime | None = None


@dataclass(frozen=True)
class Explanation:
    stage: Stage
    standing: Standing
    lines: list
    due: datetime
    skipped: list  # the days that were not counted within the allowance


def explain(request, activities, user, now=None):
    """The Explanations of all deadlines that are stored or run; none before submission and after the end.

    `activities` are those that the user may know of, as queries.served_activities gives them.
    """
    if request.verify_started_at is None or request.state in State.ENDED:
        return []
    return _Explainer(request, activities, user, now or timezone.now()).all()


class _Explainer:
    def __init__(self, request, activities, user, now):
        self.request, self.activities, self.user, self.now = request, activities, user, now
        self.calendar, rules = calendars.calendar_of(request.region), deadlines.Rules()
        self.running = deadlines.stages_of(request)
        stages = [stage for stage in Stage if stage in self.running or stage in STORED]
        self.reckoned = {stage: deadlines.reckon(request, stage, rules, self.calendar) for stage in stages}

    def all(self):
        """Those that run come first."""
        explanations = [self._explanation(stage) for stage in self.reckoned]
        return sorted(explanations, key=lambda each: list(Standing).index(each.standing))

    def _explanation(self, stage):
        found, standing = self.reckoned[stage], self._standing(stage)
        skipped = self._skipped_within(found)
        lines = [
            Line(self._start(found.start), found.start),
            Line(self._allowance(stage, found.rule), found.allowed),
            *self._in_words(skipped),
            *self._fasting(found),
            *self._stopped(stage, found, standing),
            *self._activity(stage, found),
            *self._nobody_in_charge(stage),
            *self._may_move(found),
            Line(self._result(standing), found.due),
            *self._missed(stage, found.start),
        ]
        return Explanation(stage, standing, lines, found.due, skipped)

    def _result(self, standing):
        if standing == Standing.STOPPED:
            return _("So without the time for which it still stands, the deadline is")
        return _("So the deadline is")

    def _standing(self, stage):
        if stage in self.running:
            return Standing.RUNS
        is_stopped = self.request.state in State.CLOCK_STOPPED
        waits = stage == Stage.END or self.request.state == State.RETURNED
        return Standing.STOPPED if is_stopped and waits else Standing.DONE

    def _start(self, start):
        """The event of the step that set the clock to `start` is the first since, written in its transaction."""
        key = next(((verb, source) for at, verb, source in self._steps if at >= start), ("submit", State.DRAFT))
        return str(STARTS.get(key) or STARTS.get(key[0]) or STARTS["submit", State.DRAFT])

    @cached_property
    def _steps(self):
        verbs = {key if isinstance(key, str) else key[0] for key in STARTS}
        events = Event.objects.about(self.request).readable_by(self.user).filter(verb__in=verbs)
        return list(events.values_list("at", "verb", "from_state"))

    def _allowance(self, stage, rule):
        return _("%(stage)s, urgency “%(urgency)s”: %(amount)s %(unit)s by the portal's own rule, %(counted)s") % {
            "stage": stage.label, "urgency": rule.get_urgency_display(), "amount": rule.amount,
            "unit": rule.get_unit_display(), "counted": COUNTED[rule.unit],
        }  # fmt: skip

    def _day(self, moment):
        return moment.astimezone(self.calendar.tz).date()

    def _off(self, first, last):
        """The days without work from `first` to `last`."""
        days = (first + DAY * number for number in range((last - first).days + 1))
        return [day for day in days if not self.calendar.is_working_day(day)]

    def _skipped_within(self, found):
        if found.rule.unit == Unit.CALENDAR_DAYS:
            return []
        first = self._day(found.start)
        return self._off(first if found.rule.unit == Unit.WORKING_HOURS else first + DAY, self._day(found.allowed))

    def _in_words(self, skipped):
        """Lines about days that are not counted: weekends together, holidays by their name."""
        weekends = [day for day in skipped if day.weekday() >= SATURDAY]
        if weekends:
            yield Line(_("Not counted, weekends: %(days)s") % {"days": _weekends(weekends)})
        for day in sorted(set(skipped) - set(weekends)):
            yield Line(_("Not counted: %(day)s, %(name)s") % {"day": date_format(day), "name": self._names[day]})

    @cached_property
    def _names(self):
        """{day: why offices do not work on it} of all days that a deadline passes over."""
        first = min(self._day(found.start) for found in self.reckoned.values())
        last = max(self._day(found.prolonged) for found in self.reckoned.values())
        days = DayOff.objects.of(self.request.region).filter(day__range=(first, last)).order_by("day", "-region")
        return {each.day: f"{each.name} ({each.get_kind_display()})" for each in days}

    def _fasting(self, found):
        """Where the shorter hours of Ramadan mattered: in hours that were counted, or at the close of the last day."""
        first, last = self._day(found.start), self._day(found.prolonged)
        counts_hours = found.rule.unit == Unit.WORKING_HOURS or found.prolonged != found.allowed
        days = (first + DAY * number for number in range((last - first).days + 1)) if counts_hours else [last]
        if any(self.calendar.is_fasting(day) and self.calendar.is_working_day(day) for day in days):
            hours = {"hours": _hours(FASTING), "friday": _hours(FASTING_FRIDAYS)}
            yield Line(_("In Ramadan office hours are shorter: %(hours)s, on Fridays %(friday)s") % hours)

    def _stopped(self, stage, found, standing):
        if found.prolonged != found.allowed:
            stood = working_time(self.request.end_stopped_minutes)
            yield Line(_("The clock stood still for %(time)s, which are added") % {"time": stood}, found.prolonged)
            yield from self._in_words(self._off(self._day(found.allowed) + DAY, self._day(found.prolonged)))
        if standing != Standing.STOPPED:
            return
        if stage != Stage.END:
            yield Line(_("It begins anew when the request is submitted again; the clock stands still since"),
                       self.request.stopped_at)  # fmt: skip
            return
        so_far = working_time(self.calendar.minutes_between(self.request.stopped_at, self.now))
        words = _("The clock stands still, for %(time)s by now, which will be added when it goes on; since")
        yield Line(words % {"time": so_far}, self.request.stopped_at)

    def _activity(self, stage, found):
        day = self.request.activity_on
        if day is None or stage == Stage.CONFIRM:
            return
        values = {"day": date_format(day), "activity": self._activities_on(day)}
        if found.latest is None:
            yield Line(
                _("The activity on %(day)s%(activity)s was over when this clock began, and limits nothing") % values
            )
        elif self._day(found.latest) == day:
            yield Line(_("No later than the end of office hours on the day of the activity itself, %(day)s%(activity)s")
                       % values, found.latest)  # fmt: skip
        else:
            yield Line(_("No later than the end of office hours on the day before the activity on %(day)s%(activity)s")
                       % values, found.latest)  # fmt: skip

    def _activities_on(self, day):
        """Those of that day that the reader may know of, in brackets; "" if there are none."""
        named = [
            f"{each['number']} {each['method']}, {each['place']}"
            for each in self.activities
            if self._day(datetime.fromisoformat(each["starts_at"])) == day
        ]
        return f" ({'; '.join(named)})" if named else ""

    def _nobody_in_charge(self, stage):
        if stage == Stage.ANSWER and stage in self.running and self.request.state != State.SUBMITTED:
            yield Line(_("Nobody is in charge yet: until then it does not count as answered"))

    def _may_move(self, found):
        for year in self._incomplete:
            if self._day(found.start).year <= year <= self._day(found.prolonged).year:
                yield Line(_("The decree on holidays and joint leave of %(year)s is not known yet: this deadline may "
                             "still move") % {"year": year})  # fmt: skip

    @cached_property
    def _incomplete(self):
        first = min(self._day(found.start).year for found in self.reckoned.values())
        last = max(self._day(found.prolonged).year for found in self.reckoned.values())
        return calendars.incomplete_years(range(first, last + 1))

    def _missed(self, stage, start):
        for row in self.request.missed_deadlines.all():
            if (row.stage, row.started_at) != (stage, start):
                continue
            if row.raised_to:
                yield Line(_("Missed: %(office)s was informed by itself") % {"office": row.raised_to}, row.noticed_at)
            else:
                yield Line(_("Missed, and no further office above that could be informed: an alarm"), row.noticed_at)


def _weekends(days):
    """The days of weekends as spans; many of them as a number."""
    spans = []
    for day in days:
        if spans and day - spans[-1][-1] == DAY:
            spans[-1].append(day)
        else:
            spans.append([day])
    if len(spans) > WEEKENDS_NAMED:
        return _("%(number)s of them from %(first)s to %(last)s") % {
            "number": len(spans), "first": date_format(days[0]), "last": date_format(days[-1]),
        }  # fmt: skip
    return ", ".join(_span(span[0], span[-1]) for span in spans)


def _span(first, last):
    """28–29 November 2026, or a day alone."""
    if first == last:
        return date_format(first)
    begin = first.day if (first.year, first.month) == (last.year, last.month) else date_format(first)
    return f"{begin}–{date_format(last)}"


def _hours(spans):
    return f"{spans[0][0]:%H.%M}–{spans[-1][1]:%H.%M}"

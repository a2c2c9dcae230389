"""Requests that random legal steps have moved over the last months, and how many minutes are worked between two
moments, counted one by one."""

from datetime import datetime, timedelta

from coordination.requests.choices import Measure, Outcome, State
from coordination.requests.tests.factories import VALUES, coordination_request, lead
from coordination.requests.workflow import available_steps, perform

MOST_STEPS, LONGEST_PAUSE = 10, 5 * 24 * 60
# What ends or redirects a request comes seldom, so that many come further.
WEIGHTS = dict.fromkeys(("withdraw", "decline", "forward", "return"), 1) | dict.fromkeys(("start", "resolve"), 12)


def walk(dice, code, now, *, days=400):
    """A request from this village, submitted in the last `days` and moved by random steps up to `now`.

    Every step falls on a whole minute. Offices above need somebody to go to: make a lead for each of them first.
    """
    regency = code[:5]
    filer, handler = lead("kpu", regency), lead("kominfo", regency)
    item = coordination_request(State.DRAFT, code, filer=filer, handler=handler)
    at = now.replace(second=0, microsecond=0) - timedelta(minutes=dice.randrange(days * 24 * 60))
    item = perform(item, "submit", actor=filer, version=item.version, at=at)
    for _ in range(dice.randint(1, MOST_STEPS)):
        at += timedelta(minutes=dice.randint(1, LONGEST_PAUSE))
        people = [filer, item.handling_office.officials.filter(role="lead").first()]
        steps = [(person, step.verb) for person in people for step in available_steps(item, person, at)]
        if at > now or not steps:
            break
        person, verb = dice.choices(steps, [WEIGHTS.get(step[1], 4) for step in steps])[0]
        item = perform(item, verb, actor=person, version=item.version, values=_values(dice, verb, person), at=at)
    return item


def _values(dice, verb, person):
    if verb == "assign":
        return {"person_in_charge": person}
    if verb == "resolve":
        measures = dice.sample(Measure.values, dice.randint(1, 3))
        return VALUES["resolve"] | {"outcome": dice.choice(Outcome.values), "measures": measures}
    return VALUES[verb]


class Minutes:
    """Counts the working minutes of a calendar one by one."""

    def __init__(self, calendar):
        self.calendar, self._days = calendar, {}

    def between(self, start, end):
        """How many whole minutes of work begin at `start` or later and before `end`."""
        there, last = start.astimezone(self.calendar.tz).date(), end.astimezone(self.calendar.tz).date()
        total = 0
        while there <= last:
            total += sum(start <= minute < end for minute in self._of(there))
            there += timedelta(days=1)
        return total

    def _of(self, day):
        if day not in self._days:
            midnight = datetime.combine(day, datetime.min.time(), self.calendar.tz)
            every = [midnight + timedelta(minutes=number) for number in range(24 * 60)]
            hours = self.calendar.hours(day) if self.calendar.is_working_day(day) else ()
            self._days[day] = [one for one in every if any(a <= one.time() < b for a, b in hours)]
        return self._days[day]

"""Moments in the office hours of the last weeks, so that the demonstration looks worked on by people."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

JAKARTA = "Asia/Jakarta"
# Before this nothing of the day can have happened yet; it then counts as one to come.
FIRST_ACTS = time(9)


class Diary:
    """The last working days up to `now`, the newest first."""

    def __init__(self, now, days, calendar):
        self.now = now
        self.calendar = calendar
        there = now.astimezone(ZoneInfo(JAKARTA))
        day = there.date() if there.time() >= FIRST_ACTS else there.date() - timedelta(days=1)
        self.days = []
        while len(self.days) < days:
            if self.calendar.is_working_day(day):
                self.days.append(day)
            day -= timedelta(days=1)

    def moment(self, back, fraction, zone):
        """A moment `back` working days ago: 0.0 at the opening, 1.0 at the close, never later than now."""
        day = self.days[back]
        opens = datetime.combine(day, self.calendar.hours(day)[0][0], ZoneInfo(zone))
        closes = min(self._closing(day, zone), self.now)
        moment = opens + (closes - opens) * fraction
        return moment.replace(second=0, microsecond=0)

    def evenings(self):
        """An hour after the close of each day, the oldest first, as far as it has passed."""
        after = [self._closing(day, JAKARTA) + timedelta(hours=1) for day in reversed(self.days)]
        return [moment for moment in after if moment <= self.now]

    def _closing(self, day, zone):
        return datetime.combine(day, self.calendar.hours(day)[-1][1], ZoneInfo(zone))

"""Moments in the office hours of the last weeks, so that the demonstration looks worked on by people."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from coordination.common import working_time

OPENING = time(7, 30)
JAKARTA = "Asia/Jakarta"
# Before this nothing of the day can have happened yet; it then counts as one to come.
FIRST_ACTS = time(9)


class Diary:
    """The last working days up to `now`, the newest first."""

    def __init__(self, now, days):
        self.now = now
        there = now.astimezone(ZoneInfo(JAKARTA))
        day = there.date() if there.time() >= FIRST_ACTS else there.date() - timedelta(days=1)
        self.days = []
        while len(self.days) < days:
            if working_time.is_working_day(day):
                self.days.append(day)
            day -= timedelta(days=1)

    def moment(self, back, fraction, zone):
        """A moment `back` working days ago: 0.0 at the opening, 1.0 at the close, never later than now."""
        day = self.days[back]
        opens = datetime.combine(day, OPENING, ZoneInfo(zone))
        closes = min(working_time.closing(day, zone), self.now)
        moment = opens + (closes - opens) * fraction
        return moment.replace(second=0, microsecond=0)

    def evenings(self):
        """An hour after the close of each day, the oldest first, as far as it has passed."""
        after = [working_time.closing(day, JAKARTA) + timedelta(hours=1) for day in reversed(self.days)]
        return [moment for moment in after if moment <= self.now]

"""When a mail may leave: within the working time of the addressee's office, on its own clocks."""

from datetime import datetime, time, timedelta

from coordination.notifications.choices import Timing
from coordination.workdays.calendars import Calendars

DAILY_AT = time(7, 30)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Hours:
    """The working times of all regions, read once for any number of people."""

    def __init__(self):
        self._calendars = Calendars()

    def leaves_at(self, person, timing, now):
        """The moment at which a mail of this timing leaves for this person."""
        calendar = self._calendars.of(person.office and person.office.region)
        if timing == Timing.DAILY:
            return next_morning(calendar, now)
        return calendar.next_opening(next_full_hour(now) if timing == Timing.HOURLY else now)


def next_full_hour(now):
    """The next full hour; those of Indonesia's zones are full hours of UTC too."""
    return now.replace(minute=0, second=0, microsecond=0) + HOUR


def next_morning(calendar, now):
    """07.30 of the next working day there, today's if that is still to come; in Ramadan too, when work begins later."""
    day = now.astimezone(calendar.tz).date()
    while True:
        moment = datetime.combine(day, DAILY_AT, calendar.tz)
        if moment > now and calendar.is_working_day(day):
            return moment
        day += DAY

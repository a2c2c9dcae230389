"""manage.py seed_calendar: adds holidays and joint leave that the installed package knows and the calendar lacks."""

from django.core.management.base import BaseCommand

from coordination.workdays import calendars, seeding
from coordination.workdays.models import CalendarYear, DayOff, Ramadan


class Command(BaseCommand):
    help = "Adds the holidays and days of joint leave that the calendar lacks; changes nothing that is there."

    def handle(self, **options):
        added = calendars.change(lambda: seeding.seed(DayOff, CalendarYear, Ramadan))
        self.stdout.write(f"{added} days added")

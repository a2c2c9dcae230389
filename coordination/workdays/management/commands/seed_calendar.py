"""manage.py seed_calendar: brings the holidays and joint leave that the installed package knows."""

from django.core.management.base import BaseCommand

from coordination.workdays import calendars, seeding
from coordination.workdays.models import CalendarYear, DayOff, Ramadan


class Command(BaseCommand):
    help = "Brings the holidays and days of joint leave of the installed package; leaves what an admin changed."

    def handle(self, **options):
        added = calendars.change(lambda: seeding.seed(DayOff, CalendarYear, Ramadan))
        self.stdout.write(f"{added} days added")

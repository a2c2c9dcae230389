from pathlib import Path

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from coordination.regions.loading import REFERENCE, load


class Command(BaseCommand):
    help = "Brings the regions to the state of the shipped reference; does nothing when they are. Silent with -v 0."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=REFERENCE, help="another edition of the reference")

    def handle(self, folder, verbosity, **options):
        def say(text):
            if verbosity:
                self.stdout.write(f"regions: {text}")

        counts = load(folder, say=lambda step: say(f"{step} …"))
        if any(counts.values()):
            say(", ".join(f"{number} {what}" for what, number in counts.items()))
            app.configure_task("forecast.refresh").defer(path="")  # places and clocks may be others now
        else:
            say("nothing to do, the reference is loaded")

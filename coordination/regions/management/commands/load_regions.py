from pathlib import Path

from django.core.management.base import BaseCommand

from coordination.regions.loading import REFERENCE, load


class Command(BaseCommand):
    help = "Brings the regions to the state of the shipped reference; does nothing when they are already."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=REFERENCE, help="another edition of the reference")

    def handle(self, folder, **options):
        counts = load(folder, say=lambda text: self.stdout.write(f"regions: {text} …"))
        if not any(counts.values()):
            self.stdout.write("regions: nothing to do, the reference is loaded")
            return
        self.stdout.write("regions: " + ", ".join(f"{number} {what}" for what, number in counts.items()))

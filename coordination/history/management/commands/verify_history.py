from django.core.management.base import BaseCommand, CommandError

from coordination.history.models import Event
from coordination.history.recording import faults


class Command(BaseCommand):
    help = "Checks the chain of the history and names every event that was changed, removed or reordered."

    def handle(self, **options):
        found = list(faults())
        for fault in found:
            self.stderr.write(fault)
        last = Event.objects.order_by("-sequence").first()
        head = f"{last.sequence} {last.hash}" if last else "0"
        if found:
            raise CommandError(f"The history is broken in {len(found)} places. Head: {head}")
        self.stdout.write(f"The history is whole. Head: {head}")

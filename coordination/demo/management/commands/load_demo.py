from django.core.management.base import BaseCommand, CommandError

from coordination.demo.loading import Refused, load


class Command(BaseCommand):
    help = "Loads the demonstration into a portal without accounts (PORTAL_DEMO=True); does nothing a second time."

    def handle(self, **options):
        try:
            done = load(say=lambda text: self.stdout.write(f"demo: {text}"))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if not done:
            self.stdout.write("demo: nothing to do, the demonstration is loaded")

from django.core.management.base import BaseCommand, CommandError

from coordination.campaigns.loading import ListFault, load


class Command(BaseCommand):
    help = "Brings the elections and their contests to the state of the shipped lists; load_regions comes first."

    def handle(self, **options):
        try:
            loaded = load()
        except ListFault as fault:
            raise CommandError(str(fault)) from fault
        for slug, number in loaded.items():
            self.stdout.write(f"elections: {slug}, {number} contests")

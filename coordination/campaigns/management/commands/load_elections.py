from django.core.management.base import BaseCommand, CommandError

from coordination.campaigns.loading import ListFault, load


class Command(BaseCommand):
    help = "Loads the shipped elections with contests, stages and methods; load_regions comes first."

    def add_arguments(self, parser):
        parser.add_argument(
            "--renew", action="store_true", help="also bring elections that stand already back to the shipped lists"
        )

    def handle(self, *, renew, **options):
        try:
            loaded = load(renew=renew)
        except ListFault as fault:
            raise CommandError(str(fault)) from fault
        for slug, number in loaded.items():
            self.stdout.write(f"elections: {slug}, {number} contests")

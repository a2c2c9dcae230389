"""Reads a report of non-delivery from standard input; a mail server pipes them here."""

import sys

from django.core.management.base import BaseCommand

from coordination.notifications import bounces


class Command(BaseCommand):
    help = "Reads a report of non-delivery (RFC 3464) from standard input and marks the address that it tells of."

    def handle(self, *args, **options):
        # A mail server would send a failed report back, so that whatever cannot be read is only said.
        person = bounces.read(sys.stdin.buffer.read(bounces.MOST_BYTES))
        self.stdout.write("The address is marked." if person else "No report about a mail of this portal.")

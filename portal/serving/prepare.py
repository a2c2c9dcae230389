"""Brings an empty or older database to the state that the portal needs; does little when it is there already."""

import os
import sys
import time

import django
from django.core.management import CommandError, call_command

from portal import environment

STEPS = (
    ("settings", "check", {"tags": ["security"]}),
    ("tables", "migrate", {"verbosity": 0}),
    ("cache", "createcachetable", {"verbosity": 0}),
    ("regions of Indonesia", "load_regions", {}),
    ("elections", "load_elections", {}),
    ("holidays", "seed_calendar", {}),
    ("demonstration data", "load_demo", {}),
)


def main():
    """Run the steps in one process, since starting Django takes longer than most of them."""
    os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "0")
    environment.load_or_exit()
    django.setup()
    for name, command, options in STEPS:
        begin = time.monotonic()
        print(f"  {name} …", flush=True)
        try:
            call_command(command, **options)
        except CommandError as error:
            return str(error)
        print(f"  {name}: {time.monotonic() - begin:.1f} s", flush=True)
    return None


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    sys.exit(main())

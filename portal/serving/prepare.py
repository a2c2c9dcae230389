"""Brings an empty or older database to the state that the portal needs; does little when it is there already."""

import hashlib
import os
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command

from portal import environment

STEPS = (
    ("tables", "migrate", {"verbosity": 0}),
    ("cache", "createcachetable", {"verbosity": 0}),
    ("regions of Indonesia", "load_regions", {}),
    ("elections", "load_elections", {}),
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
        call_command(command, **options)
        print(f"  {name}: {time.monotonic() - begin:.1f} s", flush=True)
    _collect_static()


def _collect_static():
    """Compress the static files, unless neither they nor the packages changed since the last time."""
    from django.conf import settings  # noqa: PLC0415 -- only after django.setup()

    sources = [Path("requirements.txt"), *sorted(path for path in Path("static").rglob("*") if path.is_file())]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = settings.STATIC_ROOT / ".digest"
    if stamp.exists() and stamp.read_text() == digest:
        return
    print("  static files …", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(digest)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    sys.exit(main())

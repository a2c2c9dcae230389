"""Collects and compresses the static files, which takes seconds, only when they or the packages changed."""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def are_current(folder):
    """Whether the folder holds what would be collected now."""
    stamp = Path(folder) / ".digest"
    return stamp.exists() and stamp.read_text() == _digest()


def _digest():
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(path for path in (ROOT / "static").rglob("*") if path.is_file()):
        digest.update(os.fsencode(path.relative_to(ROOT)) + path.read_bytes())
    return digest.hexdigest()


def main():
    """Collect them; started as a process of its own, beside the loading of data."""
    import django  # noqa: PLC0415 - slow, and not needed to find that nothing changed
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    now = _digest()
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    (settings.STATIC_ROOT / ".digest").write_text(now)
    print("  static files: compressed", flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""Times the loading of the region reference and its search. Run on a database of its own:

DATABASE_URL=… python bench/bench_regions.py
"""

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django  # noqa: E402 - after the settings are named

django.setup()

from coordination.regions.loading import load  # noqa: E402
from coordination.regions.models import Region  # noqa: E402

# fmt: off
SEARCHES = [
    "ciwidey", "ciwid", "Kab Bandung", "3204", "32.04", "Toba Samosir", "jawa", "kota", "su", "sumber", "desa a",
    "ciwidey bandung", "91.01", "tidak ada",
]
# fmt: on
RUNS = 40


def timed(call):
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1000


def main():
    first, again = timed(load) / 1000, timed(load) / 1000
    print(f"load: {first:.1f} s; again: {again:.2f} s; {Region.objects.count()} regions")
    print(f"{'search':<26}{'p50 ms':>9}{'p95 ms':>9}  first")
    for text in SEARCHES:
        times = sorted(timed(lambda text=text: list(Region.objects.search(text)[:12])) for _ in range(RUNS))
        p50, p95 = statistics.median(times), times[int(RUNS * 0.95) - 1]
        first = Region.objects.search(text).first()
        print(f"{text:<26}{p50:>9.1f}{p95:>9.1f}  {first and first.full_name}")


if __name__ == "__main__":
    main()

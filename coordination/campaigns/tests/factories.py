"""The true regions and elections for tests, in a size that loads at once."""

import csv
import gzip
import shutil

from coordination.campaigns.loading import load as load_elections
from coordination.campaigns.models import Election
from coordination.regions.loading import REFERENCE
from coordination.regions.loading import load as load_regions

PROVINCE_OR_REGENCY = 5  # the longest code of these two: 32.73


def regions(folder, *, villages_of=()):
    """Load all provinces and regencies of the reference, and all below the regencies of these codes."""
    with gzip.open(REFERENCE / "regions.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    kept = [row for row in rows if len(row[0]) <= PROVINCE_OR_REGENCY or row[0][:PROVINCE_OR_REGENCY] in villages_of]
    with gzip.open(folder / "regions.csv.gz", "wt", encoding="utf-8", newline="", compresslevel=1) as file:
        # Compared by length, so the heading ("code") stays.
        csv.writer(file).writerows(kept)
    for name in ("code_changes.csv", "other_names.csv"):
        shutil.copy(REFERENCE / name, folder)
    load_regions(folder)


def pilkada(folder, **more):
    """The election of 2020 with its regions and contests."""
    regions(folder, **more)
    load_elections()
    return Election.objects.get(slug="pilkada-2020")

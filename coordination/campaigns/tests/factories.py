"""The true regions and elections for tests, in a size that loads at once; and an election made up."""

import csv
import gzip
import shutil
from datetime import date

from coordination.campaigns.loading import load as load_elections
from coordination.campaigns.models import CampaignMethod, Contest, Election, ElectionMethod, Stage
from coordination.regions.loading import REFERENCE
from coordination.regions.loading import load as load_regions
from coordination.regions.tests.factories import region

PROVINCE_OR_REGENCY, DISTRICT = 5, 8  # the longest codes of these: 32.73 and 32.73.01


def regions(folder, *, villages_of=(), districts_of=()):
    """Load all provinces and regencies of the reference, all below the regencies of these codes, and the districts of
    these provinces."""
    with gzip.open(REFERENCE / "regions.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    kept = [
        row
        for row in rows
        if len(row[0]) <= PROVINCE_OR_REGENCY
        or row[0][:PROVINCE_OR_REGENCY] in villages_of
        or len(row[0]) == DISTRICT
        and row[0][:2] in districts_of
    ]
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


def election(*codes, slug="pilkada-uji", year=2030):
    """An election in the regions of these codes: campaign in May, quiet on 1 to 3 June, voting on 4 June."""
    made = Election.objects.create(
        slug=slug, name=f"Pilkada Uji {year}", source="Keputusan 1",
        campaign_from=date(year, 5, 1), campaign_to=date(year, 5, 31), voting_date=date(year, 6, 4),
    )  # fmt: skip
    stage(made, "campaign", "Masa kampanye", date(year, 5, 1), date(year, 5, 31))
    stage(made, "quiet", "Masa tenang", date(year, 6, 1), date(year, 6, 3))
    stage(made, "voting", "Pemungutan suara", date(year, 6, 4), date(year, 6, 4))
    for code in codes:
        Contest.objects.create(election=made, region=region(code), source="daftar", confidence="high")
    return made


def stage(election, kind, name, starts_on, ends_on, confidence="high"):
    return Stage.objects.create(
        election=election, kind=kind, name=name, starts_on=starts_on, ends_on=ends_on, confidence=confidence,
        source="Aturan Pasal 1",
    )  # fmt: skip


def method(election, slug="pertemuan-terbatas", confidence="high", **limits):
    """A method of this election with these limits."""
    made, _created = CampaignMethod.objects.get_or_create(
        slug=slug, defaults={"letter": "a", "name": "Pertemuan terbatas", "meets_online": True}
    )
    ElectionMethod.objects.create(
        election=election, method=made, confidence=confidence, source="Aturan Pasal 2", **limits
    )
    return made

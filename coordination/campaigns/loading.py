"""Brings the elections and their contests to the state of the lists in data/ (docs/data.md has their sources)."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.campaigns.models import Contest, Election
from coordination.campaigns.queries import voting_regencies
from coordination.common.errors import DomainError
from coordination.regions.models import Level, Region

DATA = Path(__file__).parent / "data"
FIRST_CITY = 71  # cities are numbered from 71 within their province


class ListFault(DomainError):
    """A list contradicts itself or the regions; nothing of it was loaded."""


@transaction.atomic
def load(folder=DATA):
    """Load all elections of `folder`, in place and all or nothing. Returns {slug: number of contests}.

    Contests and elections that somebody added by hand stay. Raises ListFault when a code resolves to no region or to
    another than the list says, or when the counts are not those that were published.
    """
    contests, governor_only = _read(folder / "contests.csv"), _read(folder / "governor_only.csv")
    loaded = {}
    for row in _read(folder / "elections.csv"):
        slug = row["slug"]
        election = _save_election(row)
        regions = _save_contests(election, [contest for contest in contests if contest["election"] == slug])
        _check_counts(row, regions)
        _check_voting(row, election, set(regions), [place for place in governor_only if place["election"] == slug])
        loaded[slug] = len(regions)
    return loaded


def _read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _save_election(row):
    fields = {name: date.fromisoformat(row[name]) for name in ("voting_date", "campaign_from", "campaign_to")}
    fields |= {"name": row["name"], "source": row["source"]}
    election, _created = Election.objects.update_or_create(slug=row["slug"], defaults=fields)
    return election


def _save_contests(election, rows):
    """Write the contests in one statement. Returns their regions in the order of the list."""
    regions = [_region_of(row) for row in rows]
    Contest.objects.bulk_create(
        [
            Contest(election=election, region=region, source=row["source"], confidence=row["confidence"])
            for row, region in zip(rows, regions, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["election", "region"],
        update_fields=["source", "confidence"],
    )
    return regions


def _region_of(row):
    """The region of a row, found by the code it had then, which must lead to the code it has now."""
    region = _resolve(row["code_then"])
    same = row["code_then"] == row["code"] or region == _resolve(row["code"])
    if not same or _kind(region) != row["kind"]:
        raise ListFault(
            _("%(name)s: %(then)s leads to %(region)s, %(now)s to another region or kind.")
            % {"name": row["name"], "then": row["code_then"], "region": region, "now": row["code"]}
        )
    return region


def _resolve(code):
    try:
        return Region.objects.resolve(code)
    except Region.DoesNotExist as error:
        raise ListFault(
            _("No region has or had the code %(code)s. Load the regions first.") % {"code": code}
        ) from error


def _kind(region):
    """province, regency or city; the level for anything below."""
    if region.level != Level.REGENCY:
        return "province" if region.level == Level.PROVINCE else region.get_level_display()
    return "city" if int(region.code[-2:]) >= FIRST_CITY else "regency"


def _check_counts(row, regions):
    found = Counter(_kind(region) for region in set(regions))
    wanted = {"province": row["provinces"], "regency": row["regencies"], "city": row["cities"]}
    if any(found[kind] != int(number) for kind, number in wanted.items()):
        raise ListFault(
            _("%(election)s: the contests are %(found)s instead of %(wanted)s.")
            % {"election": row["slug"], "found": dict(found), "wanted": wanted}
        )


def _check_voting(row, election, listed, governor_only):
    """The regencies of the governors' provinces that had no contest of their own must be those of the second list."""
    only = {_resolve(place["code_then"]) for place in governor_only}
    number = sum(region.level == Level.REGENCY for region in listed | only)
    own = {contest.region for contest in election.contests.select_related("region")}
    if number != int(row["voting_regencies"]) or set(voting_regencies(election)) - own != only - own:
        raise ListFault(
            _("%(election)s: %(number)s regencies and cities voted by these lists, %(wanted)s were published.")
            % {"election": row["slug"], "number": number, "wanted": row["voting_regencies"]}
        )

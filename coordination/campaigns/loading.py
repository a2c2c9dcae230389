"""Brings the elections to the state of the lists in data/ (docs/data.md has their sources)."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from coordination.campaigns.models import CampaignMethod, Contest, Election, ElectionMethod, Stage
from coordination.campaigns.queries import voting_regencies
from coordination.common.errors import DomainError
from coordination.regions.models import Level, Region

DATA = Path(__file__).parent / "data"
FIRST_CITY = 71  # cities are numbered from 71 within their province
YES = "yes"
CODES = ("code_then", "code")
STAGE_FIELDS = ("name", "starts_on", "ends_on", "source", "confidence")
TEXTS, DAYS, ANSWERS = (
    ("note", "source", "confidence"),
    ("from_date", "to_date"),
    ("allowed", "online_first", "online_only"),
)


class ListFault(DomainError):
    """A list contradicts itself or the regions; nothing of it was loaded."""


@transaction.atomic
def load(folder=DATA, *, renew=False):
    """Load all elections of `folder`, in place and all or nothing. Returns {slug: number of contests}.

    An election that has its stages already is left as it is, since admins keep it; `renew` brings its rows back to
    the lists. What somebody added by hand stays. Raises ListFault when a code resolves to no region or to another than
    the list says, when the counts are not those that were published, or when a stage contradicts its election.
    """
    lists = {
        name: _read(folder / f"{name}.csv") for name in ("contests", "governor_only", "stages", "election_methods")
    }
    methods = _save_methods(_read(folder / "methods.csv"), renew)
    loaded = {}
    for row in _read(folder / "elections.csv"):
        slug = row["slug"]
        election = Election.objects.filter(slug=slug).first()
        if renew or election is None or not election.stages.exists():
            election = _load_one(row, {name: _of(slug, rows) for name, rows in lists.items()}, methods)
        loaded[slug] = election.contests.count()
    return loaded


def _of(slug, rows):
    return [row for row in rows if row["election"] == slug]


def _load_one(row, lists, methods):
    """Write an election with everything that the lists have of it."""
    election = _save_election(row)
    regions = _save_contests(election, lists["contests"])
    _check_counts(row, regions)
    _check_voting(row, election, set(regions), lists["governor_only"])
    _save_stages(election, lists["stages"])
    _save_election_methods(election, lists["election_methods"], methods)
    return election


def _read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _save_election(row):
    fields = {name: _day(row[name]) for name in ("voting_date", "campaign_from", "campaign_to")}
    fields |= {"name": row["name"], "source": row["source"]}
    election, _created = Election.objects.update_or_create(slug=row["slug"], defaults=fields)
    return election


def _save_contests(election, rows):
    """Write the contests in one statement. Returns their regions in the order of the list."""
    known = Region.objects.in_bulk({row[name] for row in rows for name in CODES}, field_name="code")
    regions = [_region_of(row, known) for row in rows]
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


def _save_stages(election, rows):
    days = ("starts_on", "ends_on")
    stages = [Stage(**row | {"election": election} | {name: _day(row[name]) for name in days}) for row in rows]
    try:
        for stage in stages:
            stage.clean()
        Stage.objects.bulk_create(
            stages, update_conflicts=True, unique_fields=["election", "kind"], update_fields=STAGE_FIELDS
        )
    except (ValidationError, IntegrityError) as error:
        raise ListFault(f"{election}: {error}") from error


def _save_methods(rows, renew):
    """Write the methods that are missing; all of them when renewing. Returns {slug: method}."""
    write = CampaignMethod.objects.update_or_create if renew else CampaignMethod.objects.get_or_create
    methods = {}
    for row in rows:
        fields = {"letter": row["letter"], "name": row["name"], "meets_online": row["meets_online"] == YES}
        methods[row["slug"]], _created = write(slug=row["slug"], defaults=fields)
    return methods


def _save_election_methods(election, rows, methods):
    ElectionMethod.objects.bulk_create(
        [ElectionMethod(election=election, method=methods[row["method"]], **_rule(row)) for row in rows],
        update_conflicts=True,
        unique_fields=["election", "method"],
        update_fields=[*TEXTS, *DAYS, *ANSWERS, "most_people"],
    )


def _rule(row):
    """The fields of a method's row; what is empty is not limited."""
    texts, days = {name: row[name] for name in TEXTS}, {name: _day(row[name]) for name in DAYS}
    answers = {name: row[name] == YES for name in ANSWERS}
    return {**texts, **days, **answers, "most_people": int(row["most_people"]) if row["most_people"] else None}


def _day(text):
    return date.fromisoformat(text) if text else None


def _region_of(row, known):
    """The region of a row, found by the code it had then, which must lead to the code it has now."""
    region, now = (known.get(row[name]) or _resolve(row[name]) for name in CODES)
    if region != now or _kind(region) != row["kind"]:
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

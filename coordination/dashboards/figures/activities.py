"""Figures of activities, by election. What is cancelled does not count."""

from django.db.models import Count, Q
from django.db.models.functions import Left

from coordination.campaigns.models import (
    FACE_TO_FACE,
    ONLINE,
    CampaignActivity,
    CandidatePair,
    Election,
    campaigns,
)
from coordination.campaigns.queries import voting_regencies
from coordination.dashboards.figures.places import within

REGENCY = len("32.73.")


def figures(path, now):
    """{"elections": {key of an election as text: its figures}} of the elections of which something takes place there.

    - methods: {key of the method as text: [activities, those of them held online]}
    - face_to_face: how many activities are held face to face
    - pairs: [candidate pairs that stand for the region or one below, those with an activity, those with one online]
    - regencies: {path: [level that it shows or "", activities, online, face to face]} of each regency that votes
    """
    counts = _counts(path)
    elections = Election.objects.in_bulk({election for election, *_rest in counts})
    return {
        "elections": {str(key): _of(election, path, [row[1:] for row in counts if row[0] == key])
                      for key, election in elections.items()}
    }  # fmt: skip


def _counts(path):
    """[(election, method, path of the regency or of what is above it, activities, online, face to face)]"""
    rows = within(CampaignActivity.objects.taking_place().order_by(), path)
    return list(
        rows.annotate(part=Left("region__path", REGENCY))
        .values_list("election", "method", "part")
        .annotate(number=Count("pk"), online=Count("pk", filter=ONLINE), met=Count("pk", filter=FACE_TO_FACE))
    )


def _of(election, path, counts):
    methods, places = {}, {}
    for method, part, number, online, met in counts:
        _add(methods, str(method), (number, online))
        _add(places, part, (number, online, met))
    levels = voting_regencies(election).filter(path__startswith=path).values_list("path", "network__level")
    return {
        "methods": methods,
        "face_to_face": sum(met for *_rest, met in counts),
        "pairs": _pairs(election, path),
        "regencies": {of: [level or "", *places.get(of, (0, 0, 0))] for of, level in levels},
    }


def _add(sums, key, numbers):
    sums[key] = [a + b for a, b in zip(sums.get(key, [0] * len(numbers)), numbers, strict=True)]


def _pairs(election, path):
    pairs = CandidatePair.objects.filter(contest__election=election, contest__region__path__startswith=path)
    counts = pairs.aggregate(
        standing=Count("pk"),
        active=Count("pk", filter=Q(campaigns())),
        online=Count("pk", filter=Q(campaigns(ONLINE))),
    )
    return [counts["standing"], counts["active"], counts["online"]]

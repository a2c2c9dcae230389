"""Reads that need elections and regions together."""

from django.db.models import Exists, OuterRef, Q

from coordination.campaigns.models import Contest
from coordination.regions.models import EarlierCode, Level, Region


def voting_regencies(election):
    """The regencies and cities in which a vote was held: for their own head, or for the governor of their province.

    The province is the one they lay in on voting day: regencies that a later law moved to a new province still voted
    for the governor of the old one, and those that came from elsewhere did not.
    """
    day = election.voting_date
    code_then = EarlierCode.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day), region=OuterRef("pk"), valid_to__gte=day
    )
    contests = Contest.objects.filter(election=election)
    for_governor = Q(pk__in=[])
    for province in contests.filter(region__level=Level.PROVINCE).select_related("region"):
        there_then = Exists(code_then.filter(code__startswith=province.region.path))
        for_governor |= Q(there_then) | Q(path__startswith=province.region.path) & ~Exists(code_then)
    existed = Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
    own = Exists(contests.filter(region=OuterRef("pk")))
    return Region.objects.filter(Q(own) | for_governor, *existed, level=Level.REGENCY)

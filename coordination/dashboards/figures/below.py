"""What the map shows of each part of a region."""

from django.db.models import Count
from django.db.models.functions import Left

from coordination.campaigns.models import CampaignActivity
from coordination.dashboards.figures.places import within
from coordination.forecast.queries import soon_at_risk
from coordination.obstacles.models import Obstacle
from coordination.regions.models import Level
from coordination.requests.models import CoordinationRequest

# Of those paths, such as "32.73." and "32.73.01.".
LENGTHS = {Level.REGENCY: 6, Level.DISTRICT: 9}


def figures(path, now):
    """{path: [standing obstacles of the network, activities at risk soon, requests past their deadline]}.

    By regencies of the country, by districts of anything else; what names no such part stands under the path of what
    it names. Parts without any are left out.
    """
    length = LENGTHS[Level.DISTRICT if path else Level.REGENCY]
    kinds = (
        Obstacle.objects.standing().of_the_network(),
        soon_at_risk(CampaignActivity.objects.all(), now),
        CoordinationRequest.objects.overdue(now),
    )
    found = {}
    for place, rows in enumerate(kinds):
        rows = within(rows, path).order_by()
        for part, number in rows.values_list(Left("region__path", length)).annotate(number=Count("pk")):
            found.setdefault(part, [0] * len(kinds))[place] = number
    return found

"""Reads that span what people can be told of."""

from coordination.campaigns.models import CampaignActivity
from coordination.history.models import Event
from coordination.networks.models import PlannedOutage
from coordination.obstacles.models import Obstacle
from coordination.offices.models import Office, Official
from coordination.requests.models import CoordinationRequest


def visible_subjects(user):
    """For a GenericPrefetch of what events are about: what a person was told may have moved out of sight since, and
    only what is visible now is named."""
    return [
        CoordinationRequest.objects.visible_to(user).select_related("region"),
        Obstacle.objects.visible_to(user).select_related("region"),
        CampaignActivity.objects.visible_to(user).select_related("region", "method"),
        PlannedOutage.objects.visible_to(user).prefetch_related("regions"),
        Office.objects.visible_to(user),
        Official.objects.visible_to(user),
    ]


def readable_events(user, events):
    """The keys of those events that the user may read; whether their subjects are visible is another question."""
    rows = Event.objects.filter(pk__in=[event.pk for event in events]).readable_by(user)
    return set(rows.order_by().values_list("pk", flat=True))

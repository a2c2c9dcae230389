"""The inbox of an official."""

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import Count, Max
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from coordination.campaigns.models import CampaignActivity
from coordination.common.paging import page
from coordination.networks.models import PlannedOutage
from coordination.notifications.models import Notification
from coordination.obstacles.models import Obstacle
from coordination.offices.models import Office, Official
from coordination.requests.models import CoordinationRequest


@require_GET
def inbox(request):
    # What a person was told may have moved out of sight since: only what is visible now is named.
    subjects = [
        CoordinationRequest.objects.visible_to(request.user).select_related("region"),
        Obstacle.objects.visible_to(request.user).select_related("region"),
        CampaignActivity.objects.visible_to(request.user).select_related("region", "method"),
        PlannedOutage.objects.visible_to(request.user).prefetch_related("regions"),
        Office.objects.visible_to(request.user),
        Official.objects.visible_to(request.user),
    ]
    rows = (
        Notification.objects.of(request.user)
        .select_related("event__actor")
        .prefetch_related(GenericPrefetch("event__subject", subjects))
    )
    unread = Notification.objects.of(request.user).unread().aggregate(count=Count("pk"), newest=Max("pk"))
    found = page(rows, "created_at", cursor=request.GET.get("dari", ""))
    return render(
        request, "notifications/list.html", {"page": found, "unread": unread["count"], "newest": unread["newest"]}
    )


@require_POST
def read_all(request):
    """Those that the page showed or stood behind it; what came since stays new."""
    seen = request.POST.get("sampai", "")
    if seen.isdecimal() and len(seen) < 19:
        Notification.objects.of(request.user).filter(pk__lte=int(seen)).mark_read()
    return redirect("notifications:list")

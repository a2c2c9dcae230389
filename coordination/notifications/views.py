"""The inbox of an official."""

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from coordination.common.paging import page
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
        Office.objects.visible_to(request.user),
        Official.objects.visible_to(request.user),
    ]
    rows = (
        Notification.objects.of(request.user)
        .select_related("event__actor")
        .prefetch_related(GenericPrefetch("event__subject", subjects))
    )
    found = page(rows, "created_at", cursor=request.GET.get("dari", ""))
    unread = Notification.objects.of(request.user).unread().count()
    return render(request, "notifications/list.html", {"page": found, "unread": unread})


@require_POST
def read_all(request):
    Notification.objects.of(request.user).unread().update(read_at=timezone.now())
    return redirect("notifications:list")

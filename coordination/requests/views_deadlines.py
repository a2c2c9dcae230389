"""Pages about deadlines: how those of a request came about, and how late which office was."""

from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from coordination.requests.explaining import explain
from coordination.requests.models import CoordinationRequest, MissedDeadline
from coordination.requests.queries import served_activities


@require_GET
def deadlines(request, slug):
    """Why the deadlines of a request are when they are."""
    visible = CoordinationRequest.objects.visible_to(request.user).select_related("region", "raised_to")
    item = get_object_or_404(visible.annotate(serves=served_activities(request.user)).named(slug))
    if slug != item.slug:
        return redirect("requests:deadlines", item.slug)
    missed = MissedDeadline.objects.select_related("office", "raised_to").order_by("due_at", "pk")
    prefetch_related_objects([item], Prefetch("missed_deadlines", missed))
    context = {"item": item, "explanations": explain(item, item.serves, request.user)}
    return render(request, "requests/deadlines.html", context)

"""Figures of a region: requests, obstacles, activities, each with the list behind it."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from coordination.campaigns.models import sees_pairs
from coordination.dashboards import mapping
from coordination.dashboards.choices import Share
from coordination.dashboards.keeping import figures_for
from coordination.dashboards.sections import activities, obstacles, requests
from coordination.dashboards.views import find_or_404
from coordination.offices.jurisdiction import Jurisdiction


@require_GET
def dashboard(request, code=None):
    """The figures of a region; without a code of the widest that the reader's office answers for."""
    found = find_or_404(request.user, code) if code else request.user.office and request.user.office.region
    if found and found.level not in mapping.SHOWN:
        return redirect(found)
    if code and found.code != code:
        return redirect("region_dashboard", found.code)
    kept = figures_for(request.user, found)
    context = {
        "region": found,
        "kept": kept,
        "requests": requests.section(found, kept.figures["requests"]),
        "obstacles": obstacles.section(found, kept.figures["obstacles"]),
        "activities": activities.section(found, kept.figures["activities"], request.GET.get("pemilihan", "")),
        "shares": Share.labels,
        "sees_pairs": sees_pairs(request.user),
    }
    return render(request, "dashboards/dashboard.html", context | _above(request.user, found))


def _above(user, region):
    """What lies above the region, if the reader may see its figures too."""
    jurisdiction = Jurisdiction.of(user)
    if region is None or region.parent is None:
        return {"of_the_country": region is not None and jurisdiction.everywhere}
    return {"above": region.parent if jurisdiction.covers(region.parent) else None}

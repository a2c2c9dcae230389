"""Pages about regions: find within the jurisdiction, read, show."""

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from coordination.dashboards import mapping, queries
from coordination.dashboards.choices import Only
from coordination.regions.models import Region


@require_GET
def regions(request):
    text = request.GET.get("q", "").strip()
    own = request.user.office.region if request.user.office else None
    found = queries.search(request.user, text, queries.FOUND + 1) if text else []
    return render(
        request,
        "dashboards/regions.html",
        {
            "text": text[:100],
            "found": found[: queries.FOUND],
            "more": len(found) > queries.FOUND,
            "own": own,
            "page": None if text else queries.children_of(own, request.GET.get("dari", "")),
        },
    )


@require_GET
def region_search(request):
    """Suggestions while somebody types: {"results": [{"code", "name"}]}, at most ten."""
    found = queries.search(request.user, request.GET.get("q", ""), queries.SUGGESTED)
    return JsonResponse({"results": [{"code": region.code, "name": region.full_name} for region in found]})


def find_or_404(user, code, regions=None):
    """The region of this code, of `regions` if these are given, or 404 for whoever may not know of it."""
    try:
        return queries.find(user, code, regions)
    except Region.DoesNotExist:
        raise Http404 from None


@require_GET
def region(request, code):
    found = find_or_404(request.user, code, queries.described())
    if found.code != code:
        # Not permanent: a browser would keep it beyond this person's session, and codes can be given out anew.
        return redirect(found)
    shown = queries.region_page(request.user, found, request.GET.get("dari", ""))
    return render(request, "dashboards/region.html", {"shown": shown, "region": found, "page": shown.children})


@require_GET
def map_page(request, code=None):
    """The map of what lies below a region; without a code of the widest that the reader's office answers for."""
    found = find_or_404(request.user, code) if code else request.user.office and request.user.office.region
    if found and found.level not in mapping.SHOWN:
        return redirect(found)
    if code and found.code != code:
        return redirect("region_map", found.code)
    only = request.GET.get("hanya", "")
    only = only if only in Only else ""
    shown = mapping.map_of(request.user, found, only)
    return render(
        request, "dashboards/map.html", {"map": shown, "region": found, "only": only, "choices": Only.choices}
    )

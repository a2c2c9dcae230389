"""Pages about regions: find within the jurisdiction, read, show."""

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from coordination.dashboards import queries
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


@require_GET
def region(request, code):
    try:
        found = queries.find(request.user, code)
    except Region.DoesNotExist:
        raise Http404 from None
    if found.code != code:
        # Not permanent: a browser would keep it beyond this person's session, and codes can be given out anew.
        return redirect(found)
    shown = queries.region_page(request.user, found, request.GET.get("dari", ""))
    return render(request, "dashboards/region.html", {"shown": shown, "region": found, "page": shown.children})

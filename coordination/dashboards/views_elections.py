"""The lists behind the figures of an election: the regencies that vote in it, and the candidates who stand."""

from django.db.models import OuterRef
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coordination.campaigns.models import ONLINE, CampaignActivity, CandidatePair, sees_pairs
from coordination.common.paging import Page, page
from coordination.dashboards import mapping
from coordination.dashboards.choices import Share
from coordination.dashboards.keeping import figures_for
from coordination.dashboards.queries import Number
from coordination.dashboards.sections.activities import LEVELS, UNMEASURED, RegencyLine, elections_of, regencies_of
from coordination.dashboards.views import find_or_404
from coordination.regions.models import Region

REGENCIES_A_PAGE = 50
LONGEST_POSITION = 5  # digits
# What the list of candidates can be narrowed to, in addresses.
ACTIVE, ACTIVE_ONLINE = "kegiatan", "daring"


@require_GET
def regencies(request, code=None):
    """The regencies of a region that vote in an election, with what takes place there, by level and share online."""
    region, figures = _of(request, code)
    elections, election = elections_of(figures, request.GET.get("pemilihan", ""))
    level, share = _level(request.GET.get("tingkat", "")), request.GET.get("porsi", "")
    share = Share(share) if share in Share else None
    without_meeting = request.GET.get("tatap-muka") == "tanpa"
    everywhere = regencies_of(figures, election) if election else []
    rows = [row for row in everywhere if row.fits(level=level, share=share, without_meeting=without_meeting)]
    shown = _page(rows, request.GET.get("dari", ""))
    places = Region.objects.filter(path__in=[row.path for row in shown]).in_bulk(field_name="path")
    context = {
        "region": region, "election": election, "page": shown, "number": len(rows), "in_all": len(everywhere),
        "rows": [RegencyLine.of(places[row.path], row, election) for row in shown], "level": level, "share": share,
        "without_meeting": without_meeting, "is_narrowed": len(rows) != len(everywhere),
    }  # fmt: skip
    return render(request, "dashboards/regencies.html", context)


@require_GET
def pairs(request, code=None):
    """The candidates who stand in a region, for those who may know them; nobody else is told that there is a list."""
    if not sees_pairs(request.user):
        raise Http404
    region, figures = _of(request, code)
    election = elections_of(figures, request.GET.get("pemilihan", ""))[1]
    only = request.GET.get("yang", "")
    only = only if only in (ACTIVE, ACTIVE_ONLINE) else ""
    rows = CandidatePair.objects.visible_to(request.user).filter(contest__election=election)
    rows = rows.filter(contest__region__path__startswith=region.path) if region else rows
    if only:
        rows = rows.campaigning(ONLINE) if only == ACTIVE_ONLINE else rows.campaigning()
    held = CampaignActivity.objects.taking_place().filter(candidate_pair=OuterRef("pk")).order_by()
    counted = rows.select_related("contest__region").annotate(
        number_held=Number(held.values("pk")), online=Number(held.filter(ONLINE).values("pk"))
    )
    context = {
        "region": region,
        "election": election,
        "only": only,
        "page": page(counted, "id", descending=False, cursor=request.GET.get("dari", "")),
        "number": rows.count(),
    }
    return render(request, "dashboards/pairs.html", context)


def _of(request, code):
    """(region, figures of its activities); without a code of the widest that the reader's office answers for."""
    region = find_or_404(request.user, code) if code else request.user.office and request.user.office.region
    kept = figures_for(request.user, region)
    if kept is None or region and region.level not in mapping.SHOWN:
        raise Http404
    return region, kept.figures["activities"]


def _level(text):
    """A level from the address, "" for where nothing is measured, None for all of them."""
    level = "" if text == UNMEASURED else text or None
    return level if level in LEVELS else None


def _page(rows, position):
    """One Page of rows that are all at hand; nobody's position is the first."""
    known = position.isascii() and position.isdecimal() and len(position) <= LONGEST_POSITION
    begin = int(position) if known and int(position) < len(rows) else 0
    end = begin + REGENCIES_A_PAGE
    older, newer = end < len(rows), begin > 0
    return Page(rows[begin:end], str(end) if older else None, str(max(begin - REGENCIES_A_PAGE, 0)) if newer else None)

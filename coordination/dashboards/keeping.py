"""Keeps the figures of regions: whatever the history or the clock changed is counted anew a few minutes later.

A page reads one row, so that it is as quick with a million requests as with a thousand, and says when it was counted.
"""

import time
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from coordination.batches.steps import without_limit
from coordination.campaigns.models import CampaignActivity, ScheduleBatch
from coordination.dashboards.choices import Tier
from coordination.dashboards.figures import EDITION, count
from coordination.dashboards.models import Progress, RegionFigures
from coordination.forecast.queries import SOON
from coordination.history.models import Event
from coordination.networks.models import Assessment, ImportBatch
from coordination.obstacles.models import Obstacle
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.models import paths_above, regency_path
from coordination.requests.models import CoordinationRequest

# Any constant will do, as long as no other pair of locks in this database begins with it.
_LOCK = 7_273_026
COUNTRY = ""
PLACED = (CoordinationRequest, Obstacle, CampaignActivity, Assessment)
LISTS = (ImportBatch, ScheduleBatch)
# A regency is weighed in one transaction, whose forecasts bear the moment at which it began.
WEIGHING = timedelta(minutes=2)
REST = 9


def figures_for(user, region):
    """The RegionFigures of a region, or of the country for None; None where the user may not know of it."""
    jurisdiction = Jurisdiction.of(user)
    if not (jurisdiction.covers(region) if region else jurisdiction.everywhere):
        return None
    return figures_of(region.path if region else COUNTRY)


def figures_of(path):
    """The RegionFigures of the region with this path; counted on the spot, and kept, where there are none yet."""
    return _kept(path) or _count_once(path)


def _kept(path):
    return RegionFigures.objects.filter(path=path, edition=EDITION).first()


@transaction.atomic
def _count_once(path):
    """Of many readers who find nothing kept, one counts and the others wait for it."""
    with connection.cursor() as cursor:
        without_limit(cursor)
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, path])
    if kept := _kept(path):
        return kept
    counted = _counted(path, timezone.now())
    # An older release that still serves must not throw away what this one keeps.
    RegionFigures.objects.filter(path=path, edition__lt=EDITION).delete()
    # What `sweep` wrote meanwhile is newer and stays.
    RegionFigures.objects.bulk_create([counted], ignore_conflicts=True)
    return counted


def refresh(path, *, now=None):
    """Count one region anew, and keep it."""
    row = _counted(path, now or timezone.now())
    values = {name: getattr(row, name) for name in ("edition", "counted_at", "figures")}
    RegionFigures.objects.update_or_create(path=path, defaults=values)


@transaction.atomic
def _counted(path, now):
    with connection.cursor() as cursor:
        without_limit(cursor)
    return RegionFigures(path=path, edition=EDITION, counted_at=now, figures=count(path, now))


def refresh_all(tier, *, now=None):
    """Count everything of the tier anew that is kept, and the country. Returns how many regions."""
    kept = {COUNTRY, *RegionFigures.objects.values_list("path", flat=True)}
    return _refresh(kept, tier, now or timezone.now())


def sweep(tier, *, now=None):
    """Count anew what the history and the clock touched of the tier since the last time. Returns how many regions.

    Afterwards it rests for nine times as long as that took, so that counting, which takes the longer the more there is
    of the country, never takes more than a tenth of a worker's time.
    """
    now, head, began = now or timezone.now(), _head(), time.monotonic()
    progress = Progress.objects.filter(tier=tier).first()
    if progress is None:
        counted = refresh_all(tier, now=now)
    elif now < progress.rests_until:
        return 0
    else:
        counted = _refresh(_with_those_above(_touched(progress, head, now)), tier, now)
    took = timedelta(seconds=time.monotonic() - began)
    # Last: after a failure all of it is touched again.
    values = {"seen": head, "until": now, "rests_until": now + took + REST * took}
    Progress.objects.update_or_create(tier=tier, defaults=values)
    return counted


def _refresh(paths, tier, now):
    paths = [path for path in paths if Tier.of(path) == tier]
    for path in paths:
        refresh(path, now=now)
    return len(paths)


def _head():
    last = Event.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return last or 0


def _with_those_above(paths):
    return {above for path in paths for above in (path, *paths_above(path), COUNTRY)}


def _touched(progress, head, now):
    """The paths of the provinces and regencies in which something may count otherwise than at the last time."""
    events = Event.objects.filter(sequence__gt=progress.seen, sequence__lte=head)
    paths = set()
    for model in PLACED:
        subjects = events.filter(subject_type=ContentType.objects.get_for_model(model)).values("subject_id")
        paths |= _paths(model.objects.filter(pk__in=subjects))
    # A deadline is near before it passes: by that, both are found by the index of deadlines.
    near = _passed("near_at", progress, now) & Q(due_at__gt=progress.until)
    paths |= _paths(CoordinationRequest.objects.filter(_passed("due_at", progress, now) | near))
    soon = Q(starts_at__gt=progress.until + SOON, starts_at__lte=now + SOON)
    paths |= _paths(CampaignActivity.objects.filter(_passed("starts_at", progress, now) | soon))
    paths |= _paths(CampaignActivity.objects.filter(forecast__computed_at__gt=progress.until - WEIGHING))
    return paths | _of_lists(events)


def _passed(column, progress, now):
    """That a moment came since the last time."""
    return Q(**{f"{column}__gt": progress.until, f"{column}__lte": now})


def _paths(rows):
    found = rows.order_by().values_list("region__path", flat=True).distinct()
    return {regency_path(path) for path in found}


def _of_lists(events):
    """A list of levels or activities may touch whatever lies below its office."""
    paths = set()
    for model in LISTS:
        subjects = events.filter(subject_type=ContentType.objects.get_for_model(model)).values("subject_id")
        for path in model.objects.filter(pk__in=subjects).values_list("office__region__path", flat=True):
            paths.update(RegionFigures.objects.filter(path__startswith=path or "").values_list("path", flat=True))
    return paths

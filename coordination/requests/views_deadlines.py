"""Pages about deadlines: how those of a request came about, and how late which office was."""

import csv
import io

from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from coordination.batches.views import csv_response
from coordination.common.paging import page
from coordination.people.spreadsheets import without_formula
from coordination.requests.explaining import explain
from coordination.requests.filters import StageTimeFilter
from coordination.requests.forms import PeriodForm
from coordination.requests.lateness import ANY, STAGES, Period, by_office, fell_due, missed
from coordination.requests.models import CoordinationRequest, MissedDeadline, StageTime
from coordination.requests.queries import served_activities

SHOWN_OFFICES = 25
QUICK_DAYS = (30, 90, 365)


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


@require_GET
def lateness(request):
    """How late which office was, each figure with the list behind it."""
    form = PeriodForm(request.GET)
    context = {"form": form, "stages": STAGES, "quick": [(days, Period.recent(days)) for days in QUICK_DAYS]}
    if form.is_valid():
        visible, rows = CoordinationRequest.objects.visible_to(request.user), by_office(request.user, form.period)
        context |= {
            "period": form.period,
            "any": ANY,
            "rows": rows[:SHOWN_OFFICES],
            "left_out": max(len(rows) - SHOWN_OFFICES, 0),
            "fell_due": fell_due(visible, form.period).count(),
            "missed": missed(visible, form.period).count(),
            "open_late": visible.overdue().count(),
        }
    return render(request, "requests/lateness.html", context)


@require_GET
def lateness_list(request):
    """The same figures of all offices as a table for a spreadsheet."""
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return redirect("requests:lateness")
    head = [
        _("Office"),
        _("From the day"),
        _("To the day"),
        _("Fell due"),
        _("Missed a deadline"),
        _("Missed, percent"),
    ]
    head += [label for _stage, label in STAGES] + [_("Median lateness in hours"), _("Late now")]
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(map(without_formula, head))
    for row in by_office(request.user, form.period):
        table.writerow(map(without_formula, _cells(row, form.period)))
    return csv_response(f"keterlambatan-{form.period.first}-{form.period.last}.csv", text.getvalue())


def _cells(row, period):
    share = "" if row.share is None else round(row.share, 1)
    counts = [number for _stage, number in row.stages]
    hours = "" if row.median is None else round(row.median.total_seconds() / 3600, 1)
    return [row.office.name, period.first, period.last, row.fell_due, row.missed, share, *counts, hours, row.open_late]


@require_GET
def times(request):
    """How long which stage took: the rows behind the medians of the dashboards."""
    filters = StageTimeFilter(request.GET, StageTime.objects.visible_to(request.user), user=request.user)
    rows = filters.qs.select_related("request__region", "office")
    form = filters.form
    context = {
        "form": form,
        "page": page(rows, filters.order_field, cursor=request.GET.get("dari", "")),
        "chosen": [name for name in form.fields if request.GET.get(name) and name != "order"],
    }
    return render(request, "requests/times.html", context)

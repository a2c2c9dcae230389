"""Pages about measurements, what the script of the measuring page measures with (static/js/measure.js), and imports."""

import os
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coordination.batches.places import REACH_KM
from coordination.batches.views import csv_response, labelled, send_page, take_step
from coordination.common import answers, parking
from coordination.common.errors import DomainError, ReusedClientId
from coordination.common.forms import refuse
from coordination.common.idempotency import Same, fingerprint, made_before, sent_id
from coordination.common.paging import page
from coordination.common.serving import file_response
from coordination.common.uploads import small_copy
from coordination.networks import allowance, lists, recording
from coordination.networks.choices import ListKind, NetworkLevel
from coordination.networks.forms import ListForm, MeasurementForm, now_at
from coordination.networks.importing import LEVELS
from coordination.networks.levels import PARAMETERS, findings
from coordination.networks.models import Assessment, ImportBatch, RegionLevel, Threshold
from coordination.regions.models import Region
from coordination.uploads.models import Upload, awaits_files

KB = 1024
MOST_KB = 512
FIRST_KB = 16
PIECE = 64 * KB
# What a request costs beside its content, about: headers of both sides.
FRAME = KB


def _get_visible(request, key):
    """The measurement of this key, or 404 for whoever may not know of it."""
    visible = Assessment.objects.visible_to(request.user).select_related("region", "operator", "official", "office")
    return get_object_or_404(visible.annotate(awaits_files=awaits_files(Assessment)), key=key)


@require_http_methods(["GET", "POST"])
def measure(request):
    if not recording.may_measure(request.user):
        messages.warning(request, _("Your office reads measurements but does not record them."))
        return redirect("networks:list")
    if request.method == "GET":
        kept = parking.parked(request)
        if kept is not None:
            return _form_page(request, MeasurementForm(kept, actor=request.user))
        return _form_page(request, MeasurementForm.new(request.user, request.headers.get("User-Agent", "")))
    before = made_before(Assessment, request.POST, request.FILES, owner={"official": request.user}, same=Same())
    if before:
        return _recorded(request, before, is_new=False)
    form = MeasurementForm(request.POST, request.FILES, actor=request.user)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    return _record(request, form)


def _record(request, form):
    values = form.cleaned_data
    try:
        made, is_new = recording.record_assessment(
            values, actor=request.user, client_id=values["client_id"],
            body_sha256=fingerprint(request.POST, request.FILES), captured_at=answers.captured_at(request),
            screenshots=values["screenshots"], announced=values["announced"],
        )  # fmt: skip
    except DomainError as error:
        return _refused(request, form, error)
    return _recorded(request, made, is_new=is_new)


def _recorded(request, made, *, is_new):
    return answers.saved(
        request, made, _("The measurement is recorded."), client_id=sent_id(request.POST), is_new=is_new
    )


def _form_page(request, form, status=200, **context):
    context |= {"form": form, "now": now_at(request.user.office)}
    return answers.page(request, "networks/measure.html", context, form=form, status=status)


def _refused(request, form, error):
    """The same form with what was typed, and a fresh id so that it can go as a new one."""
    existing = error.existing if isinstance(error, ReusedClientId) else None
    refuse(form, error)
    return _form_page(request, form, status=422, existing=existing)


@require_GET
def assessment_list(request):
    rows = Assessment.objects.visible_to(request.user).select_related("region", "operator", "office")
    context = {
        "page": page(rows, "measured_at", cursor=request.GET.get("dari", "")),
        "may_measure": recording.may_measure(request.user),
        "may_import": LEVELS.may_send(request.user),
    }
    return render(request, "networks/list.html", context)


@require_GET
def detail(request, key):
    assessment = _get_visible(request, key)
    thresholds = Threshold.objects.best_first()
    found = {each.parameter.name: each for each in findings(assessment.values, thresholds)}
    limited = [row for row in thresholds if row.least_download_mbps is not None]
    context = {
        "assessment": assessment,
        "rows": [(each, found.get(each.name), [(row, each.limit_text(row)) for row in limited]) for each in PARAMETERS],
        "deciding": [each.parameter.label for each in found.values() if each.level == assessment.level],
        "screenshots": assessment.screenshots.all(),
        "missing_files": assessment.awaits_files and Upload.objects.about(assessment).missing().select_related("owner"),
        "obstacles": assessment.obstacles.visible_to(request.user).order_by("-created_at")[:10],
        "may_report": recording.may_measure(request.user),
    }
    return render(request, "networks/detail.html", context)


@require_GET
def screenshot(request, key, image):
    """The picture, or with ?kecil a small copy of it."""
    stored = get_object_or_404(_get_visible(request, key).screenshots, key=image)
    return file_response(small_copy(stored) if "kecil" in request.GET else stored)


@never_cache
@require_GET
def ping(request):
    """Nothing at all, as fast as can be: the time it takes is the latency."""
    return _too_much(request, FRAME) or HttpResponse(content_type="text/plain")


@never_cache
@require_GET
def download(request):
    """?kb= kilobytes that no proxy can make smaller."""
    asked = request.GET.get("kb", str(FIRST_KB))
    kilobytes = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 4 else 0
    if not 1 <= kilobytes <= MOST_KB:
        return answers.failed(request, 400, "kb")
    refusal = _too_much(request, kilobytes * KB + FRAME)
    if refusal:
        return refusal
    response = StreamingHttpResponse(_noise(kilobytes * KB), content_type="application/octet-stream")
    response["Content-Length"] = str(kilobytes * KB)
    return response


def _noise(size):
    for begin in range(0, size, PIECE):
        yield os.urandom(min(PIECE, size - begin))


@never_cache
@require_POST
def upload(request):
    """Takes up to MOST_KB kilobytes and forgets them."""
    if request.content_type != "application/octet-stream":
        return answers.failed(request, 415, "type")
    length = request.headers.get("Content-Length", "")
    size = int(length) if length.isascii() and length.isdecimal() and len(length) <= 9 else 0
    if size > MOST_KB * KB:
        return answers.failed(request, 413, "size")
    refusal = _too_much(request, size + FRAME)
    if refusal:
        return refusal
    while request.read(PIECE):
        pass
    return HttpResponse(content_type="text/plain")


def _too_much(request, size):
    """The refusal of what goes beyond the person's allowance; None while there is some left."""
    seconds = allowance.take(request.user, size)
    return answers.failed(request, 429, "later", retry_after=seconds) if seconds else None


SHOWN_ROWS, SHOWN_FAULTS = 20, 50


def _get_batch(request, key):
    """The import of this key, or 404 for whoever may not know of it."""
    visible = ImportBatch.objects.visible_to(request.user).select_related("official", "office__region")
    return get_object_or_404(visible, key=key)


@require_GET
def batch_list(request):
    rows = ImportBatch.objects.visible_to(request.user).select_related("official", "office")
    context = {
        "page": page(rows, "created_at", cursor=request.GET.get("dari", "")),
        "may_import": LEVELS.may_send(request.user),
    }
    return render(request, "networks/batches.html", context)


@require_http_methods(["GET", "POST"])
def batch_new(request):
    if not LEVELS.may_send(request.user):
        messages.warning(request, LEVELS.who_sends)
        return redirect("levels:list")
    return send_page(request, LEVELS, ListForm, _batch_form)


def _batch_form(request, form, status=200):
    context = {"form": form, "kinds": ListKind, "reach": REACH_KM}
    return answers.page(request, "networks/batch_new.html", context, form=form, status=status)


@require_GET
def sample(request, kind):
    """A list with the names of all columns, to be filled in."""
    if kind not in ListKind:
        return answers.failed(request, 404, "kind")
    return csv_response(f"contoh-{kind}.csv", lists.SAMPLES[kind])


@require_GET
def batch(request, key):
    batch = _get_batch(request, key)
    context = {
        "batch": batch,
        "may_decide": LEVELS.may_decide(batch, request.user),
        "staged": _with_present(batch.staged.select_related("region", "operator")[:SHOWN_ROWS]),
        "faults": labelled(batch.faults.all()[:SHOWN_FAULTS], lists.LABELS),
        "names": _with_suggestions(batch.names.select_related("region")),
        "classes": [(name, NetworkLevel(level)) for name, level in lists.CLASSES.items()],
        "reach": REACH_KM,
    }
    return render(request, "networks/batch.html", context)


def _with_present(staged):
    """(row, the level that its region shows today) for each."""
    rows = list(staged)
    present = RegionLevel.objects.in_bulk([row.region_id for row in rows])
    return [(row, present.get(row.region_id)) for row in rows]


def _with_suggestions(names):
    """(name, the regions that are spelled like it) for each."""
    rows = list(names)
    regions = Region.objects.in_bulk({key for name in rows for key in name.suggested})
    return [(name, [regions[key] for key in name.suggested if key in regions]) for name in rows]


@require_POST
def batch_step(request, key, verb):
    return take_step(request, LEVELS, _get_batch(request, key), verb, more={"cocokkan": partial(_match, request)})


def _match(request, batch, *, actor):
    LEVELS.match(batch, _meant(request.POST), actor=actor)


def _meant(post):
    """{key of a name: code} of the fields that were sent; a typed code wins over a suggestion."""
    chosen = {field.removeprefix("pilih_"): code for field, code in post.items() if field.startswith("pilih_")}
    typed = {field.removeprefix("kode_"): code for field, code in post.items() if field.startswith("kode_") and code}
    both = {key: code.strip() for key, code in (chosen | typed).items()}
    return {int(key): code for key, code in both.items() if key.isascii() and key.isdecimal() and len(key) < 19}

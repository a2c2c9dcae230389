"""Pages about activities and about imported schedules: find, call the rule, answer."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET, require_http_methods, require_POST

from coordination.batches.choices import ImportState
from coordination.batches.views import XLSX, csv_response, labelled, send_page, take_step
from coordination.campaigns import ics, planning, schedules, weeks
from coordination.campaigns.choices import ActivityState
from coordination.campaigns.filters import ActivityFilter
from coordination.campaigns.forms import ActivityForm, EditActivityForm, ScheduleForm, TreatmentForm, step_form
from coordination.campaigns.importing import SCHEDULES
from coordination.campaigns.models import (
    CalendarAddress,
    CampaignActivity,
    CandidatePair,
    Election,
    ScheduleBatch,
    sees_pairs,
)
from coordination.campaigns.notices import notices, sttp_notice
from coordination.campaigns.planning import STEPS, available_steps
from coordination.campaigns.queries import MOST_ROWS, expected_outages, pair_names
from coordination.campaigns.queries import treatment as treatment_of
from coordination.common import answers, parking
from coordination.common.errors import AlreadyDone, DomainError, ReusedClientId, StaleVersion
from coordination.common.forms import refuse
from coordination.common.idempotency import fingerprint, made_before, sent_id
from coordination.common.paging import page
from coordination.history.answering import StepPages, conflict_of
from coordination.history.timeline import timeline
from coordination.offices.models import Official

SHOWN_OUTAGES = 5


def _get_visible(request, number):
    """The activity of this number, or 404 for whoever may not know of it."""
    visible = CampaignActivity.objects.visible_to(request.user)
    visible = visible.select_related("region", "office", "registered_by", "election", "method")
    if sees_pairs(request.user):
        visible = visible.annotate(pair=pair_names(request.user))
    return get_object_or_404(visible, number=number.replace("\x00", ""))


@require_GET
def activity_list(request):
    filters = ActivityFilter(request.GET, CampaignActivity.objects.visible_to(request.user), user=request.user)
    rows = filters.qs.select_related("region", "method")
    shown = page(rows, "starts_at", descending=filters.newest_first, cursor=request.GET.get("dari", ""))
    for activity in shown:
        activity.sttp_notice = sttp_notice(activity)
    context = {
        "page": shown,
        "form": filters.form,
        "chosen": [name for name in filters.form.fields if request.GET.get(name) and name != "q"],
        "may_register": planning.may_register(request.user),
        "may_import": SCHEDULES.may_send(request.user),
        "sees_pairs": sees_pairs(request.user),
    }
    return render(request, "campaigns/list.html", context)


@require_http_methods(["GET", "POST"])
def register(request):
    if not planning.may_register(request.user):
        messages.warning(request, _("Your office reads activities but does not register them."))
        return redirect("campaigns:list")
    if request.method == "GET":
        kept = parking.parked(request)
        form = ActivityForm(kept, actor=request.user) if kept is not None else ActivityForm.new(request.user)
        return _form_page(request, form)
    before = made_before(
        CampaignActivity, request.POST, None, owner={"registered_by": request.user}, same=planning.SAME_ACTIVITY
    )
    if before:
        return _registered(request, before, is_new=False)
    form = ActivityForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    values = form.cleaned_data
    try:
        made, is_new = planning.register(
            values, actor=request.user, client_id=values["client_id"], body_sha256=fingerprint(request.POST),
            captured_at=answers.captured_at(request),
        )  # fmt: skip
    except DomainError as error:
        return _refused(request, form, error)
    return _registered(request, made, is_new=is_new)


def _registered(request, made, *, is_new):
    said = _("Activity %(number)s is registered.") % {"number": made.number}
    return answers.saved(request, made, said, client_id=sent_id(request.POST), is_new=is_new)


def _done(request, activity, said, **options):
    """The answer to what was done about an activity that was there already."""
    return answers.saved(request, activity, said, client_id=sent_id(request.POST), **options)


def _form_page(request, form, status=200, **context):
    return answers.page(request, "campaigns/form.html", {"form": form} | context, form=form, status=status)


def _refused(request, form, error, **context):
    """The same form with what was typed, and a fresh id so that it can go as a new one."""
    if isinstance(error, ReusedClientId):
        context["existing"] = error.existing
    refuse(form, error)
    return _form_page(request, form, status=422, **context)


@require_GET
def detail(request, number):
    return _detail_page(request, _get_visible(request, number))


def _detail_page(request, activity, *, form=None, verb=None, status=200, refusal="", conflict=None):
    """The activity's page; a form that was refused stands in it with what was typed."""
    user = request.user
    steps = available_steps(activity, user)
    context = {
        "activity": activity,
        "notices": notices(activity),
        "outages": expected_outages(activity, user)[:SHOWN_OUTAGES],
        "forms": [(step, form if step.verb == verb else step_form(activity, step, user)) for step in steps],
        "refusal": refusal,
        "refused": form if verb and verb not in {step.verb for step in steps} and form.is_bound else None,
        "open_verb": verb,
        "conflict": conflict,
        "events": timeline(activity, user),
        "may_edit": planning.may_edit(user, activity),
    }
    return answers.page(request, "campaigns/detail.html", context, form=form, status=status)


@require_http_methods(["GET", "POST"])
def step(request, number, verb):
    if verb not in STEPS:
        raise Http404
    pages = StepPages(planning, find=_get_visible, form=step_form, page=_detail_page)
    return pages.take(request, _get_visible(request, number), STEPS[verb])


@require_http_methods(["GET", "POST"])
def edit(request, number):
    activity = _get_visible(request, number)
    if request.method == "GET":
        return _edit_page(request, activity)
    if not planning.is_own(request.user, activity):
        return _may_not_edit(request, activity)
    form = EditActivityForm(request.POST, actor=request.user, activity=activity, initial={"version": activity.version})
    if not form.is_valid():
        return _form_page(request, form, status=422, item=activity)
    values = form.cleaned_data
    try:
        planning.edit(activity, values, actor=request.user, version=values["version"])
    except AlreadyDone as done:
        return _done(request, activity, str(done), is_new=False, tell=messages.info)
    except StaleVersion as error:
        return _form_page(request, form, status=409, **conflict_of(form, error))
    except DomainError as error:
        return _refused(request, form, error, item=activity)
    return _done(request, activity, _("The changes are saved."))


def _edit_page(request, activity):
    """The form as it was typed before signing in again, else as the activity stands."""
    kept = parking.parked(request) if planning.is_own(request.user, activity) else None
    if kept is not None:
        return _form_page(request, EditActivityForm(kept, actor=request.user, activity=activity), item=activity)
    if not planning.may_edit(request.user, activity):
        return _may_not_edit(request, activity)
    return _form_page(request, EditActivityForm.of(activity, request.user), item=activity)


def _may_not_edit(request, activity):
    messages.warning(request, _("Only the office that registered an activity changes it, while it is planned."))
    return redirect(activity)


@require_GET
def calendar(request):
    monday = weeks.monday_of(request.GET.get("minggu", ""), weeks.today_of(request.user))
    address = CalendarAddress.objects.filter(official=request.user).first()
    days = weeks.week_of(request.user, monday)
    context = {
        "days": days,
        "activities": [activity for day in days for activity in day.activities],
        "monday": monday,
        "week": weeks.name_of(monday),
        "before": weeks.name_of(monday - 7 * weeks.DAY),
        "after": weeks.name_of(monday + 7 * weeks.DAY),
        "today": weeks.today_of(request.user),
        "address": address and settings.PORTAL_URL + address.get_absolute_url(),
        "may_register": planning.may_register(request.user),
    }
    return render(request, "campaigns/calendar.html", context)


@require_POST
def renew_feed(request):
    planning.renew_calendar_address(request.user)
    messages.success(request, _("Your calendar has a new address; one that you had before no longer works."))
    return redirect(f"{reverse('campaigns:calendar')}#address")


@cache_control(private=True, no_cache=True)
@conditional_page
@require_GET
def feed(request, secret):
    """The calendar of whoever has this address; the address itself is the right, as long as its owner is active."""
    owners = Official.objects.active().select_related("office__region")
    official = get_object_or_404(owners, calendar_address__secret=secret)
    with translation.override(settings.LANGUAGE_CODE):
        text = ics.feed_of(official, timezone.now())
    headers = {"Content-Disposition": 'inline; filename="kegiatan.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


@require_GET
def treatment(request):
    """How the candidates of an election were treated alike, for those who may know them; nobody else is told of it."""
    if not sees_pairs(request.user):
        raise Http404
    form = TreatmentForm(request.GET, user=request.user)
    form.is_valid()
    election = form.cleaned_data.get("election") or Election.objects.first()
    own = request.user.office.region if request.user.office else None
    area = form.cleaned_data.get("region") or own
    rows = treatment_of(request.user, election, area) if election and not form.errors else []
    context = {"form": form, "election": election, "area": area, "rows": rows, "cut": len(rows) == MOST_ROWS}
    return render(request, "campaigns/treatment.html", context)


SHOWN_ROWS, SHOWN_FAULTS = 20, 50


def _refuse_who_sees_no_pairs(request):
    """Schedules say for whom activities are; who must not know it is not told that there are such lists."""
    if not sees_pairs(request.user):
        raise Http404


def _get_schedule(request, key):
    visible = ScheduleBatch.objects.visible_to(request.user).select_related("official", "office__region")
    return get_object_or_404(visible, key=key)


@require_GET
def schedule_list(request):
    _refuse_who_sees_no_pairs(request)
    rows = ScheduleBatch.objects.visible_to(request.user).select_related("official", "office")
    context = {
        "page": page(rows, "created_at", cursor=request.GET.get("dari", "")),
        "may_import": SCHEDULES.may_send(request.user),
    }
    return render(request, "campaigns/schedules.html", context)


@require_http_methods(["GET", "POST"])
def schedule_new(request):
    _refuse_who_sees_no_pairs(request)
    if not SCHEDULES.may_send(request.user):
        messages.warning(request, SCHEDULES.who_sends)
        return redirect("schedules:list")
    return send_page(request, SCHEDULES, ScheduleForm, _schedule_form)


def _schedule_form(request, form, status=200):
    return answers.page(request, "campaigns/schedule_new.html", {"form": form}, form=form, status=status)


@require_GET
def schedule_sample(request, kind):
    """A schedule with the names of all columns, to be filled in."""
    _refuse_who_sees_no_pairs(request)
    if kind == "csv":
        return csv_response("contoh-jadwal.csv", schedules.sample_csv())
    if kind == "xlsx":
        headers = {"Content-Disposition": 'attachment; filename="contoh-jadwal.xlsx"'}
        return HttpResponse(schedules.sample_xlsx(), content_type=XLSX, headers=headers)
    return answers.failed(request, 404, "kind")


@require_GET
def schedule(request, key):
    batch = _get_schedule(request, key)
    brought = CampaignActivity.objects.visible_to(request.user).filter(batch=batch).select_related("region", "method")
    if batch.state == ImportState.UNDONE:
        brought = brought.exclude(state=ActivityState.CANCELLED)
    context = {
        "batch": batch,
        "may_decide": SCHEDULES.may_decide(batch, request.user),
        "staged": _with_pairs(batch.staged.select_related("region", "method", "office")[:SHOWN_ROWS], request.user),
        "activities": brought.order_by("id")[:SHOWN_ROWS],
        "faults": labelled(batch.faults.all()[:SHOWN_FAULTS], schedules.LABELS),
    }
    return render(request, "campaigns/schedule.html", context)


def _with_pairs(staged, user):
    """(row, its pair where the reader may know it) for each."""
    rows = list(staged)
    pairs = CandidatePair.objects.visible_to(user).in_bulk([row.candidate_pair_id for row in rows])
    return [(row, pairs.get(row.candidate_pair_id)) for row in rows]


@require_POST
def schedule_step(request, key, verb):
    return take_step(request, SCHEDULES, _get_schedule(request, key), verb)

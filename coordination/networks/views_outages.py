"""Pages about planned outages and their lists: find, call the rule, answer."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coordination.batches.views import csv_response, labelled, send_page, take_step
from coordination.common import answers, parking
from coordination.common.errors import AlreadyDone, DomainError, ReusedClientId, StaleVersion
from coordination.common.forms import refuse
from coordination.common.idempotency import fingerprint, made_before, sent_id
from coordination.common.paging import page
from coordination.history.answering import StepPages, conflict_of
from coordination.history.timeline import timeline
from coordination.networks import maintaining, outage_lists
from coordination.networks.filters import OutageFilter
from coordination.networks.maintaining import STEPS, available_steps
from coordination.networks.models import OutageBatch, PlannedOutage
from coordination.networks.outage_forms import (
    EditOutageForm,
    NoticeForm,
    OutageForm,
    OutageListForm,
    StepForm,
    step_form,
)
from coordination.networks.outage_importing import OUTAGES


def _get_visible(request, number):
    """The outage of this number, or 404 for whoever may not know of it."""
    visible = PlannedOutage.objects.visible_to(request.user).prefetch_related("regions")
    visible = visible.select_related("office", "official", "operator")
    return get_object_or_404(visible, number=number.replace("\x00", ""))


@require_GET
def outage_list(request):
    filters = OutageFilter(request.GET, PlannedOutage.objects.visible_to(request.user), user=request.user)
    rows = filters.qs.prefetch_related("regions")
    context = {
        "page": page(rows, "starts_at", descending=filters.newest_first, cursor=request.GET.get("dari", "")),
        "form": filters.form,
        "chosen": [name for name in filters.form.fields if request.GET.get(name)],
        "may_register": maintaining.may_register(request.user),
    }
    return render(request, "networks/outages.html", context)


@require_http_methods(["GET", "POST"])
def register(request):
    if not maintaining.may_register(request.user):
        return _may_not_register(request)
    if request.method == "GET":
        kept = parking.parked(request)
        form = OutageForm(kept, actor=request.user) if kept is not None else OutageForm.new(request.user)
        return _form_page(request, form)
    before = made_before(
        PlannedOutage, request.POST, None, owner={"official": request.user}, same=maintaining.SAME_OUTAGE
    )
    if before:
        return _registered(request, before, is_new=False)
    form = OutageForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    values = form.cleaned_data
    try:
        made, is_new = maintaining.register(
            values, actor=request.user, client_id=values["client_id"], body_sha256=fingerprint(request.POST),
            captured_at=answers.captured_at(request),
        )  # fmt: skip
    except DomainError as error:
        return _refused(request, form, error)
    return _registered(request, made, is_new=is_new)


def _may_not_register(request):
    messages.warning(request, _("Your office reads planned outages but does not register them."))
    return redirect("outages:list")


def _registered(request, made, *, is_new):
    said = _("The planned outage %(number)s is registered.") % {"number": made.number}
    return answers.saved(request, made, said, client_id=sent_id(request.POST), is_new=is_new)


def _done(request, outage, said, **options):
    """The answer to what was done about an outage that was there already."""
    return answers.saved(request, outage, said, client_id=sent_id(request.POST), **options)


def _form_page(request, form, status=200, item=None, **context):
    address = reverse("outages:edit", args=[item.number]) if item else reverse("outages:new")
    context |= {"form": form, "item": item, "address": address}
    return answers.page(request, "networks/outage_form.html", context, form=form, status=status)


def _refused(request, form, error, **context):
    """The same form with what was typed, and a fresh id so that it can go as a new one."""
    if isinstance(error, ReusedClientId):
        context["existing"] = error.existing
    refuse(form, error)
    return _form_page(request, form, status=422, **context)


@require_http_methods(["GET", "POST"])
def notice(request):
    """The text of a notice fills the form of a new outage, or of a step where the outage is known; it saves nothing."""
    if not maintaining.may_register(request.user):
        return _may_not_register(request)
    form = NoticeForm(request.POST, request.FILES) if request.method == "POST" else NoticeForm()
    if not form.is_valid():
        return render(request, "networks/notice.html", {"form": form}, status=422 if form.is_bound else 200)
    found = form.cleaned_data["notice"]
    outage = maintaining.known(found.provider, found.reference, request.user)
    if outage is not None:
        return _known(request, outage, found)
    if found.cancels:
        form.add_error("text", _("This notice cancels an outage that is not registered, so there is nothing to do."))
        return render(request, "networks/notice.html", {"form": form}, status=422)
    return _form_page(request, OutageForm.of_notice(found, request.user), notice=found)


def _known(request, outage, found):
    """The page of the outage with the step open that the notice asks for."""
    verb = maintaining.asked_by(found, outage)
    if verb is None or STEPS[verb] not in available_steps(outage, request.user):
        messages.info(request, _("%(number)s stands as this notice says.") % {"number": outage})
        return redirect(outage)
    outage = _get_visible(request, outage.number)
    form = StepForm.of_notice(found, outage, STEPS[verb])
    return _detail_page(request, outage, form=form, verb=verb, notice=found)


@require_GET
def detail(request, number):
    return _detail_page(request, _get_visible(request, number))


def _detail_page(request, outage, *, form=None, verb=None, status=200, refusal="", conflict=None, notice=None):
    """The outage's page; a form that was refused stands in it with what was typed."""
    user = request.user
    steps = available_steps(outage, user)
    context = {
        "outage": outage,
        "forms": [(step, form if step.verb == verb else step_form(outage, step, user)) for step in steps],
        "refusal": refusal,
        "refused": form if verb and verb not in {step.verb for step in steps} and form.is_bound else None,
        "open_verb": verb,
        "conflict": conflict,
        "notice": notice,
        "events": _events(outage, user),
        "may_edit": maintaining.may_edit(user, outage),
    }
    return answers.page(request, "networks/outage.html", context, form=form, status=status)


def _events(outage, user):
    """The history, in which a move tells when it had been."""
    events = timeline(outage, user)
    for event in events:
        event.facts += maintaining.facts_of(outage, event)
    return events


@require_http_methods(["GET", "POST"])
def step(request, number, verb):
    if verb not in STEPS:
        raise Http404
    pages = StepPages(maintaining, find=_get_visible, form=step_form, page=_detail_page)
    return pages.take(request, _get_visible(request, number), STEPS[verb])


@require_http_methods(["GET", "POST"])
def edit(request, number):
    outage = _get_visible(request, number)
    if not maintaining.may_edit(request.user, outage):
        messages.warning(
            request, _("Only the ICT offices of the region change a planned outage, until it is cancelled.")
        )
        return redirect(outage)
    if request.method == "GET":
        return _edit_page(request, outage)
    form = EditOutageForm(request.POST, actor=request.user, outage=outage, initial={"version": outage.version})
    if not form.is_valid():
        return _form_page(request, form, status=422, item=outage)
    values = form.cleaned_data
    try:
        maintaining.edit(outage, values, actor=request.user, version=values["version"])
    except AlreadyDone as done:
        return _done(request, outage, str(done), is_new=False, tell=messages.info)
    except StaleVersion as error:
        return _form_page(request, form, status=409, **conflict_of(form, error))
    except DomainError as error:
        return _refused(request, form, error, item=outage)
    return _done(request, outage, _("The changes are saved."))


def _edit_page(request, outage):
    """The form as it was typed before signing in again, else as the outage stands."""
    kept = parking.parked(request)
    if kept is not None:
        return _form_page(request, EditOutageForm(kept, actor=request.user, outage=outage), item=outage)
    return _form_page(request, EditOutageForm.of(outage, request.user), item=outage)


SHOWN_ROWS, SHOWN_FAULTS = 10, 50


@require_GET
def batch_list(request):
    rows = OutageBatch.objects.visible_to(request.user).select_related("official", "office")
    context = {
        "page": page(rows, "created_at", cursor=request.GET.get("dari", "")),
        "may_import": OUTAGES.may_send(request.user),
    }
    return render(request, "networks/outage_batches.html", context)


@require_http_methods(["GET", "POST"])
def batch_new(request):
    if not OUTAGES.may_send(request.user):
        messages.warning(request, OUTAGES.who_sends)
        return redirect("outage_lists:list")
    return send_page(request, OUTAGES, OutageListForm, _batch_form)


def _batch_form(request, form, status=200):
    return answers.page(request, "networks/outage_batch_new.html", {"form": form}, form=form, status=status)


@require_GET
def sample(request):
    """A list with the names of all columns, to be filled in."""
    return csv_response("contoh-pemeliharaan.csv", outage_lists.SAMPLE)


def _get_batch(request, key):
    """The import of this key, or 404 for whoever may not know of it."""
    visible = OutageBatch.objects.visible_to(request.user).select_related("official__office__region", "office__region")
    return get_object_or_404(visible, key=key)


@require_GET
def batch(request, key):
    row = _get_batch(request, key)
    context = {
        "batch": row,
        "may_decide": OUTAGES.may_decide(row, request.user),
        "staged": row.staged.select_related("operator")[:SHOWN_ROWS],
        "outages": row.outages.visible_to(request.user).prefetch_related("regions")[:SHOWN_ROWS],
        "faults": labelled(row.faults.all()[:SHOWN_FAULTS], outage_lists.LABELS),
    }
    return render(request, "networks/outage_batch.html", context)


@require_POST
def batch_step(request, key, verb):
    return take_step(request, OUTAGES, _get_batch(request, key), verb)

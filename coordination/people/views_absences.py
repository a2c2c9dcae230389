"""Pages about the absences of officials: find, call the rule, answer."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination.common import answers, parking
from coordination.common.errors import AlreadyDone, DomainError, StaleVersion
from coordination.common.forms import put_in, refuse
from coordination.common.idempotency import fingerprint
from coordination.history.stepping import last_event
from coordination.offices.models import Absence, Official
from coordination.people import absences as rules
from coordination.people.forms import AbsenceForm, EditAbsenceForm, VersionForm
from coordination.people.powers import may_name_absence

LARGEST = 2**63 - 1


def _get_person(request, pk):
    """The official, or 404 for whoever may not know of them, and for who sits in no office."""
    people = Official.objects.visible_to(request.user).select_related("office__region")
    person = get_object_or_404(people, pk=min(pk, LARGEST))
    if person.office is None:
        raise Http404
    return person


def _get_visible(request, pk):
    rows = Absence.objects.visible_to(request.user).select_related("official__office__region", "substitute")
    return get_object_or_404(rows, pk=min(pk, LARGEST))


def _to_the_list(person):
    return redirect("offices:absences", person.pk)


def _refused(request, person):
    messages.warning(request, _("An absence is named by the person or by the lead of the office."))
    return _to_the_list(person)


@require_http_methods(["GET", "POST"])
def absences(request, pk):
    person = _get_person(request, pk)
    if request.method == "GET":
        return _list_page(request, person, AbsenceForm(parking.parked(request), person=person))
    if not may_name_absence(request.user, person):
        return _refused(request, person)
    form = AbsenceForm(request.POST, person=person)
    if not form.is_valid():
        return _list_page(request, person, form, status=422)
    values = dict(form.cleaned_data)
    form_id = values.pop("client_id")
    try:
        rules.name(person, values, actor=request.user, client_id=form_id, body_sha256=fingerprint(request.POST))
    except DomainError as error:
        refuse(form, error)
        return _list_page(request, person, form, status=422)
    messages.success(request, _("The absence is written down."))
    return _to_the_list(person)


def _list_page(request, person, form, status=200):
    rows = person.absences.standing(person.office.today).with_leads_left().select_related("substitute")
    context = {
        "person": person,
        "rows": [(row, VersionForm(initial={"version": row.version}, auto_id=False)) for row in rows],
        "form": form if may_name_absence(request.user, person) else None,
    }
    return answers.page(request, "offices/absences.html", context, form=form, status=status)


@require_http_methods(["GET", "POST"])
def change(request, pk):
    absence = _get_visible(request, pk)
    person = absence.official
    if not may_name_absence(request.user, person):
        return _refused(request, person)
    form = EditAbsenceForm.of(absence, request.POST if request.method == "POST" else parking.parked(request))
    if request.method == "GET":
        return _form_page(request, absence, form)
    if not form.is_valid():
        return _form_page(request, absence, form, status=422)
    values = form.cleaned_data
    try:
        rules.change(absence, values, actor=request.user, version=values["version"])
    except StaleVersion as error:
        put_in(form, version=error.current.version)
        form.add_error(None, str(error))
        shown = {"conflict": last_event(person), "differences": form.differences(error.current)}
        return _form_page(request, error.current, form, status=409, **shown)
    except AlreadyDone as done:
        messages.info(request, str(done))
        return _to_the_list(person)
    except DomainError as error:
        form.add_error(None, str(error))
        return _form_page(request, absence, form, status=422)
    messages.success(request, _("The changes are saved."))
    return _to_the_list(person)


def _form_page(request, absence, form, status=200, **context):
    context |= {"absence": absence, "person": absence.official, "form": form}
    return answers.page(request, "offices/absence.html", context, form=form, status=status)


@require_http_methods(["POST"])
def end(request, pk):
    absence = _get_visible(request, pk)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    try:
        rules.end(absence, actor=request.user, version=version)
        messages.success(request, _("The absence has ended."))
    except AlreadyDone as done:
        messages.info(request, str(done))
    except DomainError as error:
        messages.error(request, str(error))
    return _to_the_list(absence.official)

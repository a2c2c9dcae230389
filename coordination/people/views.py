"""Pages about offices and the people in them: find, call the rule, answer."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from coordination.common import answers, parking
from coordination.common.errors import AlreadyDone, DomainError, StaleVersion
from coordination.common.forms import put_in, refuse
from coordination.common.idempotency import fingerprint
from coordination.common.paging import page
from coordination.history.stepping import last_event
from coordination.offices import routing
from coordination.offices.models import Absence, Invitation, Office, Official
from coordination.people import accounts, invitations
from coordination.people.forms import AcceptForm, EditPersonForm, InviteForm, VersionForm
from coordination.people.powers import may_manage, may_manage_person

SWITCHES = {"nonaktif": accounts.deactivate, "aktif": accounts.reactivate}


def _get_visible(request, model, pk):
    """The row, or 404 for whoever may not know of it."""
    related = ("region", "superior") if model is Office else ("office__region",)
    return get_object_or_404(model.objects.visible_to(request.user).select_related(*related), pk=min(pk, 2**63 - 1))


@require_GET
def office_list(request):
    text = request.GET.get("q", "").replace("\x00", "")[:200].strip()
    if request.GET.get("daftar") == "merah":
        return _red_list(request, text)
    rows = Office.objects.visible_to(request.user).serving().select_related("region")
    if text:
        rows = rows.filter(name__icontains=text)
    found = page(rows, "name", descending=False, cursor=request.GET.get("dari", ""))
    shown = Office.objects.filter(kind="kominfo", pk__in=[row.pk for row in found])
    context = {
        "page": found,
        "text": text,
        "unstaffed": set(shown.unstaffed().values_list("pk", flat=True)),
    }
    return render(request, "offices/list.html", context)


def _red_list(request, text):
    """The regions whose own ICT office is missing or has nobody active, with the office that answers instead."""
    rows = routing.red_list(request.user)
    found = page(rows.search(text) if text else rows, "path", descending=False, cursor=request.GET.get("dari", ""))
    routing.tell_who_answers(found.rows)
    return render(request, "offices/list.html", {"page": found, "red": True, "text": text})


@require_GET
def office(request, pk):
    found = _get_visible(request, Office, pk)
    manages = may_manage(request.user, found)
    context = {
        "office": found,
        "people": _people(found),
        "manages": manages,
        "invitations": found.invitations.open() if manages else (),
    }
    return render(request, "offices/detail.html", context)


def _people(office):
    """Everybody of the office, each with today's absence, if any."""
    away = Absence.objects.filter(official__office=office).in_force().select_related("substitute")
    absences = {row.official_id: row for row in away}
    people = list(office.officials.order_by("-is_active", "name"))
    for person in people:
        person.absence = absences.get(person.pk)
    return people


@require_http_methods(["GET", "POST"])
def invite(request, pk):
    found = _get_visible(request, Office, pk)
    if not may_manage(request.user, found):
        messages.warning(request, _("Only the lead of this office or an admin invites people into it."))
        return redirect(found)
    data = request.POST if request.method == "POST" else parking.parked(request)
    form = InviteForm(data)
    if request.method == "GET":
        return render(request, "offices/invite.html", {"office": found, "form": form})
    if not form.is_valid():
        return answers.page(request, "offices/invite.html", {"office": found, "form": form}, form=form, status=422)
    values = dict(form.cleaned_data)
    form_id = values.pop("client_id")
    try:
        made, token = invitations.invite(
            found, values, actor=request.user, client_id=form_id, body_sha256=fingerprint(request.POST)
        )
    except DomainError as error:
        refuse(form, error)
        return render(request, "offices/invite.html", {"office": found, "form": form}, status=422)
    link = request.build_absolute_uri(reverse("accept_invitation", args=[token])) if token else None
    return render(request, "offices/invited.html", {"office": found, "invitation": made, "link": link})


@require_http_methods(["POST"])
def revoke(request, pk):
    found = _get_visible(request, Invitation, pk)
    try:
        invitations.revoke(found, actor=request.user)
        messages.success(request, _("The invitation no longer holds."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(found.office)


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    person = _get_visible(request, Official, pk)
    if person.office is None:
        raise Http404
    if not may_manage_person(request.user, person):
        messages.warning(request, _("Only the lead of this office or an admin manages its people."))
        return redirect(person.office)
    data = request.POST if request.method == "POST" else parking.parked(request)
    form = EditPersonForm.of(person, data)
    if request.method == "GET":
        return _person_page(request, person, form)
    if not form.is_valid():
        return _person_page(request, person, form, status=422)
    values = form.cleaned_data
    try:
        accounts.edit(person, values, actor=request.user, version=values["version"])
    except StaleVersion as error:
        put_in(form, version=error.current.version)
        form.add_error(None, str(error))
        shown = {"conflict": last_event(person), "differences": form.differences(error.current)}
        return _person_page(request, error.current, form, status=409, **shown)
    except AlreadyDone as done:
        messages.info(request, str(done))
        return redirect(person.office)
    except DomainError as error:
        form.add_error(None, str(error))
        return _person_page(request, person, form, status=422)
    messages.success(request, _("The changes are saved."))
    return redirect(person.office)


def _person_page(request, person, form, status=200, **context):
    switch = VersionForm(initial={"version": person.version})
    context |= {"person": person, "form": form, "switch": switch}
    return answers.page(request, "offices/person.html", context, form=form, status=status)


@require_http_methods(["POST"])
def switch(request, pk, switch):
    if switch not in SWITCHES:
        raise Http404
    person = _get_visible(request, Official, pk)
    if person.office is None:
        raise Http404
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    try:
        SWITCHES[switch](person, actor=request.user, version=version)
        messages.success(request, _("The account was changed. Sessions of a closed account have ended."))
    except AlreadyDone as done:
        messages.info(request, str(done))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(person.office)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accept_invitation(request, token):
    """Open to whoever holds the link; the link itself is the right."""
    try:
        invitation = invitations.find_open(token)
    except DomainError as error:
        return render(request, "offices/invitation_refused.html", {"reason": str(error)}, status=410)
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.accept(token, **form.cleaned_data)
        except DomainError as error:
            form.add_error("username", str(error))
        else:
            messages.success(request, _("Your account is ready. Sign in with your user name and password."))
            return redirect("account_login")
    status = 422 if request.method == "POST" else 200
    return render(request, "offices/accept.html", {"invitation": invitation, "form": form}, status=status)

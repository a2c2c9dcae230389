"""Pages about the answer templates of an office: find, call the rule, answer."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination.common import answers, parking
from coordination.common.errors import AlreadyDone, DomainError, StaleVersion
from coordination.common.forms import put_in, refuse
from coordination.common.idempotency import fingerprint
from coordination.common.paging import page
from coordination.history.stepping import last_event
from coordination.requests import answer_templates
from coordination.requests.forms_templates import EditTemplateForm, NewTemplateForm, SwitchForm
from coordination.requests.models import AnswerTemplate
from coordination.requests.workflow import STEPS

SWITCHES = {"nonaktif": False, "aktif": True}


def _get_visible(request, pk):
    rows = AnswerTemplate.objects.visible_to(request.user).select_related("office__region")
    return get_object_or_404(rows, pk=min(pk, 2**63 - 1))


@require_GET
def templates(request):
    rows = AnswerTemplate.objects.visible_to(request.user)
    found = page(rows, "title", descending=False, cursor=request.GET.get("dari", ""))
    for row in found.rows:
        row.step = STEPS[row.verb]
    keeps = answer_templates.may_keep(request.user)
    return render(request, "requests/templates.html", {"page": found, "keeps": keeps})


def _refused(request):
    messages.warning(request, _("Only the lead of this office keeps its answer templates."))
    return redirect("requests:templates")


@require_http_methods(["GET", "POST"])
def new(request):
    if not answer_templates.may_keep(request.user):
        return _refused(request)
    data = request.POST if request.method == "POST" else parking.parked(request)
    form = NewTemplateForm(data, office=request.user.office)
    if request.method == "GET":
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    values = dict(form.cleaned_data)
    form_id = values.pop("client_id")
    try:
        answer_templates.keep(values, actor=request.user, client_id=form_id, body_sha256=fingerprint(request.POST))
    except DomainError as error:
        refuse(form, error)
        return _form_page(request, form, status=422)
    messages.success(request, _("The template is saved."))
    return redirect("requests:templates")


def _form_page(request, form, status=200, **context):
    return answers.page(request, "requests/template.html", {"form": form} | context, form=form, status=status)


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    template = _get_visible(request, pk)
    if not answer_templates.may_keep(request.user):
        return _refused(request)
    form = EditTemplateForm.of(template, request.POST if request.method == "POST" else parking.parked(request))
    if request.method == "GET":
        return _form_page(request, form, template=template)
    if not form.is_valid():
        return _form_page(request, form, status=422, template=template)
    values = form.cleaned_data
    try:
        answer_templates.change(template, values, actor=request.user, version=values["version"])
    except StaleVersion as error:
        put_in(form, version=error.current.version)
        form.add_error(None, str(error))
        shown = {"conflict": last_event(template), "differences": form.differences(error.current)}
        return _form_page(request, form, status=409, template=template, **shown)
    except AlreadyDone as done:
        messages.info(request, str(done))
        return redirect("requests:templates")
    except DomainError as error:
        form.add_error(None, str(error))
        return _form_page(request, form, status=422, template=template)
    messages.success(request, _("The changes are saved."))
    return redirect("requests:templates")


@require_http_methods(["POST"])
def switch(request, pk, switch):
    if switch not in SWITCHES:
        raise Http404
    template = _get_visible(request, pk)
    form = SwitchForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    try:
        answer_templates.switch(template, actor=request.user, version=version, on=SWITCHES[switch])
        messages.success(request, _("The changes are saved."))
    except AlreadyDone as done:
        messages.info(request, str(done))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("requests:templates")

"""Pages about requests: find, call the rule, answer."""

from datetime import datetime

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination.common import answers, parking
from coordination.common.errors import AlreadyDone, DomainError, ReusedClientId, StaleVersion
from coordination.common.forms import put_in, refuse
from coordination.common.idempotency import fingerprint, made_before, sending, sent_id
from coordination.common.paging import page
from coordination.common.serving import file_response
from coordination.history.answering import conflict_of
from coordination.history.models import Event
from coordination.history.stepping import came_before, last_event
from coordination.history.timeline import timeline
from coordination.obstacles.models import Obstacle
from coordination.requests import answer_templates, filing, workflow
from coordination.requests.choices import ANSWERED, State
from coordination.requests.drafting import coming_activities, left_out
from coordination.requests.filters import RequestFilter, Scope, order_of, ordered, scoped, scopes_of
from coordination.requests.forms import AttachForm, CommentForm, EditRequestForm, RequestForm, step_form, with_text
from coordination.requests.models import Comment, CoordinationRequest, Watch
from coordination.requests.queries import my_work as read_my_work
from coordination.requests.queries import offered_template, offered_templates, served_activities
from coordination.requests.substitutes import Away, absence_of_person_in_charge
from coordination.requests.workflow import STEPS, available_steps
from coordination.uploads.models import Upload, awaits_files

# One page holds several forms with the same fields, so their ids differ.
COMMENT_IDS = "comment_%s"
RELATED = ("region", "filing_office", "handling_office__region", "person_in_charge", "filed_by", "raised_to")


def _get_visible(request, slug):
    """The request of this address, or 404 for whoever may not know of it."""
    visible = CoordinationRequest.objects.visible_to(request.user).select_related(*RELATED)
    visible = visible.annotate(
        awaits_files=awaits_files(CoordinationRequest),
        serves=served_activities(request.user),
        away=absence_of_person_in_charge(),
        templates=offered_templates(request.user),
    )
    return get_object_or_404(visible.named(slug))


@require_GET
def my_work(request):
    return render(request, "requests/my_work.html", {"work": read_my_work(request.user)})


@require_GET
def request_list(request):
    visible = CoordinationRequest.objects.visible_to(request.user)
    scope = request.GET.get("daftar", Scope.REGION)
    asked, order = request.GET.copy(), order_of(request.GET, scope)
    asked.setdefault("order", order)
    filters = RequestFilter(asked, scoped(visible, scope, request.user), user=request.user)
    rows = filters.qs.select_related("filing_office", "handling_office", "region", "person_in_charge", "raised_to")
    rows, field, descending = ordered(rows, order, scope)
    return render(
        request,
        "requests/list.html",
        {
            "page": page(rows, field, descending=descending, cursor=request.GET.get("dari", "")),
            "form": filters.form,
            "scope": scope,
            "scopes": scopes_of(request.user),
            "chosen": [name for name in filters.form.fields if request.GET.get(name) and name not in ("q", "order")],
            "may_file": filing.may_file(request.user),
        },
    )


@require_http_methods(["GET", "POST"])
def new(request):
    if not filing.may_file(request.user):
        messages.warning(request, _("Requests are filed by election offices; yours reads or answers them."))
        return redirect("requests:list")
    if request.method == "GET":
        return _form_page(request, _new_form(request))
    submit = request.POST.get("decision") != "draft"
    before = made_before(
        CoordinationRequest, request.POST, request.FILES, owner={"filed_by": request.user}, same=filing.SAME_REQUEST
    )
    if before and not (submit and before.state == State.DRAFT):
        return _saved(request, before, is_new=False)
    form = RequestForm(request.POST, request.FILES, actor=request.user)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        made, is_new = filing.file_request(
            form.cleaned_data, actor=request.user, client_id=form.cleaned_data["client_id"],
            body_sha256=fingerprint(request.POST, request.FILES), submit=submit,
            captured_at=answers.captured_at(request), files=form.cleaned_data["files"],
            announced=form.cleaned_data["announced"],
        )  # fmt: skip
    except DomainError as error:
        return _refused(request, form, error)
    return _saved(request, made, is_new=is_new)


def _new_form(request):
    kept = parking.parked(request)
    if kept is not None:
        return RequestForm(kept, actor=request.user)
    number = request.GET.get("hambatan", "").replace("\x00", "")
    obstacle = Obstacle.objects.visible_to(request.user).standing().of_the_network().filter(number=number).first()
    numbers = [each.replace("\x00", "") for each in request.GET.getlist("kegiatan")]
    form = RequestForm.new(request.user, obstacle, coming_activities(request.user, numbers) if numbers else ())
    told = left_out(request.user, numbers, form.initial.get("activities", "").split(", "))
    if told:
        messages.warning(request, told)
    return form


def _form_page(request, form, status=200, **context):
    return answers.page(request, "requests/form.html", {"form": form} | context, form=form, status=status)


def _refused(request, form, error, **context):
    """The same form with what was typed, and a fresh id so that it can go as a new one."""
    if isinstance(error, ReusedClientId):
        context["existing"] = error.existing
    refuse(form, error)
    return _form_page(request, form, status=422, **context)


def _saved(request, made, *, is_new):
    if made.state == State.DRAFT:
        said = _("The draft is saved. Only your office sees it until it is submitted.")
    else:
        said = _("Request %(number)s is with %(office)s.") % {"number": made.number, "office": made.handling_office}
        if made.handling_office.region_path != made.region.regency_path:
            said += " " + _("The ICT office of the region itself has nobody active.")
        said += _short_of_time(made)
    return answers.saved(request, made, said, client_id=sent_id(request.POST), is_new=is_new)


def _short_of_time(item):
    """What the confirmation of a submission adds where the activity leaves less time than the deadlines; else ""."""
    if not item.started_short or item.raised_to is None:
        return ""
    words = _("The time before the activity is shorter than the deadlines, so %(office)s was informed from the start.")
    return " " + words % {"office": item.raised_to}


@require_GET
def detail(request, slug):
    item = _get_visible(request, slug)
    return _detail_page(request, item) if slug == item.slug else redirect(item)


def _detail_page(
    request, item, *, form=None, verb=None, comment_form=None, attach_form=None, status=200, conflict=None
):
    """The request's page; a form that was refused stands in it with what was typed."""
    user = request.user
    prefetch_related_objects([item], Prefetch("watching", Watch.objects.select_related("office")))
    events = timeline(item, user)
    steps = available_steps(item, user)
    forms = [(step, form if step.verb == verb else step_form(step.verb, item)) for step in steps]
    for each, one in forms:
        one.templates = [template for template in item.templates if template["verb"] == each.verb]
    context = {
        "item": item,
        "forms": forms,
        "refused": form if verb and verb not in {step.verb for step in steps} else None,
        "refused_step": STEPS.get(verb),
        "open_verb": verb,
        "conflict": conflict,
        "missing": _what_is_missing(item, events),
        "next_step": _next_step(item, user, steps),
        "absence": Away.read(item.away) if item.state in State.WITH_HANDLER else None,
        "obstacles": item.obstacles.all(),
        "activities": [each | {"starts_at": datetime.fromisoformat(each["starts_at"])} for each in item.serves],
        "events": events,
        "comments": item.comments.readable_by(user).select_related("author", "office"),
        "attachments": item.attachments.select_related("office"),
        "missing_files": item.awaits_files and Upload.objects.about(item).missing().select_related("owner"),
        "watchers": [watch for watch in item.watching.all() if watch.office_id != item.handling_office_id],
        "may_edit": filing.may_edit(user, item),
        "comment_form": comment_form or (CommentForm(auto_id=COMMENT_IDS) if filing.may_comment(user, item) else None),
        "attach_form": attach_form,
        "may_attach": filing.may_attach(user, item),
    }
    sent = form or comment_form or attach_form
    return answers.page(request, "requests/detail.html", context, form=sent, status=status)


def _what_is_missing(item, events=None):
    """Why a request was returned, in the handling office's words; "" unless it is. `events` if they are loaded."""
    if item.state != State.RETURNED:
        return ""
    if events is None:
        events = Event.objects.about(item).filter(verb="return")
    return [event for event in events if event.verb == "return"][-1].note


def _next_step(item, user, steps):
    """Who must act now, in one sentence; and whether that is the reader's office."""
    office = item.filing_office if item.state in State.WITH_FILER else item.handling_office
    who = None if item.state in State.ENDED else office.in_service
    return {"office": who, "mine": bool(steps) and user.acts_for(office)}


@require_http_methods(["GET", "POST"])
def step(request, slug, verb):
    if verb not in STEPS:
        raise Http404
    item = _get_visible(request, slug)
    if request.method == "GET":
        return _detail_page(request, item, form=step_form(verb, item, parking.parked(request)), verb=verb)
    done = _("Done: %(step)s.") % {"step": workflow.as_taken_by(request.user, STEPS[verb], item).label}
    if came_before(item, verb, request.user, sending(request.POST)):
        return _after_step(request, item, done, is_new=False)
    form = step_form(verb, item, request.POST, request.FILES)
    if not form.is_valid():
        return _detail_page(request, item, form=form, verb=verb, status=422)
    values = dict(form.cleaned_data)
    try:
        moved = workflow.perform(
            item, verb, actor=request.user, version=values.pop("version"), values=values, sent_as=sending(request.POST)
        )
    except AlreadyDone as already:
        return _after_step(request, item, str(already), is_new=False, tell=messages.info)
    except DomainError as error:
        return _step_refused(request, item, form, verb, error)
    return _after_step(request, item, done + (_short_of_time(moved) if verb == "submit" else ""))


def _after_step(request, item, said, **options):
    """Back to the request, which a draft leaves for a new address when it gets its number."""
    item.refresh_from_db()
    return answers.saved(request, item, said, client_id=sent_id(request.POST), **options)


def _step_refused(request, item, form, verb, error):
    """Show the present state and what was typed; on a conflict the next sending goes on top of the new version."""
    form.add_error(None, str(error))
    conflict = None
    if isinstance(error, StaleVersion):
        item = _get_visible(request, item.slug)
        put_in(form, version=item.version)
        conflict = last_event(item)
    return _detail_page(request, item, form=form, verb=verb, status=409, conflict=conflict)


@require_http_methods(["GET", "POST"])
def fill(request, slug, verb):
    """The form of a step as it was typed so far, with the text of one of the office's templates in it."""
    if verb not in ANSWERED:
        raise Http404
    item = _get_visible(request, slug)
    typed = (request.POST if request.method == "POST" else parking.parked(request)) or request.GET
    template = offered_template(request.user, verb, typed.get("templat", ""))
    if template is None:
        messages.warning(request, _("Choose a template first."))
    text = template and answer_templates.fill(template.text, item, request.user.office)
    return _detail_page(request, item, form=with_text(step_form(verb, item), verb, typed, text), verb=verb)


@require_http_methods(["GET", "POST"])
def edit(request, slug):
    item = _get_visible(request, slug)
    if not filing.is_own(request.user, item) or (request.method == "GET" and not filing.may_edit(request.user, item)):
        messages.warning(request, _("A submitted request is no longer edited; write a comment instead."))
        return redirect(item)
    kept = parking.parked(request)
    if request.method == "GET":
        form = EditRequestForm.of(item, request.user, kept)
        return _form_page(request, form, item=item, missing=_what_is_missing(item))
    form = EditRequestForm.of(item, request.user, request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, form, status=422, item=item)
    values = form.cleaned_data
    try:
        filing.edit(item, values, actor=request.user, version=values["version"], files=values["files"],
                    announced=values["announced"])  # fmt: skip
    except StaleVersion as error:
        return _form_page(request, form, status=409, **conflict_of(form, error))
    except DomainError as error:
        return _refused(request, form, error, item=item)
    return answers.saved(request, item, _("The changes are saved."), client_id=sent_id(request.POST))


@require_http_methods(["GET", "POST"])
def comment(request, slug):
    item = _get_visible(request, slug)
    kept = parking.parked(request)
    if request.method == "GET":
        return _detail_page(
            request, item, comment_form=CommentForm(kept, auto_id=COMMENT_IDS) if kept is not None else None
        )
    said = _("Your comment is saved.")
    if made_before(Comment, request.POST, None, owner={"author": request.user}, same=filing.same_comment(item)):
        return answers.saved(request, item, said, client_id=sent_id(request.POST), is_new=False)
    form = CommentForm(request.POST, auto_id=COMMENT_IDS)
    if not form.is_valid():
        return _detail_page(request, item, comment_form=form, status=422)
    values = form.cleaned_data
    try:
        _made, is_new = filing.comment(
            item, values["text"], actor=request.user, client_id=values["client_id"],
            body_sha256=fingerprint(request.POST), internal=values["internal"],
            captured_at=answers.captured_at(request),
        )  # fmt: skip
    except DomainError as error:
        refuse(form, error)
        return _detail_page(request, item, comment_form=form, status=422)
    return answers.saved(request, item, said, client_id=values["client_id"], is_new=is_new)


@require_http_methods(["GET", "POST"])
def attach(request, slug):
    item = _get_visible(request, slug)
    if request.method == "GET":
        return _detail_page(request, item, attach_form=AttachForm())
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        return _detail_page(request, item, attach_form=form, status=422)
    try:
        filing.attach(item, form.cleaned_data["files"], actor=request.user)
    except AlreadyDone as done:
        messages.info(request, str(done))
        return redirect(item)
    except DomainError as error:
        form.add_error("files", str(error))
        return _detail_page(request, item, attach_form=form, status=422)
    messages.success(request, _("The files are saved."))
    return redirect(item)


@require_GET
def attachment(request, slug, key):
    item = _get_visible(request, slug)
    return file_response(get_object_or_404(item.attachments, key=key))

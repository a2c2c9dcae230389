"""Pages about obstacles: find, call the rule, answer."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from coordination.common import answers, parking
from coordination.common.errors import AlreadyDone, DomainError, ReusedClientId, StaleVersion
from coordination.common.forms import refuse
from coordination.common.idempotency import fingerprint, made_before, sent_id
from coordination.common.paging import page
from coordination.common.serving import file_response
from coordination.common.uploads import small_copy
from coordination.history.answering import StepPages, conflict_of
from coordination.history.timeline import timeline
from coordination.networks.models import Assessment
from coordination.obstacles import filing, lifecycle
from coordination.obstacles.choices import ObstacleState
from coordination.obstacles.filters import ObstacleFilter, order_of
from coordination.obstacles.forms import EditObstacleForm, JoinForm, ObstacleForm, step_form
from coordination.obstacles.lifecycle import STEPS, available_steps
from coordination.obstacles.models import Obstacle, Participation
from coordination.obstacles.queries import answering_office, operator_names, same_elsewhere
from coordination.offices.choices import Kind
from coordination.uploads.models import Upload, awaits_files

SHOWN_DUPLICATES = 5
SHOWN_REQUESTS = 10


def _get_visible(request, number):
    """The obstacle of this number, or 404 for whoever may not know of it."""
    visible = Obstacle.objects.visible_to(request.user)
    visible = visible.annotate(awaits_files=awaits_files(Obstacle), operator_names=operator_names())
    visible = visible.select_related("region", "office", "reported_by", "merged_into")
    return get_object_or_404(visible, number=number.replace("\x00", ""))


@require_GET
def obstacle_list(request):
    filters = ObstacleFilter(request.GET, Obstacle.objects.visible_to(request.user), user=request.user)
    rows = filters.qs.select_related("office", "region")
    field, descending = order_of(request.GET.get("order"))
    context = {
        "page": page(rows, field, descending=descending, cursor=request.GET.get("dari", "")),
        "form": filters.form,
        "chosen": [name for name in filters.form.fields if request.GET.get(name) and name not in ("q", "order")],
        "may_report": filing.may_report(request.user),
    }
    return render(request, "obstacles/list.html", context)


@require_http_methods(["GET", "POST"])
def report(request):
    if not filing.may_report(request.user):
        messages.warning(request, _("Your office reads obstacles but does not report them."))
        return redirect("obstacles:list")
    if request.method == "GET":
        kept = parking.parked(request)
        if kept is not None:
            return _form_page(request, ObstacleForm(kept, actor=request.user))
        return _form_page(request, ObstacleForm.new(request.user, _measurement(request)))
    before = made_before(
        Obstacle, request.POST, request.FILES, owner={"reported_by": request.user}, same=filing.SAME_OBSTACLE
    )
    if before:
        return _recorded(request, before, is_new=False)
    form = ObstacleForm(request.POST, request.FILES, actor=request.user)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    decision = request.POST.get("decision", "")
    if decision.startswith("join:"):
        return _join_instead(request, form, decision.removeprefix("join:"))
    # What waited on a device is recorded at once: nobody is there to be asked, and its page shows what it may repeat.
    at_once = decision == "new" or "queued" in request.POST
    duplicates = [] if at_once else _likely_duplicates(request, form.cleaned_data)
    if duplicates:
        asks = _("Is your obstacle recorded here already?")
        return _form_page(request, form, status=422, asks=asks, duplicates=duplicates)
    return _report(request, form)


@cache_control(no_cache=True)
@require_GET
def offline(request):
    """The form that devices keep for the time without a network. It is nobody's: made without the request.

    Whoever opens it with a network is asked who they are: the form shows what was typed by whom the device saw last.
    """
    if request.headers.get("Sec-Fetch-Mode") == "navigate":
        return redirect("my_work")
    with translation.override(settings.LANGUAGE_CODE):
        form = ObstacleForm(actor=AnonymousUser(), initial={"client_id": ""})  # each report kept there gets an id
        context = {"form": form, "is_kept": True, "is_demo": settings.DEMO}
        return HttpResponse(render_to_string("obstacles/offline.html", context))


def _measurement(request):
    """The measurement that ?ukur= names, or None where there is none for this reader."""
    try:
        key = uuid.UUID(request.GET.get("ukur", ""))
    except ValueError:
        return None
    return _measurements(request.user).filter(key=key).first()


def _measurements(user):
    """Those that the user may know of; that of an obstacle can be of a wider or another region."""
    return Assessment.objects.visible_to(user).select_related("region", "operator")


def _report(request, form):
    values = form.cleaned_data
    try:
        made, is_new = filing.report(
            values, actor=request.user, client_id=values["client_id"],
            body_sha256=fingerprint(request.POST, request.FILES), captured_at=answers.captured_at(request),
            photos=values["photos"], announced=values["announced"],
        )  # fmt: skip
    except DomainError as error:
        return _refused(request, form, error)
    return _recorded(request, made, is_new=is_new)


def _recorded(request, made, *, is_new):
    said = _("Obstacle %(number)s is recorded.") % {"number": made.number}
    return answers.saved(request, made, said, client_id=sent_id(request.POST), is_new=is_new)


def _likely_duplicates(request, values):
    """Obstacles that this report may repeat; none when the form was sent before, so that its replay finds its row."""
    fields = {name: values[name] for name in ("region", "kind", "since", "until")}
    near = Obstacle.objects.visible_to(request.user).likely_duplicates(**fields).select_related("region", "office")
    joined = Prefetch("participations", Participation.objects.select_related("office"))
    found = list(near.prefetch_related("photos", joined).order_by("-created_at")[:SHOWN_DUPLICATES])
    # Asked last: the other half of a double click may have been saved while this one was looking.
    return [] if Obstacle.objects.filter(client_id=values["client_id"]).exists() else found


def _join_instead(request, form, number):
    obstacle = Obstacle.objects.visible_to(request.user).filter(number=number.replace("\x00", "")).first()
    if obstacle is None:
        return _refused(request, form, DomainError(_("The obstacle to join is not among those of your region.")))
    values = form.cleaned_data
    try:
        filing.join(
            obstacle, values["description"], actor=request.user, client_id=values["client_id"],
            body_sha256=fingerprint(request.POST), captured_at=answers.captured_at(request),
        )  # fmt: skip
    except AlreadyDone as done:
        return _done(request, obstacle, str(done), is_new=False, tell=messages.info)
    except DomainError as error:
        return _refused(request, form, error)
    return _joined(request, obstacle)


def _joined(request, obstacle, *, is_new=True):
    return _done(request, obstacle, _("Your office has joined %(number)s.") % {"number": obstacle}, is_new=is_new)


def _done(request, obstacle, said, **options):
    """The answer to what was done about an obstacle that was there already."""
    return answers.saved(request, obstacle, said, client_id=sent_id(request.POST), **options)


def _form_page(request, form, status=200, asks="", **context):
    context["form"] = form
    return answers.page(request, "obstacles/form.html", context, form=form, status=status, asks=asks)


def _refused(request, form, error, **context):
    """The same form with what was typed, and a fresh id so that it can go as a new one."""
    if isinstance(error, ReusedClientId):
        context["existing"] = getattr(error.existing, "obstacle", error.existing)
    refuse(form, error)
    return _form_page(request, form, status=422, **context)


@require_GET
def detail(request, number):
    return _detail_page(request, _get_visible(request, number))


def _detail_page(request, obstacle, *, form=None, verb=None, join_form=None, status=200, refusal="", conflict=None):
    """The obstacle's page; a form that was refused stands in it with what was typed."""
    user = request.user
    _load_participations(obstacle)
    merged, similar = same_elsewhere(obstacle, user, SHOWN_DUPLICATES)
    steps = available_steps(obstacle, user)
    stands = obstacle.state in ObstacleState.STANDING
    answering = answering_office(obstacle) if stands else None
    mine = answering is not None and answering.pk == user.office_id
    may_join = not mine and not user.acts_for(obstacle.office) and filing.may_join(user, obstacle)
    context = {
        "obstacle": obstacle,
        "measurement": _measurements(user).filter(pk=obstacle.measurement_id).first()
        if obstacle.measurement_id
        else None,
        "forms": [(step, form if step.verb == verb else step_form(obstacle, step, user)) for step in steps],
        "refusal": refusal,
        "refused": form if verb and verb not in {step.verb for step in steps} and form.is_bound else None,
        "open_verb": verb,
        "conflict": conflict,
        "answering": answering,
        "mine": mine,
        "similar": similar,
        "photos": obstacle.photos.all(),
        "missing_files": obstacle.awaits_files and Upload.objects.about(obstacle).missing().select_related("owner"),
        "operators": obstacle.operator_names,
        "participations": obstacle.participations.all(),
        "duplicates": merged,
        "coordination_requests": obstacle.requests.visible_to(user).order_by("-created_at")[:SHOWN_REQUESTS],
        "events": timeline(obstacle, user),
        "may_edit": filing.may_edit(user, obstacle),
        "may_file": user.acts and user.office.kind == Kind.KPU and obstacle.is_of_the_network and stands,
        "join_form": join_form or (JoinForm() if may_join else None),
        "join_open": join_form is not None,
    }
    return answers.page(request, "obstacles/detail.html", context, form=form or join_form, status=status)


def _load_participations(obstacle):
    """Once for the page that shows them and for the rule that asks who has joined."""
    joined = Participation.objects.select_related("office", "official")
    prefetch_related_objects([obstacle], Prefetch("participations", joined))


@require_http_methods(["GET", "POST"])
def step(request, number, verb):
    if verb not in STEPS:
        raise Http404
    pages = StepPages(lifecycle, find=_get_visible, form=step_form, page=_detail_page)
    return pages.take(request, _get_visible(request, number), STEPS[verb])


@require_http_methods(["GET", "POST"])
def join(request, number):
    obstacle = _get_visible(request, number)
    if request.method == "GET":
        kept = parking.parked(request)
        _load_participations(obstacle)
        may_join = filing.may_join(request.user, obstacle)
        return _detail_page(request, obstacle, join_form=JoinForm(kept) if kept is not None or may_join else None)
    if made_before(Participation, request.POST, None, owner={"official": request.user, "obstacle": obstacle}):
        return _joined(request, obstacle, is_new=False)
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, obstacle, join_form=form, status=422)
    values = form.cleaned_data
    try:
        filing.join(
            obstacle, values["need"], actor=request.user, client_id=values["client_id"],
            body_sha256=fingerprint(request.POST), captured_at=answers.captured_at(request),
        )  # fmt: skip
    except AlreadyDone as done:
        return _done(request, obstacle, str(done), is_new=False, tell=messages.info)
    except DomainError as error:
        refuse(form, error)
        return _detail_page(request, obstacle, join_form=form, status=409)
    return _joined(request, obstacle)


@require_http_methods(["GET", "POST"])
def edit(request, number):
    obstacle = _get_visible(request, number)
    if request.method == "GET":
        return _edit_page(request, obstacle)
    if not filing.is_own(request.user, obstacle):
        return _may_not_edit(request, obstacle)
    form = EditObstacleForm(
        request.POST, request.FILES, actor=request.user, obstacle=obstacle, initial={"version": obstacle.version}
    )
    if not form.is_valid():
        return _form_page(request, form, status=422, item=obstacle)
    values = form.cleaned_data
    try:
        filing.edit(obstacle, values, actor=request.user, version=values["version"], photos=values["photos"],
                    announced=values["announced"])  # fmt: skip
    except AlreadyDone as done:
        return _done(request, obstacle, str(done), is_new=False, tell=messages.info)
    except StaleVersion as error:
        return _form_page(request, form, status=409, **conflict_of(form, error))
    except DomainError as error:
        return _refused(request, form, error, item=obstacle)
    return _done(request, obstacle, _("The changes are saved."))


def _edit_page(request, obstacle):
    """The form as it was typed before signing in again, else as the obstacle stands."""
    kept = parking.parked(request) if filing.is_own(request.user, obstacle) else None
    if kept is not None:
        form = EditObstacleForm(kept, actor=request.user, obstacle=obstacle)
        return _form_page(request, form, item=obstacle)
    if not filing.may_edit(request.user, obstacle):
        return _may_not_edit(request, obstacle)
    return _form_page(request, EditObstacleForm.of(obstacle, request.user), item=obstacle)


def _may_not_edit(request, obstacle):
    messages.warning(request, _("Only the office that reported an obstacle edits it, while it stands."))
    return redirect(obstacle)


@require_GET
def photo(request, number, key):
    """The photo, or with ?kecil a small copy of it for lists."""
    stored = get_object_or_404(_get_visible(request, number).photos, key=key)
    return file_response(small_copy(stored) if "kecil" in request.GET else stored)

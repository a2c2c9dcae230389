"""Writing a draft, changing it, commenting, attaching files. What moves a request is in workflow.py."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.campaigns.models import CampaignActivity
from coordination.common.errors import AlreadyDone, NotPermitted, TransitionNotAllowed
from coordination.common.idempotency import Same, create_once
from coordination.common.uploads import clean_upload
from coordination.history.recording import record
from coordination.history.stepping import lock, refuse_stale
from coordination.obstacles.models import Obstacle
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.requests import attaching, workflow
from coordination.requests.choices import State
from coordination.requests.models import Comment, CoordinationRequest
from coordination.uploads import resuming

EDITABLE = ("region", "subject", "text", "urgency", "activity_on")
CHANGEABLE_IN = (State.DRAFT, State.RETURNED)
# Whoever withdrew a request, or was declined, may file the very same again.
SAME_REQUEST = Same(unless={"state__in": State.ENDED})


def may_file(actor):
    """Election offices file requests."""
    return actor.acts and actor.office.kind == Kind.KPU


def is_own(actor, request):
    """Whether the request is one that this person's office files."""
    return actor.acts_for(request.filing_office)


def may_edit(actor, request):
    return is_own(actor, request) and request.state in CHANGEABLE_IN


def may_comment(actor, request):
    """Every office involved: the one that filed, the one that handles, those that watch."""
    if not actor.acts or request.state == State.DRAFT:
        return False
    if actor.acts_for(request.filing_office) or actor.acts_for(request.handling_office):
        return True
    # Few offices ever watch a request, and its page has loaded them: no query of its own.
    return any(actor.acts_for(watch.office) for watch in request.watching.all())


def may_attach(actor, request):
    """The offices involved in an open request, and the filing office while it writes."""
    return request.state not in State.ENDED and (may_edit(actor, request) or may_comment(actor, request))


def file_request(values, *, actor, client_id, body_sha256, submit, captured_at=None, files=(), announced=(), at=None):
    """Make a draft and, if `submit`, submit it in the same transaction. Returns (request, is_new).

    `files` came with it, those `announced` (uploads.resuming.expect) follow in pieces.
    """
    if not may_file(actor):
        raise NotPermitted(_("Requests are filed by election offices; yours reads or answers them."))

    def make():
        request = CoordinationRequest(
            **{field: values[field] for field in EDITABLE if field in values},
            client_id=client_id,
            body_sha256=body_sha256,
            captured_at=captured_at,
            region_name=values["region"].full_name,
            filing_office=actor.office,
            filed_by=actor,
        )
        named = values["obstacles"], values.get("activities", ())
        _refuse_foreign(request.region, *named, actor)
        request.save(force_insert=True)
        if at:
            CoordinationRequest.objects.filter(pk=request.pk).update(created_at=at, updated_at=at)
            request.refresh_from_db()
        _name(request, *named)
        attaching.keep(request, files, announced, actor=actor)
        if submit:
            workflow.hold_for_submission(request, at or timezone.now())
        record(request, "draft", actor=actor, to_state=request.state, data={"moves": True},
               only_for=actor.office, at=at)  # fmt: skip
        if submit:
            return workflow.perform(request, "submit", actor=actor, version=request.version, at=at)
        return request

    request, is_new = create_once(
        CoordinationRequest, client_id, body_sha256, owner={"filed_by_id": actor.pk}, make=make, same=SAME_REQUEST
    )
    if submit and not is_new and request.state == State.DRAFT:
        # Saved as a draft first, and after going back sent with the other button.
        request = _submit_once(request, actor, at)
    return request, is_new


def _submit_once(request, actor, at):
    """Submit it, unless the other half of a double click has just done so."""
    try:
        return workflow.perform(request, "submit", actor=actor, version=request.version, at=at)
    except AlreadyDone:
        request.refresh_from_db()
        return request


def _refuse_foreign(region, obstacles, activities, actor):
    """Forged ids fail here, even if a form let them through."""
    if not Jurisdiction.of(actor).covers(region) or not (
        _are_all_here(Obstacle, obstacles, region, actor) and _are_all_here(CampaignActivity, activities, region, actor)
    ):
        raise NotPermitted(
            _("The region, an obstacle or an activity is outside your jurisdiction or another regency's.")
        )


def _are_all_here(model, rows, region, actor):
    """Whether the actor may know of all these rows, and all lie in the regency of the region."""
    if not rows:
        return True
    here = model.objects.visible_to(actor).filter(region__path__startswith=region.regency_path)
    return here.filter(pk__in=[row.pk for row in rows]).count() == len(rows)


def _name(request, obstacles, activities):
    request.obstacles.set(obstacles)
    request.activities.set(activities)


@transaction.atomic
def edit(request, values, *, actor, version, files=(), announced=()):
    """Change a draft or a returned request on the version that was seen. Returns it as saved."""
    locked = lock(request)
    if not is_own(actor, locked):
        raise NotPermitted(_("Only the office that files a request edits it."))
    if locked.state not in CHANGEABLE_IN:
        raise TransitionNotAllowed(_("A submitted request is no longer edited; write a comment instead."))
    changed = [field for field in EDITABLE if getattr(locked, field) != values[field]]
    named = {"obstacles": values["obstacles"], "activities": values.get("activities", ())}
    changed += [name for name, rows in named.items() if set(getattr(locked, name).all()) != set(rows)]
    added = attaching.unknown(locked, files)
    announced = resuming.not_yet_expected(announced, owner=actor)
    if not changed and not added and not announced:
        return locked  # it stands as typed: a double click, or nothing to save
    refuse_stale(locked, version)
    _refuse_foreign(values["region"], *named.values(), actor)
    if locked.number and locked.region.regency_path != values["region"].regency_path:
        raise TransitionNotAllowed(_("A numbered request stays in its regency; file a new one for another."))
    for field in EDITABLE:
        setattr(locked, field, values[field])
    locked.region_name = locked.region.full_name
    locked.version += 1
    locked.save()
    _name(locked, *named.values())
    attaching.keep(locked, added, announced, actor=actor)
    data = {"moves": True, "changed": changed, "files": len(added)}
    record(locked, "edit", actor=actor, from_state=locked.state, to_state=locked.state, data=data,
           only_for=None if locked.number else actor.office)  # fmt: skip
    return locked


def comment(request, text, *, actor, client_id, body_sha256, internal=False, captured_at=None, at=None):
    """Write a comment to all offices involved, or an internal note to one's own. Returns (comment, is_new)."""

    def make():
        locked = lock(request)
        if not may_comment(actor, locked):
            raise NotPermitted(_("Only the offices involved in a request comment on it."))
        row = Comment.objects.create(
            request=locked, author=actor, office=actor.office, text=text, internal=internal,
            client_id=client_id, body_sha256=body_sha256, captured_at=captured_at,
        )  # fmt: skip
        if at:
            Comment.objects.filter(pk=row.pk).update(created_at=at)
        record(locked, "note" if internal else "comment", actor=actor, from_state=locked.state,
               to_state=locked.state, only_for=actor.office if internal else None, at=at)  # fmt: skip
        return row

    same = same_comment(request)
    return create_once(Comment, client_id, body_sha256, owner={"author_id": actor.pk}, make=make, same=same)


def same_comment(request):
    """The same words on the same request are the same comment for an hour; later they may be meant again."""
    return Same(within=timedelta(hours=1), about={"request": request})


def _takes_announced(actor, request):
    """As for attaching, but whatever was announced in time may arrive after the end: a result is soon confirmed."""
    return may_edit(actor, request) or may_comment(actor, request)


@transaction.atomic
def attach(request, files, *, actor, allowed=may_attach):
    """Add evidence to a request.

    Raises NotPermitted, TransitionNotAllowed beyond ten files, AlreadyDone when all of them are attached already.
    """
    locked = lock(request)
    if not allowed(actor, locked):
        raise NotPermitted(_("Only the offices involved in an open request attach files to it."))
    added = attaching.keep(locked, files, (), actor=actor)
    if not added:
        raise AlreadyDone(_("These files are attached already."))
    record(locked, "attach", actor=actor, from_state=locked.state, to_state=locked.state, data={"files": added},
           only_for=actor.office if locked.state == State.DRAFT else None, at=timezone.now())  # fmt: skip


def receive_file(request, upload, *, actor):
    """Attach a file that was announced with the request and has arrived. `upload` is the whole file.

    Raises ValidationError for what is neither photo nor PDF, and what `attach` raises.
    """
    attach(request, [clean_upload(upload)], actor=actor, allowed=_takes_announced)

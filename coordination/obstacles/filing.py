"""Reporting an obstacle, joining one that is known already, editing one, adding photos."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.common.errors import AlreadyDone, NotPermitted, TransitionNotAllowed
from coordination.common.idempotency import create_once
from coordination.history.numbering import next_number
from coordination.history.recording import record
from coordination.history.stepping import lock, refuse_stale
from coordination.obstacles.choices import ObstacleState
from coordination.obstacles.models import Obstacle, Participation, Photo
from coordination.offices.choices import Kind
from coordination.regions.models import Region

MAX_PHOTOS = 10
EDITABLE = (
    "region", "place", "latitude", "longitude", "kind", "form", "technology", "has_electricity", "people_affected",
    "since", "until", "download_mbps", "upload_mbps", "latency_ms", "description",
)  # fmt: skip


def may_report(actor):
    """Election offices and ICT offices report obstacles; oversight and viewers read."""
    return actor.acts and actor.office.kind in (Kind.KPU, Kind.KOMINFO)


def may_edit(actor, obstacle):
    """The office that reported it, while the obstacle stands."""
    return actor.acts and actor.office_id == obstacle.office_id and obstacle.state in ObstacleState.STANDING


def may_join(actor, obstacle):
    return may_report(actor) and obstacle.state in ObstacleState.STANDING


def report(values, *, actor, client_id, body_sha256, photos=(), at=None):
    """File one obstacle with its number. `values` are EDITABLE fields and `operators`. Returns (obstacle, is_new).

    Raises NotPermitted outside the actor's jurisdiction or kind of office, and what create_once raises.
    """
    if not may_report(actor):
        raise NotPermitted(_("Your office reads obstacles but does not report them."))

    def make():
        now = at or timezone.now()
        region = values["region"]
        obstacle = Obstacle(
            **{field: values[field] for field in EDITABLE if field in values},
            client_id=client_id,
            body_sha256=body_sha256,
            region_name=region.full_name,
            reported_by=actor,
            office=actor.office,
            number=next_number("HB", _regency(region), timezone.localdate(now).year),
        )
        obstacle.save(force_insert=True)
        obstacle.operators.set(values.get("operators", ()))
        _refuse_foreign(obstacle, actor)
        if at:
            Obstacle.objects.filter(pk=obstacle.pk).update(created_at=at, updated_at=at)
        _store_photos(obstacle, photos, actor)
        record(obstacle, "report", actor=actor, to_state=obstacle.state, data={"moves": True}, at=at)
        return obstacle

    return create_once(Obstacle, client_id, body_sha256, owner={"reported_by_id": actor.pk}, make=make)


def _regency(region):
    return region if region.path == region.regency_path else Region.objects.get(path=region.regency_path)


def _refuse_foreign(obstacle, actor):
    """Roll back when a forged region took the row out of the actor's own sight."""
    if not Obstacle.objects.visible_to(actor).filter(pk=obstacle.pk).exists():
        raise NotPermitted(_("This region is outside your jurisdiction."))


def _store_photos(obstacle, photos, actor):
    """Keep each photo once: sending the same one twice, as a double click does, adds nothing."""
    known = set(obstacle.photos.values_list("sha256", flat=True))
    photos = list({photo.sha256: photo for photo in photos if photo.sha256 not in known}.values())
    if obstacle.photos.count() + len(photos) > MAX_PHOTOS:
        raise TransitionNotAllowed(_("An obstacle can have at most %(most)s photos.") % {"most": MAX_PHOTOS})
    for photo in photos:
        Photo.of(photo, obstacle=obstacle, added_by=actor).save()


@transaction.atomic
def edit(obstacle, values, *, actor, version, photos=()):
    """Save the changed fields on the version that was seen. Returns the obstacle as saved.

    Raises NotPermitted, StaleVersion (nothing is saved) or TransitionNotAllowed.
    """
    locked = lock(obstacle)
    if actor.office_id != locked.office_id or not actor.acts:
        raise NotPermitted(_("Only the office that reported an obstacle edits it."))
    if locked.state not in ObstacleState.STANDING:
        raise TransitionNotAllowed(_("A cleared or merged obstacle is no longer edited."))
    refuse_stale(locked, version)
    changed = _changes(locked, values)
    for field in EDITABLE:
        if field in values:
            setattr(locked, field, values[field])
    locked.region_name = locked.region.full_name
    locked.version += 1
    locked.save()
    locked.operators.set(values.get("operators", locked.operators.all()))
    _refuse_foreign(locked, actor)
    _store_photos(locked, photos, actor)
    data = {"moves": True, "changed": changed, "photos": len(photos)}
    record(locked, "edit", actor=actor, from_state=locked.state, to_state=locked.state, data=data)
    return locked


def _changes(obstacle, values):
    """Old and new of each changed field; of the long text only that it changed, since it may name people."""
    changed = {}
    for field in EDITABLE:
        if field not in values or getattr(obstacle, field) == values[field]:
            continue
        old, new = getattr(obstacle, field), values[field]
        changed[field] = [] if field == "description" else [str(old), str(new)]
    return changed


def join(obstacle, need, *, actor, client_id, body_sha256, at=None):
    """Add the actor's need to an obstacle that stands already. Returns (participation, is_new)."""

    def make():
        locked = lock(obstacle)
        if not may_join(actor, locked):
            raise TransitionNotAllowed(_("This obstacle can no longer be joined; report a new one."))
        if locked.participations.filter(office=actor.office, official=actor).exists():
            raise AlreadyDone(_("You have already joined %(number)s.") % {"number": locked.number})
        participation = Participation.objects.create(
            obstacle=locked, office=actor.office, official=actor, need=need,
            client_id=client_id, body_sha256=body_sha256,
        )  # fmt: skip
        record(locked, "join", actor=actor, from_state=locked.state, to_state=locked.state, at=at)
        return participation

    return create_once(Participation, client_id, body_sha256, owner={"official_id": actor.pk}, make=make)

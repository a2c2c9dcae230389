"""Reporting an obstacle, joining one that is known already, editing one, adding photos."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.common.errors import AlreadyDone, NotPermitted, ReusedClientId, TransitionNotAllowed
from coordination.common.idempotency import Same, create_once
from coordination.common.uploads import clean_upload
from coordination.history.numbering import next_number
from coordination.history.recording import record
from coordination.history.stepping import lock, refuse_stale
from coordination.networks.models import Assessment
from coordination.obstacles.choices import ObstacleKind, ObstacleState
from coordination.obstacles.models import Obstacle, Participation, Photo
from coordination.offices.choices import Kind
from coordination.regions.models import Region
from coordination.uploads import resuming

MAX_PHOTOS = 10
# What was cleared or merged may come back, and be reported in the same words.
SAME_OBSTACLE = Same(unless={"state__in": (ObstacleState.CLEARED, ObstacleState.MERGED)})
EDITABLE = (
    "region", "place", "latitude", "longitude", "kind", "form", "technology", "has_electricity", "people_affected",
    "since", "until", "download_mbps", "upload_mbps", "latency_ms", "description",
)  # fmt: skip
# Of these the history says that they changed, but not from what to what: they may name people.
FREE_TEXT = ("place", "description")


def may_report(actor):
    """Election offices and ICT offices report obstacles; oversight and viewers read."""
    return actor.acts and actor.office.kind in (Kind.KPU, Kind.KOMINFO)


def may_edit(actor, obstacle):
    """The office that reported it, while the obstacle stands."""
    return is_own(actor, obstacle) and obstacle.state in ObstacleState.STANDING


def is_own(actor, obstacle):
    """Whether the actor works in the office that reported the obstacle."""
    return actor.acts_for(obstacle.office)


def may_join(actor, obstacle):
    """Whoever may report, once, while the obstacle stands."""
    if not may_report(actor) or obstacle.state not in ObstacleState.STANDING:
        return False
    # The page of the obstacle has loaded them: no query of its own.
    seats = [(part.official_id, part.office_id) for part in obstacle.participations.all()]
    return (actor.pk, actor.office_id) not in seats


def _joined(actor, obstacle):
    return obstacle.participations.filter(official=actor, office__in=actor.own_offices)


def report(values, *, actor, client_id, body_sha256, captured_at=None, photos=(), announced=(), at=None):
    """File one obstacle with its number. Returns (obstacle, is_new).

    `values` are EDITABLE fields, `operators`, and `measurement`, an Assessment that the actor may know of. `photos`
    came with it, those `announced` (uploads.resuming.expect) follow in pieces. A form that comes again finds its
    obstacle.
    Raises NotPermitted outside the actor's jurisdiction or kind of office, and what create_once raises.
    """
    if not may_report(actor):
        raise NotPermitted(_("Your office reads obstacles but does not report them."))

    def make():
        now = at or timezone.now()
        region = values["region"]
        obstacle = Obstacle(
            **{field: values[field] for field in EDITABLE if field in values},
            measurement=values.get("measurement"),
            client_id=client_id,
            body_sha256=body_sha256,
            captured_at=captured_at,
            region_name=region.full_name,
            reported_by=actor,
            office=actor.office,
            number=next_number("HB", _regency(region), timezone.localdate(now).year),
        )
        obstacle.save(force_insert=True)
        obstacle.operators.set(values.get("operators", ()))
        _refuse_foreign(obstacle, actor)
        _refuse_foreign_measurement(obstacle, actor)
        if at:
            Obstacle.objects.filter(pk=obstacle.pk).update(created_at=at, updated_at=at)
        _store_photos(obstacle, photos, actor)
        resuming.expect(obstacle, announced, owner=actor)
        record(obstacle, "report", actor=actor, to_state=obstacle.state, data={"moves": True}, at=at)
        return obstacle

    return create_once(
        Obstacle, client_id, body_sha256, owner={"reported_by_id": actor.pk}, make=make, same=SAME_OBSTACLE
    )


def _regency(region):
    return region if region.path == region.regency_path else Region.objects.get(path=region.regency_path)


def _refuse_foreign(obstacle, actor):
    """Roll back when a forged region took the row out of the actor's own sight."""
    if not Obstacle.objects.visible_to(actor).filter(pk=obstacle.pk).exists():
        raise NotPermitted(_("This region is outside your jurisdiction."))


def _refuse_foreign_measurement(obstacle, actor):
    key = obstacle.measurement_id
    if key and not Assessment.objects.visible_to(actor).filter(pk=key).exists():
        raise NotPermitted(_("The measurement is not among those of your region."))


def _store_photos(obstacle, photos, actor):
    for photo in _unknown(obstacle, photos):
        Photo.of(photo, obstacle=obstacle, added_by=actor).save()


def _unknown(obstacle, photos):
    """The photos that the obstacle does not have: sending the same one twice, as a double click does, adds nothing."""
    known = set(obstacle.photos.values_list("sha256", flat=True))
    unknown = list({photo.sha256: photo for photo in photos if photo.sha256 not in known}.values())
    if len(known) + len(unknown) > MAX_PHOTOS:
        raise TransitionNotAllowed(_("An obstacle can have at most %(most)s photos.") % {"most": MAX_PHOTOS})
    return unknown


def receive_photo(obstacle, upload, *, actor):
    """Add a photo that was announced with the report and has arrived. `upload` is the whole file.

    Raises ValidationError for what is no photo, TransitionNotAllowed beyond ten, AlreadyDone when it is here already.
    """
    photo = clean_upload(upload, images_only=True)
    locked = lock(obstacle)
    if not _unknown(locked, [photo]):
        raise AlreadyDone(_("These files are attached already."))
    _store_photos(locked, [photo], actor)
    record(locked, "attach", actor=actor, from_state=locked.state, to_state=locked.state, data={"photos": 1})


@transaction.atomic
def edit(obstacle, values, *, actor, version, photos=(), announced=()):
    """Save the changed fields on the version that was seen. Returns the obstacle as saved.

    Raises NotPermitted, TransitionNotAllowed, StaleVersion, or AlreadyDone when everything stands as typed (as it
    does when the form was sent twice); nothing is saved then.
    """
    locked = lock(obstacle)
    if not is_own(actor, locked):
        raise NotPermitted(_("Only the office that reported an obstacle edits it."))
    if locked.state not in ObstacleState.STANDING:
        raise TransitionNotAllowed(_("A cleared or merged obstacle is no longer edited."))
    changed = changes(locked, values)
    added = _unknown(locked, photos)
    announced = resuming.not_yet_expected(announced, owner=actor)
    if not changed and not added and not announced:
        raise AlreadyDone(_("%(number)s stands as you wrote it; there was nothing to change.") % {"number": locked})
    refuse_stale(locked, version)
    if "kind" in changed:
        _refuse_leaving_the_network(locked, values["kind"])
    _put(locked, values)
    _refuse_foreign(locked, actor)
    _store_photos(locked, added, actor)
    resuming.expect(locked, announced, owner=actor)
    data = {"moves": True, "changed": _told(changed), "photos": len(added)}
    record(locked, "edit", actor=actor, from_state=locked.state, to_state=locked.state, data=data)
    return locked


def _refuse_leaving_the_network(obstacle, kind):
    """A numbered request names obstacles of the network only; a draft is refused when it is submitted."""
    if kind in ObstacleKind.NOT_NETWORK and obstacle.requests.exclude(number=None).exists():
        raise TransitionNotAllowed(_("A request names this obstacle, so it stays one of the network."))


def _put(obstacle, values):
    """Write the values into the row. Its number and its ICT office are those of the regency, so that stays."""
    regency = obstacle.region.regency_path
    for field in EDITABLE:
        if field in values:
            setattr(obstacle, field, values[field])
    if obstacle.region.regency_path != regency:
        raise NotPermitted(_("An obstacle stays in its regency or city. Report a new one for another."))
    obstacle.region_name = obstacle.region.full_name
    obstacle.version += 1
    obstacle.save()
    if "operators" in values:
        obstacle.operators.set(values["operators"])


def changes(obstacle, values):
    """{field: (present value, new value)} of what differs between the row and the values."""
    present = {field: getattr(obstacle, field) for field in EDITABLE if field in values}
    if "operators" in values:
        present["operators"] = list(obstacle.operators.order_by("pk"))
        values = values | {"operators": sorted(values["operators"], key=lambda operator: operator.pk)}
    return {field: (value, values[field]) for field, value in present.items() if value != values[field]}


def _told(changed):
    """The changes as the history keeps them."""
    return {field: [] if field in FREE_TEXT else [_as_text(value) for value in pair] for field, pair in changed.items()}


def _as_text(value):
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def join(obstacle, need, *, actor, client_id, body_sha256, captured_at=None, at=None):
    """Add the actor's need to an obstacle that stands already. Returns (participation, is_new).

    Raises NotPermitted, TransitionNotAllowed, AlreadyDone when this very need stands already, and what create_once
    raises.
    """
    if not may_report(actor):
        raise NotPermitted(_("Your office reads obstacles but does not report them."))

    def make():
        locked = lock(obstacle)
        if locked.state not in ObstacleState.STANDING:
            raise TransitionNotAllowed(_("This obstacle can no longer be joined; report a new one."))
        _refuse_foreign(locked, actor)
        _refuse_second_joining(locked, need, actor)
        participation = Participation.objects.create(
            obstacle=locked, office=actor.office, official=actor, need=need,
            client_id=client_id, body_sha256=body_sha256, captured_at=captured_at,
        )  # fmt: skip
        record(locked, "join", actor=actor, from_state=locked.state, to_state=locked.state, at=at)
        return participation

    made, is_new = create_once(Participation, client_id, body_sha256, owner={"official_id": actor.pk}, make=make)
    if made.obstacle_id != obstacle.pk:
        raise ReusedClientId(
            _("This form was already sent, and joined you to %(number)s.") % {"number": made.obstacle}, made
        )
    return made, is_new


def _refuse_second_joining(obstacle, need, actor):
    earlier = _joined(actor, obstacle).first()
    if earlier is None:
        return
    sentence = _("You have already joined %(number)s.") % {"number": obstacle.number}
    raise AlreadyDone(sentence) if earlier.need == need else TransitionNotAllowed(sentence)

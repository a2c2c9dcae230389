"""Recording what was measured; the level follows from the figures and is never sent by anybody."""

from django.utils.translation import gettext as _

from coordination.common.errors import AlreadyDone, NotPermitted, TransitionNotAllowed
from coordination.common.idempotency import Same, create_once
from coordination.common.uploads import clean_upload
from coordination.history.recording import record
from coordination.networks import rollup
from coordination.networks.choices import Method
from coordination.networks.levels import classify
from coordination.networks.models import Assessment, Screenshot, Threshold
from coordination.offices.choices import Kind
from coordination.uploads import resuming

MAX_SCREENSHOTS = 3
FIELDS = (
    "region", "place", "operator", "technology", "network_type", "device", "download_mbps", "upload_mbps",
    "latency_ms", "jitter_ms", "loss_percent", "signal_dbm", "method", "source", "measured_at", "bytes_used", "note",
)  # fmt: skip


def may_measure(actor):
    """Election offices and ICT offices record measurements; oversight and viewers read."""
    return actor.acts and actor.office.kind in (Kind.KPU, Kind.KOMINFO)


def record_assessment(
    values, *, actor, client_id, body_sha256, captured_at=None, screenshots=(), announced=(), at=None
):
    """Record one measurement. `values` are FIELDS. Returns (assessment, is_new).

    `screenshots` came with it, those `announced` (uploads.resuming.expect) follow in pieces. A form that comes again
    finds its measurement.
    Raises NotPermitted outside the actor's jurisdiction or kind of office, TransitionNotAllowed for more than
    MAX_SCREENSHOTS, and what create_once raises.
    """
    if not may_measure(actor):
        raise NotPermitted(_("Your office reads measurements but does not record them."))

    def make():
        assessment = Assessment(
            **{field: values[field] for field in FIELDS if field in values},
            level=classify(values, Threshold.objects.best_first()),
            client_id=client_id,
            body_sha256=body_sha256,
            captured_at=captured_at,
            official=actor,
            office=actor.office,
        )
        assessment.save(force_insert=True)
        _refuse_foreign(assessment, actor)
        _store(assessment, screenshots, actor)
        resuming.expect(assessment, announced, owner=actor)
        rollup.refresh([assessment.region_id])
        if at:
            Assessment.objects.filter(pk=assessment.pk).update(created_at=at)
        data = {"level": assessment.level, "method": assessment.method}
        record(assessment, "measure", actor=actor, data=data, at=at)
        return assessment

    return create_once(Assessment, client_id, body_sha256, owner={"official_id": actor.pk}, make=make, same=Same())


def record_experience(region, level, *, actor, place, measured_at, source, note, at=None):
    """Record what an activity showed of the network, in the caller's transaction. Returns the assessment.

    `level` is None where it showed none. Raises NotPermitted outside the actor's jurisdiction or kind of office.
    """
    if not may_measure(actor):
        raise NotPermitted(_("Your office reads measurements but does not record them."))
    made = Assessment.objects.create(
        region=region, level=level, method=Method.EXPERIENCE, place=place, measured_at=measured_at, source=source,
        note=note, official=actor, office=actor.office,
    )  # fmt: skip
    _refuse_foreign(made, actor)
    rollup.refresh([region.pk])
    if at:
        Assessment.objects.filter(pk=made.pk).update(created_at=at)
    record(made, "measure", actor=actor, data={"level": level, "method": made.method}, at=at)
    return made


def receive_screenshot(assessment, upload, *, actor):
    """Add a picture that was announced with the measurement and has arrived. `upload` is the whole file.

    Raises ValidationError for what is no picture, TransitionNotAllowed beyond MAX_SCREENSHOTS, AlreadyDone.
    """
    picture = clean_upload(upload, images_only=True)
    known = set(Screenshot.objects.filter(assessment=assessment).values_list("sha256", flat=True))
    if picture.sha256 in known:
        raise AlreadyDone(_("These files are attached already."))
    _refuse_too_many(len(known) + 1)
    _store(assessment, [picture], actor)
    record(assessment, "attach", actor=actor, data={"photos": 1})


def _refuse_foreign(assessment, actor):
    """Roll back when a forged region took the row out of the actor's own sight."""
    if not Assessment.objects.visible_to(actor).filter(pk=assessment.pk).exists():
        raise NotPermitted(_("This region is outside your jurisdiction."))


def _store(assessment, screenshots, actor):
    """The same picture chosen twice is kept once."""
    pictures = {picture.sha256: picture for picture in screenshots}.values()
    _refuse_too_many(len(pictures))
    for picture in pictures:
        Screenshot.of(picture, assessment=assessment, added_by=actor).save()


def _refuse_too_many(count):
    if count > MAX_SCREENSHOTS:
        sentence = _("A measurement can have at most %(most)s screenshots.")
        raise TransitionNotAllowed(sentence % {"most": MAX_SCREENSHOTS})

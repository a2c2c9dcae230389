"""Recording what was measured; the level follows from the figures and is never sent by anybody."""

from django.utils.translation import gettext as _

from coordination.common.errors import NotPermitted, TransitionNotAllowed
from coordination.common.idempotency import create_once
from coordination.history.recording import record
from coordination.networks.levels import classify
from coordination.networks.models import Assessment, Screenshot, Threshold
from coordination.offices.choices import Kind

MAX_SCREENSHOTS = 3
FIELDS = (
    "region", "place", "operator", "technology", "network_type", "device", "download_mbps", "upload_mbps",
    "latency_ms", "jitter_ms", "loss_percent", "signal_dbm", "method", "source", "measured_at", "bytes_used", "note",
)  # fmt: skip


def may_measure(actor):
    """Election offices and ICT offices record measurements; oversight and viewers read."""
    return actor.acts and actor.office.kind in (Kind.KPU, Kind.KOMINFO)


def record_assessment(values, *, actor, client_id, body_sha256, captured_at=None, screenshots=()):
    """Record one measurement. `values` are FIELDS. Returns (assessment, is_new).

    A form that comes again finds its measurement.
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
        record(assessment, "measure", actor=actor, data={"level": assessment.level, "method": assessment.method})
        return assessment

    return create_once(Assessment, client_id, body_sha256, owner={"official_id": actor.pk}, make=make)


def _refuse_foreign(assessment, actor):
    """Roll back when a forged region took the row out of the actor's own sight."""
    if not Assessment.objects.visible_to(actor).filter(pk=assessment.pk).exists():
        raise NotPermitted(_("This region is outside your jurisdiction."))


def _store(assessment, screenshots, actor):
    """The same picture chosen twice is kept once."""
    pictures = {picture.sha256: picture for picture in screenshots}.values()
    if len(pictures) > MAX_SCREENSHOTS:
        sentence = _("A measurement can have at most %(most)s screenshots.")
        raise TransitionNotAllowed(sentence % {"most": MAX_SCREENSHOTS})
    for picture in pictures:
        Screenshot.of(picture, assessment=assessment, added_by=actor).save()

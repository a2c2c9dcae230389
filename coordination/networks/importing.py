"""Lists of levels from their sending to their undoing: read first, shown, then all good rows at once or none."""

import hashlib
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from coordination.common.errors import NotPermitted, TransitionNotAllowed
from coordination.common.idempotency import create_once
from coordination.common.tables import UnreadableTable
from coordination.history.recording import record
from coordination.history.stepping import lock
from coordination.networks import lists, rollup
from coordination.networks.choices import ImportState
from coordination.networks.models import ImportBatch, ImportFault, NameMatch, StagedLevel, StatedLevel
from coordination.networks.places import SEPARATOR, Places, RowFault, UnknownName
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Official
from coordination.regions.models import Region

PIECE = 4000
# What the page shows; the total is counted on.
MOST_FAULTS, MOST_NAMES = 500, 100

STAGED = (
    "batch_id", "number", "region_id", "level", "source", "stated_on", "operator_id", "download_mbps", "upload_mbps",
    "latency_ms", "tests",
)  # fmt: skip
COPY = f"COPY networks_stagedlevel ({', '.join(STAGED)}) FROM STDIN"
STATEMENT = ", ".join(STAGED[2:])
SAME_PLACE = """
    k.region_id = s.region_id AND k.source = s.source AND k.stated_on = s.stated_on
    AND k.operator_id IS NOT DISTINCT FROM s.operator_id AND k.superseded_by_id IS NULL
"""
SAME_CONTENT = """
    (k.level, k.download_mbps, k.upload_mbps, k.latency_ms, k.tests) IS NOT DISTINCT FROM
    (s.level, s.download_mbps, s.upload_mbps, s.latency_ms, s.tests)
"""
COUNT = f"""
    SELECT count(*) FILTER (WHERE k.id IS NULL), count(*) FILTER (WHERE k.id IS NOT NULL AND NOT ({SAME_CONTENT})),
        count(*) FILTER (WHERE k.id IS NOT NULL AND {SAME_CONTENT})
    FROM networks_stagedlevel s LEFT JOIN networks_statedlevel k ON {SAME_PLACE}
    WHERE s.batch_id = %(batch)s
"""
SUPERSEDE = f"""
    UPDATE networks_statedlevel k SET superseded_by_id = %(batch)s FROM networks_stagedlevel s
    WHERE s.batch_id = %(batch)s AND {SAME_PLACE} AND NOT ({SAME_CONTENT})
"""
INSERT = f"""
    INSERT INTO networks_statedlevel ({STATEMENT}, batch_id)
    SELECT {STATEMENT}, %(batch)s FROM networks_stagedlevel s
    WHERE s.batch_id = %(batch)s AND NOT EXISTS (SELECT FROM networks_statedlevel k WHERE {SAME_PLACE})
"""


def may_import(actor):
    """Leads of ICT offices, for their own area, and admins."""
    return actor.is_superuser or (actor.leads and actor.office.kind == Kind.KOMINFO)


def may_decide(batch, actor):
    """Whether this person may approve, discard or undo it: who may import, of the office that sent it."""
    return actor.is_superuser or (may_import(actor) and actor.acts_for(batch.office))


def send(values, *, actor, client_id, body_sha256):
    """Keep a list ("kind", "source", "stated_on", "file") and let the worker read it. Returns (batch, is_new).

    Raises NotPermitted, and what create_once raises.
    """
    if not may_import(actor):
        raise NotPermitted(_("Only the lead of an ICT office or an admin imports lists of levels."))

    def make():
        file = values["file"]
        batch = ImportBatch(
            kind=values["kind"], source=values["source"], stated_on=values["stated_on"], official=actor,
            office=actor.office, client_id=client_id, body_sha256=body_sha256, name=_label(file), size=file.size,
            content_type=(file.content_type or "")[:40], sha256=_digest(file),
        )  # fmt: skip
        batch.file.save("list.bin", file, save=False)
        batch.save(force_insert=True)
        _defer("read_list", batch, actor)
        record(batch, "send_list", actor=actor, to_state=batch.state, data={"kind": batch.kind})
        return batch

    return create_once(ImportBatch, client_id, body_sha256, owner={"official_id": actor.pk}, make=make)


def approve(batch, *, actor):
    """Let the worker apply what was shown. Raises NotPermitted, TransitionNotAllowed."""
    _move(batch, {ImportState.WAITING}, ImportState.APPLYING, actor, task="apply_list")


def discard(batch, *, actor):
    """Drop a list that was not applied."""
    with transaction.atomic():
        row = _move(batch, {ImportState.WAITING}, ImportState.DISCARDED, actor)
        StagedLevel.objects.filter(batch=row)._raw_delete(using="default")
        record(row, "discard_list", actor=actor, from_state=ImportState.WAITING, to_state=row.state)


def undo(batch, *, actor):
    """Let the worker take back all that this list brought. Raises also when a later list stands on it."""
    _refuse_superseded(batch)
    _move(batch, {ImportState.DONE}, ImportState.UNDOING, actor, task="undo_list")


def _refuse_superseded(batch):
    if StatedLevel.objects.filter(batch=batch).exclude(superseded_by=None).exists():
        raise TransitionNotAllowed(_("A later list replaced rows of this one. Undo that list first."))


def match(batch, meant, *, actor):
    """Say which regions are meant by names, {key of a NameMatch: code or ""}, and let the list be read again.

    Raises TransitionNotAllowed for a code of no region or of another tier.
    """
    with transaction.atomic():
        row = _move(batch, {ImportState.WAITING}, ImportState.READING, actor, task="read_list")
        for name in NameMatch.objects.filter(batch=row, pk__in=meant):
            name.region = _meant(name, meant[name.pk])
            name.save(update_fields=["region"])


def _meant(name, code):
    if not code:
        return None
    tier = name.path.count(SEPARATOR) + 1
    try:
        region = Region.objects.current().resolve(code)
    except Region.DoesNotExist:
        region = None
    if region is None or region.level != tier:
        sentence = _("“%(code)s” is no code of a region on the tier of “%(name)s”.")
        raise TransitionNotAllowed(sentence % {"code": code[:20], "name": name.path})
    return region


@transaction.atomic
def _move(batch, sources, target, actor, task=None):
    row = lock(batch)
    if not may_decide(row, actor):
        raise NotPermitted(_("Only a lead of the office that sent the list, or an admin, decides on it."))
    if row.state not in sources:
        raise TransitionNotAllowed(
            _("This list is in the state “%(state)s” by now.") % {"state": row.get_state_display()}
        )
    row.state, row.failure = target, ""
    row.save(update_fields=["state", "failure"])
    if task:
        _defer(task, row, actor)
    return row


def _defer(task, batch, actor):
    # One after the other: the same list is never read and applied by two workers at once.
    app.configure_task(f"networks.{task}", lock=f"list-{batch.pk}").defer(
        batch_id=batch.pk, language=translation.get_language(), actor_id=actor.pk
    )


def _label(file):
    name = "".join(character for character in file.name if character.isprintable())
    return name.replace("\\", "/").split("/")[-1][-120:] or "list"


def _digest(file):
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


class Findings:
    """What is found out while a list is read, beside its good rows."""

    def __init__(self, batch):
        self.batch, self.rows, self.faulty, self.faults, self.names = batch, 0, 0, [], {}

    def counting(self, rows):
        """The rows, counted, and the count shown to whoever waits."""
        for row in rows:
            self.rows += 1
            if self.rows % PIECE == 0:
                ImportBatch.objects.filter(pk=self.batch.pk).update(rows=self.rows)
            yield row

    @contextmanager
    def noting(self, row):
        """Keeps the fault of a row, or the name in it that somebody must match."""
        try:
            yield
        except RowFault as fault:
            self.faulty += 1
            if len(self.faults) < MOST_FAULTS:
                self.faults.append((row.number, fault.column, str(fault)))
        except UnknownName as unknown:
            self.faulty += 1
            if unknown.path in self.names or len(self.names) < MOST_NAMES:
                self.names.setdefault(unknown.path, [0, unknown.suggested])[0] += 1


def read(batch_id):
    """Read a list that was sent into rows that wait; a broken try is done over. What cannot be read fails with a
    sentence."""
    batch = ImportBatch.objects.select_related("official__office__region").get(pk=batch_id)
    if batch.state != ImportState.READING:
        return
    StagedLevel.objects.filter(batch=batch)._raw_delete(using="default")
    try:
        findings = _stage(batch)
    except UnreadableTable as error:
        _fail(batch, str(error))
    except Exception:
        _fail(batch, _("The list could not be read. Nothing was changed; tell the people who run the portal."))
        raise
    else:
        _keep(batch, findings)


def _stage(batch):
    findings = Findings(batch)
    chosen = NameMatch.objects.filter(batch=batch).exclude(region=None)
    places = Places(Jurisdiction.of(batch.official), dict(chosen.values_list("path", "region_id")))
    with batch.file.open("rb") as file:
        waiting = []
        for row in lists.rows(batch, file, places, findings):
            waiting.append(row)
            if len(waiting) == PIECE:
                _copy(batch, waiting)
                waiting = []
        _copy(batch, waiting)
    return findings


def _copy(batch, rows):
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in rows:
            copy.write_row((
                batch.pk, row.number, row.region, row.level, row.source, row.stated_on, row.operator,
                row.download_mbps, row.upload_mbps, row.latency_ms, row.tests,
            ))  # fmt: skip


@transaction.atomic
def _keep(batch, findings):
    """Write down what was found, and let the list wait for approval."""
    row = lock(batch)
    row.rows, row.faulty, row.state = findings.rows, findings.faulty, ImportState.WAITING
    _count(row)
    row.save()
    row.faults.all().delete()
    faults = [ImportFault(batch=row, number=number, column=column, sentence=sentence[:500])
              for number, column, sentence in findings.faults]  # fmt: skip
    ImportFault.objects.bulk_create(faults)
    row.names.filter(region=None).exclude(path__in=findings.names).delete()
    names = [NameMatch(batch=row, path=path[:500], rows=rows, suggested=suggested)
             for path, (rows, suggested) in findings.names.items()]  # fmt: skip
    NameMatch.objects.bulk_create(
        names, update_conflicts=True, unique_fields=["batch", "path"], update_fields=["rows", "suggested"]
    )


def _count(row):
    with connection.cursor() as cursor:
        _without_limit(cursor)
        cursor.execute("ANALYZE networks_stagedlevel")
        cursor.execute(COUNT, {"batch": row.pk})
        row.new, row.changed, row.same = cursor.fetchone()


def _without_limit(cursor):
    """The worker may take longer than a page, and wait for another list, within this transaction."""
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute("SET LOCAL lock_timeout = 0")


def _fail(batch, sentence):
    StagedLevel.objects.filter(batch=batch)._raw_delete(using="default")
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.FAILED, failure=sentence[:1000])


def apply(batch_id, actor_id):
    """Bring in all rows that wait, in one transaction; if that fails, nothing is changed and the list waits again."""
    _carry_out(batch_id, actor_id, _apply, ImportState.APPLYING, back_to=ImportState.WAITING)


def take_back(batch_id, actor_id):
    """Take back all that a list brought; what it had superseded counts again."""
    _carry_out(batch_id, actor_id, _take_back, ImportState.UNDOING, back_to=ImportState.DONE)


def _carry_out(batch_id, actor_id, step, state, *, back_to):
    try:
        with transaction.atomic():
            batch = lock(ImportBatch(pk=batch_id))
            if batch.state == state:
                verb, brought = step(batch)
                batch.save()
                rollup.refresh(brought)
                record(
                    batch, verb, actor=Official.objects.get(pk=actor_id), office=batch.office, from_state=back_to,
                    to_state=batch.state, data={"rows": len(brought)},
                )  # fmt: skip
    except Exception as error:
        known = str(error) if isinstance(error, TransitionNotAllowed) else ""
        sentence = known or _("This failed, and nothing was changed. Try again, or tell the people who run the portal.")
        ImportBatch.objects.filter(pk=batch_id, state=state).update(state=back_to, failure=sentence)
        if not known:
            raise


def _apply(batch):
    _count(batch)
    with connection.cursor() as cursor:
        cursor.execute(SUPERSEDE, {"batch": batch.pk})
        cursor.execute(INSERT, {"batch": batch.pk})
        # The planner knows nothing of rows that are not committed yet.
        cursor.execute("ANALYZE networks_statedlevel")
    StagedLevel.objects.filter(batch=batch)._raw_delete(using="default")
    batch.state, batch.applied_at = ImportState.DONE, timezone.now()
    return "apply_list", _brought(batch)


def _take_back(batch):
    _refuse_superseded(batch)
    with connection.cursor() as cursor:
        _without_limit(cursor)
    brought = _brought(batch)
    StatedLevel.objects.filter(batch=batch)._raw_delete(using="default")
    StatedLevel.objects.filter(superseded_by=batch).update(superseded_by=None)
    batch.state, batch.undone_at = ImportState.UNDONE, timezone.now()
    return "undo_list", brought


def _brought(batch):
    return list(StatedLevel.objects.filter(batch=batch).values_list("region", flat=True))

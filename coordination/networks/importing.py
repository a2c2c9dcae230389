"""Lists of levels as an import: what is theirs beside the steps of every import (batches/steps.py)."""

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.batches.choices import ImportState
from coordination.batches.places import SEPARATOR, Places
from coordination.batches.reading import Findings
from coordination.batches.steps import Import
from coordination.common.errors import TransitionNotAllowed
from coordination.networks import lists, rollup
from coordination.networks.models import ImportBatch, ImportFault, NameMatch, StagedLevel, StatedLevel
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.models import Region

# What the page shows; all are counted.
MOST_NAMES = 100

STAGED = (
    "batch_id", "number", "region_id", "level", "source", "stated_on", "operator_id", "download_mbps", "upload_mbps",
    "latency_ms", "tests",
)  # fmt: skip
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


class LevelFindings(Findings):
    """With the names that somebody must match, {path: [rows, suggested regions]}."""

    def __init__(self, batch):
        super().__init__(batch)
        self.names = {}

    def add_unknown(self, row, unknown):
        self.faulty += 1
        if unknown.path in self.names or len(self.names) < MOST_NAMES:
            self.names.setdefault(unknown.path, [0, unknown.suggested])[0] += 1


class LevelImport(Import):
    app, noun = "networks", "list"
    model, staged, fault = ImportBatch, StagedLevel, ImportFault
    typed, columns = ("kind", "source", "stated_on"), STAGED
    who_sends = gettext_lazy("Only the lead of an ICT office or an admin imports lists of levels.")
    who_decides = gettext_lazy("Only a lead of the office that sent the list, or an admin, decides on it.")
    findings = LevelFindings

    def may_send(self, actor):
        """Leads of ICT offices, for their own area, and admins."""
        return actor.is_superuser or (actor.leads and actor.office.kind == Kind.KOMINFO)

    def told(self, batch):
        return {"kind": batch.kind}

    def rows(self, batch, file, findings):
        chosen = NameMatch.objects.filter(batch=batch).exclude(region=None)
        places = Places(Jurisdiction.of(batch.official), dict(chosen.values_list("path", "region_id")))
        return lists.rows(batch, file, places, findings)

    def as_row(self, batch, row):
        return (
            batch.pk, row.number, row.region, row.level, row.source, row.stated_on, row.operator, row.download_mbps,
            row.upload_mbps, row.latency_ms, row.tests,
        )  # fmt: skip

    def settle(self, batch, findings):
        _count(batch)
        batch.names.filter(region=None).exclude(path__in=findings.names).delete()
        names = [NameMatch(batch=batch, path=path[:500], rows=rows, suggested=suggested)
                 for path, (rows, suggested) in findings.names.items()]  # fmt: skip
        NameMatch.objects.bulk_create(
            names, update_conflicts=True, unique_fields=["batch", "path"], update_fields=["rows", "suggested"]
        )

    def match(self, batch, meant, *, actor):
        """Say which regions are meant by names, {key of a NameMatch: code or ""}, and let the list be read again.

        Raises TransitionNotAllowed for a code of no region or of another tier.
        """
        with transaction.atomic():
            row = self.move(batch, ImportState.WAITING, ImportState.READING, actor, task="read")
            for name in NameMatch.objects.filter(batch=row, pk__in=meant):
                name.region = _meant(name, meant[name.pk])
                name.save(update_fields=["region"])

    def bring(self, batch, actor):
        _count(batch)
        with connection.cursor() as cursor:
            cursor.execute(SUPERSEDE, {"batch": batch.pk})
            cursor.execute(INSERT, {"batch": batch.pk})
            # The planner knows nothing of rows that are not committed yet.
            cursor.execute("ANALYZE networks_statedlevel")
        return _refresh(_brought(batch))

    def refuse_undo(self, batch):
        if StatedLevel.objects.filter(batch=batch).exclude(superseded_by=None).exists():
            raise TransitionNotAllowed(_("A later list replaced rows of this one. Undo that list first."))

    def take_away(self, batch, actor):
        """What the list had superseded counts again."""
        brought = _brought(batch)
        StatedLevel.objects.filter(batch=batch)._raw_delete(using="default")
        StatedLevel.objects.filter(superseded_by=batch).update(superseded_by=None)
        return _refresh(brought)


LEVELS = LevelImport()


def _count(batch):
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"batch": batch.pk})
        batch.new, batch.changed, batch.same = cursor.fetchone()


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


def _brought(batch):
    return list(StatedLevel.objects.filter(batch=batch).values_list("region", flat=True))


def _refresh(regions):
    rollup.refresh(regions)
    return len(regions)

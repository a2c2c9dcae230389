"""Schedules as an import: what is theirs beside the steps of every import (batches/steps.py)."""

from django.db import connection
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.batches.places import NOT_NAMED, SEPARATOR, TIERS
from coordination.batches.reading import MOST_FAULTS, Findings
from coordination.batches.steps import Import
from coordination.campaigns import planning
from coordination.campaigns.models import (
    CampaignActivity,
    CampaignMethod,
    Election,
    ScheduleBatch,
    ScheduleFault,
    StagedActivity,
)
from coordination.campaigns.schedules import Schedule
from coordination.common.errors import DomainError, TransitionNotAllowed
from coordination.history.numbering import hold, year_of
from coordination.regions.models import Region

REGENCY_PATH = 6  # the length of 32.73.
STAGED = (
    "batch_id", "number", "office_id", "election_id", "region_id", "place", "candidate_pair_id", "method_id",
    "platform", "need", "starts_at", "ends_at", "participants", "sttp_number",
)  # fmt: skip
VALUES = ("election_id", "place", "candidate_pair_id", "method_id", "platform", "need", "starts_at", "ends_at",
          "participants", "sttp_number", "office_id")  # fmt: skip
# What makes two activities one: the rest are its details.
SAME_ACTIVITY = """
    a.election_id = s.election_id AND a.region_id = s.region_id AND a.starts_at = s.starts_at
    AND a.method_id = s.method_id AND a.place = s.place
    AND a.candidate_pair_id IS NOT DISTINCT FROM s.candidate_pair_id AND a.state <> 'cancelled'
"""
SAME_DETAILS = """
    (a.platform, a.need, a.ends_at, a.participants, a.sttp_number) IS NOT DISTINCT FROM
    (s.platform, s.need, s.ends_at, s.participants, s.sttp_number)
"""
TWICE = """
    SELECT number, first FROM (
        SELECT number, min(number) OVER (
            PARTITION BY election_id, region_id, starts_at, method_id, place, candidate_pair_id) AS first
        FROM campaigns_stagedactivity WHERE batch_id = %(batch)s) each
    WHERE number <> first ORDER BY number
"""
OTHERWISE = f"""
    SELECT s.number, min(a.number) FROM campaigns_stagedactivity s JOIN campaigns_campaignactivity a ON {SAME_ACTIVITY}
    WHERE s.batch_id = %(batch)s GROUP BY s.number HAVING NOT bool_or({SAME_DETAILS}) ORDER BY s.number
"""
FORGET = "DELETE FROM campaigns_stagedactivity WHERE batch_id = %(batch)s AND number = ANY(%(numbers)s)"
THERE = f"""
    DELETE FROM campaigns_stagedactivity s USING campaigns_campaignactivity a
    WHERE s.batch_id = %(batch)s AND {SAME_ACTIVITY}
"""
COUNT_THERE = f"""
    SELECT count(DISTINCT s.number) FROM campaigns_stagedactivity s JOIN campaigns_campaignactivity a
    ON {SAME_ACTIVITY} WHERE s.batch_id = %(batch)s
"""


class ScheduleFindings(Findings):
    """A name that is not understood is a fault like the others, with the names that are spelled like it."""

    def add_unknown(self, row, unknown):
        if len(self.faults) >= MOST_FAULTS:
            return self.add(row.number, "", "")  # only counted: the names need not be looked up
        found = Region.objects.filter(pk__in=unknown.suggested).order_by("path")
        named = SEPARATOR.join(part for part in unknown.path.split(SEPARATOR) if part != NOT_NAMED)
        words = {"path": named[:200], "names": "; ".join(f"{each.name} ({each.code})" for each in found)}
        sentence = _("No region is called “%(path)s”. Write the code, or the names from the province down.")
        if words["names"]:
            sentence = _("“%(path)s” fits no region, or several. Is one of these meant: %(names)s? Write its code.")
        tier = TIERS[min(unknown.path.count(SEPARATOR), len(TIERS) - 1)]
        return self.add(row.number, tier, sentence % words)


class ScheduleImport(Import):
    app, noun = "campaigns", "schedule"
    model, staged, fault = ScheduleBatch, StagedActivity, ScheduleFault
    columns = STAGED
    who_sends = gettext_lazy("Only election offices and admins import schedules.")
    who_decides = gettext_lazy("Only the office that sent the schedule, or an admin, decides on it.")
    findings = ScheduleFindings

    def may_send(self, actor):
        """Whoever may register activities, and admins: of their lists each activity is its regency's KPU office's."""
        return actor.is_superuser or planning.may_register(actor)

    def rows(self, batch, file, findings):
        return Schedule(batch.official).rows(file, findings)

    def as_row(self, batch, row):
        of = row.activity
        return (
            batch.pk, row.number, row.office, of.election_id, of.region_id, of.place, of.candidate_pair_id,
            of.method_id, of.platform, of.need, of.starts_at, of.ends_at, of.participants, of.sttp_number,
        )  # fmt: skip

    def settle(self, batch, findings):
        """Rows that say the same, and those that differ from what is registered, are faults as well."""
        twice = _found(TWICE, batch)
        for number, first in twice:
            sentence = _("Row %(number)s plans the same: place, start, method and pair are those of this row.")
            findings.add(number, "", sentence % {"number": first})
        _forget(batch, twice)
        otherwise = _found(OTHERWISE, batch)
        for number, known in otherwise:
            sentence = _("This is %(number)s, registered with other details. Change them on its own page.")
            findings.add(number, "", sentence % {"number": known})
        _forget(batch, otherwise)
        findings.faults.sort()
        ((batch.same,),) = _found(COUNT_THERE, batch)
        batch.new, batch.changed = StagedActivity.objects.filter(batch=batch).count() - batch.same, 0

    def bring(self, batch, actor):
        waiting = StagedActivity.objects.filter(batch=batch)
        now = timezone.now()
        # Whoever registers in these regencies waits from here on, so that nothing comes in twice.
        paths = waiting.order_by().values_list(Left("region__path", REGENCY_PATH), flat=True).distinct()
        for regency in Region.objects.filter(path__in=list(paths)).order_by("pk"):
            hold("KG", regency, year_of(regency, now))
        with connection.cursor() as cursor:
            cursor.execute(THERE, {"batch": batch.pk})
        total = batch.new + batch.same
        try:
            batch.new = planning.register_all(_activities(waiting), actor=actor, batch=batch)
        except DomainError as error:
            raise TransitionNotAllowed(str(error)) from error
        batch.same = total - batch.new
        return batch.new

    def take_away(self, batch, actor):
        """What was changed or held since stays; the page of the batch names it."""
        return planning.cancel_all(
            batch.activities.all(), actor=actor, note=_("Taken back by the office that registered it.")
        )


SCHEDULES = ScheduleImport()


def _found(query, batch):
    with connection.cursor() as cursor:
        cursor.execute(query, {"batch": batch.pk})
        return cursor.fetchall()


def _forget(batch, rows):
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"batch": batch.pk, "numbers": [number for number, _other in rows]})


def _activities(waiting):
    """What waits, unsaved, one regency after the other in the order of the list."""
    elections, methods = Election.objects.in_bulk(), CampaignMethod.objects.in_bulk()
    ordered = waiting.select_related("region").order_by(Left("region__path", REGENCY_PATH), "number")
    for row in ordered.iterator(chunk_size=planning.PIECE):
        yield CampaignActivity(
            region=row.region, election=elections[row.election_id], method=methods[row.method_id],
            **{name: getattr(row, name) for name in VALUES if name not in ("election_id", "method_id")},
        )  # fmt: skip

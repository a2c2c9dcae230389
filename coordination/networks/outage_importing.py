"""Lists of planned outages as an import: what is theirs beside the steps of every import (batches/steps.py).

A row finds its outage by provider and reference. What it changes goes through the same doors as on the pages, so that
the history tells it and whoever is concerned hears of it.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.batches.reading import Findings
from coordination.batches.steps import Import
from coordination.common.errors import DomainError, TransitionNotAllowed
from coordination.history.numbering import hold, year_of
from coordination.networks import maintaining, outage_lists
from coordination.networks.choices import OutageState
from coordination.networks.models import OutageBatch, OutageFault, PlannedOutage, StagedOutage
from coordination.offices.choices import Kind
from coordination.regions.models import Region

STAGED = (
    "batch_id", "number", "provider", "reference", "kind", "operator_id", "regions", "starts_at", "ends_at", "impact",
    "state", "note",
)  # fmt: skip
FIELDS = ("provider", "reference", "kind", "operator", "impact", "note")


class OutageFindings(Findings):
    """No name waits for an answer here: a row with one that is not understood is at fault."""


class OutageImport(Import):
    app, noun = "networks", "outages"
    model, staged, fault = OutageBatch, StagedOutage, OutageFault
    columns = STAGED
    who_sends = gettext_lazy("Only the lead of an ICT office or an admin imports lists of planned outages.")
    who_decides = gettext_lazy("Only a lead of the office that sent the list, or an admin, decides on it.")
    findings = OutageFindings

    def may_send(self, actor):
        """Leads of ICT offices, for their own area, and admins."""
        return actor.is_superuser or (actor.leads and actor.office.kind == Kind.KOMINFO)

    def rows(self, batch, file, findings):
        return outage_lists.rows(batch, file, findings)

    def as_row(self, batch, row):
        return (
            batch.pk, row.number, row.provider, row.reference, row.kind, row.operator, row.regions, row.starts_at,
            row.ends_at, row.impact, row.state, row.note,
        )  # fmt: skip

    def settle(self, batch, findings):
        _count(batch, _plans(batch, batch.official))

    def bring(self, batch, actor):
        plans = _plans(batch, actor)
        _count(batch, plans)
        _lock(plans)
        for row, outage, verbs in plans:
            try:
                _carry_out(row, outage, verbs, batch, actor)
            except DomainError as error:
                told = _("Row %(number)s: %(sentence)s") % {"number": row.number, "sentence": error}
                raise TransitionNotAllowed(told) from error
        return batch.new + batch.changed

    def refuse_undo(self, batch):
        if batch.changed:
            raise TransitionNotAllowed(
                _("This list changed outages, and people were told. Send a list that says otherwise.")
            )

    def take_away(self, batch, actor):
        """What it brought is cancelled, and people are told: nothing that was announced vanishes. What somebody changed
        since stays, as it is with schedules."""
        note = _("The list %(name)s was undone.") % {"name": batch.name}
        rows = [row for row in batch.outages.expected().filter(version=1).order_by("pk") if not row.is_over]
        for row in rows:
            maintaining.perform(row, "call_off", actor=actor, version=row.version, note=note)
        return len(rows)


OUTAGES = OutageImport()


def _plans(batch, actor):
    """[(row, its outage or None, verbs)] of the rows that wait; no verb where nothing changes."""
    rows = list(batch.staged.select_related("operator"))
    regions = Region.objects.in_bulk({key for row in rows for key in row.regions})
    plans = []
    for row in rows:
        row.places = sorted((regions[key] for key in row.regions), key=lambda region: region.path)
        outage = maintaining.known(row.provider, row.reference, actor)
        plans.append((row, outage, _verbs(row, outage)))
    return plans


def _verbs(row, outage):
    """What a row asks for, in order: nothing of what is over, and no second cancelling."""
    cancels = row.state == OutageState.CANCELLED
    if outage is None or outage.state == OutageState.CANCELLED:
        return [] if cancels else ["register"]
    if outage.is_over:
        return []
    if cancels:
        return ["call_off"]
    moves = (row.starts_at, row.ends_at) != (outage.starts_at, outage.ends_at)
    confirms = row.state == OutageState.CONFIRMED and (moves or outage.state != OutageState.CONFIRMED)
    edits = bool(maintaining.changes(outage, _values(row, ("kind", "operator", "impact", "note"))))
    asked = {"edit": edits, "move": moves, "confirm": confirms}
    return [verb for verb, wanted in asked.items() if wanted]


def _values(row, fields):
    return {name: getattr(row, name) for name in fields} | {"regions": row.places}


def _count(batch, plans):
    batch.new = sum(verbs == ["register"] for _row, _outage, verbs in plans)
    batch.same = sum(not verbs for _row, _outage, verbs in plans)
    batch.changed = len(plans) - batch.new - batch.same


def _lock(plans):
    """All rows and all series of numbers first: the history's lock, which the first change takes, comes last."""
    keys = [outage.pk for _row, outage, verbs in plans if outage and verbs]
    list(PlannedOutage.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))
    places = {maintaining.numbering_region(row.places) for row, _outage, verbs in plans if verbs == ["register"]}
    for place in sorted(places, key=lambda place: place.path):
        hold("PM", place, year_of(place, timezone.now()))


def _carry_out(row, outage, verbs, batch, actor):
    note = _("List %(name)s, row %(number)s.") % {"name": batch.name, "number": row.number}
    for verb in verbs:
        if verb == "register":
            first = OutageState.TENTATIVE if row.state == OutageState.TENTATIVE else OutageState.CONFIRMED
            values = _values(row, (*FIELDS, "starts_at", "ends_at")) | {"state": first}
            maintaining.register_listed(values, actor=actor, batch=batch)
        elif verb == "edit":
            values = _values(row, ("kind", "operator", "impact", "note"))
            outage = maintaining.edit(outage, values, actor=actor, version=outage.version)
        else:
            window = {"starts_at": row.starts_at, "ends_at": row.ends_at} if verb == "move" else {}
            outage = maintaining.perform(outage, verb, actor=actor, version=outage.version, note=note, **window)

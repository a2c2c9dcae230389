"""Planned outages: registering one as it was announced, changing it, confirming, moving and cancelling it."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Case, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, TransitionNotAllowed
from coordination.common.idempotency import Same, create_once
from coordination.history.numbering import next_number, year_of
from coordination.history.recording import record
from coordination.history.stepping import already_taken, came_before, lock, refuse_stale
from coordination.networks.choices import OutageState
from coordination.networks.models import PlannedOutage
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.models import Level, Region

TENTATIVE, CONFIRMED, MOVED = OutageState.TENTATIVE, OutageState.CONFIRMED, OutageState.MOVED
MOST_REGIONS = 50
# What was cancelled may be announced again, in the same words.
SAME_OUTAGE = Same(unless={"state": OutageState.CANCELLED})
# The window is no part of them: whoever is concerned is told of a move and of its reason.
EDITABLE = ("kind", "operator", "provider", "reference", "impact", "note", "source_text")
# Of these the history says that they changed, but not from what to what: they may name people.
FREE_TEXT = ("note", "source_text")


def may_register(actor):
    """ICT offices, who hear from operators and from the electricity company, and admins; the others read."""
    return actor.is_superuser or (actor.acts and actor.office.kind == Kind.KOMINFO)


def may_change(actor, outage):
    """The office that registered it, and an ICT office within whose jurisdiction it lies as a whole."""
    if not may_register(actor):
        return False
    jurisdiction = Jurisdiction.of(actor)
    return actor.acts_for(outage.office) or all(jurisdiction.covers(region) for region in outage.regions.all())


def may_edit(actor, outage):
    return outage.state in OutageState.EXPECTED and may_change(actor, outage)


def known(provider, reference, actor):
    """The outage that this provider announced under this reference, among those that the actor may change, or None.

    One that is still expected goes before a cancelled one.
    """
    if not provider or not reference:
        return None
    rows = PlannedOutage.objects.visible_to(actor).filter(provider__iexact=provider, reference__iexact=reference)
    standing_first = Case(When(state=OutageState.CANCELLED, then=1), default=0)
    rows = rows.prefetch_related("regions").select_related("office").order_by(standing_first, "-pk")
    return next((row for row in rows if may_change(actor, row)), None)


def register(values, *, actor, client_id, body_sha256, captured_at=None, at=None):
    """Register one outage with its number, which is that of its first region's regency or province.

    `values` are EDITABLE fields, `regions`, `starts_at`, `ends_at`, and `state` where it is not tentative. Returns
    (outage, is_new); a form that comes again finds its outage. Raises NotPermitted outside the actor's jurisdiction or
    kind of office, DomainError without a region or where the office has this reference already, and what create_once
    raises.
    """
    sent = {"client_id": client_id, "body_sha256": body_sha256, "captured_at": captured_at}
    regions = _checked(values["regions"], actor)

    def make():
        return _announce(values, regions, actor, at, **sent)

    with _once_a_reference(values, actor):
        return create_once(
            PlannedOutage, client_id, body_sha256, owner={"official_id": actor.pk}, make=make, same=SAME_OUTAGE
        )


def register_listed(values, *, actor, batch):
    """Register an outage that an import brings, within its transaction; its row is no form that could come again."""
    with _once_a_reference(values, actor):
        return _announce(values, _checked(values["regions"], actor), actor, None, batch=batch)


def _announce(values, regions, actor, at, **origin):
    place = numbering_region(regions)
    outage = PlannedOutage(
        **{field: values[field] for field in EDITABLE if field in values},
        **origin,
        state=values.get("state") or TENTATIVE,
        starts_at=values["starts_at"],
        ends_at=values["ends_at"],
        official=actor,
        office=actor.office,
        number=next_number("PM", place, year_of(place, at or timezone.now())),
    )
    outage.save(force_insert=True)
    outage.regions.set(regions)
    if at:
        PlannedOutage.objects.filter(pk=outage.pk).update(created_at=at, updated_at=at)
    record(outage, "announce", actor=actor, to_state=outage.state, data={"moves": True}, at=at)
    return outage


def _checked(regions, actor):
    """The regions in the order of their codes. Raises DomainError for none or too many, NotPermitted for a foreign one
    or where the actor registers none."""
    if not may_register(actor):
        raise NotPermitted(_("Your office reads planned outages but does not register them."))
    regions = sorted(set(regions), key=lambda region: region.path)
    if not regions:
        raise DomainError(_("Name at least one region that the outage touches."))
    if len(regions) > MOST_REGIONS:
        raise DomainError(_("Name at most %(most)s regions, or the one above them.") % {"most": MOST_REGIONS})
    if not all(Jurisdiction.of(actor).covers(region) for region in regions):
        raise NotPermitted(_("This region is outside your jurisdiction."))
    return regions


def numbering_region(regions):
    """The regency or province under which an outage of these regions is numbered: that of the first by code."""
    region = min(regions, key=lambda region: region.path)
    return region if region.level <= Level.REGENCY else Region.objects.get(path=region.regency_path)


@contextmanager
def _once_a_reference(values, actor):
    """Say which outage has the provider's reference, where the database refused a second one of the office."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        other = known(values.get("provider"), values.get("reference"), actor)
        if other is None:
            raise
        raise DomainError(
            _("%(number)s has this reference already. Move or cancel that one, or leave the reference empty.")
            % {"number": other}
        ) from error


@transaction.atomic
def edit(outage, values, *, actor, version):
    """Save the changed fields, EDITABLE and `regions`, on the version that was seen. Returns the outage as saved.

    Raises NotPermitted, TransitionNotAllowed, StaleVersion, DomainError, or AlreadyDone when everything stands as
    typed (as it does when the form was sent twice); nothing is saved then.
    """
    locked = lock(outage)
    _refuse_foreign(actor, locked)
    if locked.state not in OutageState.EXPECTED:
        raise TransitionNotAllowed(_("A cancelled outage is no longer changed."))
    changed, before = changes(locked, values), _as_announced(locked)
    if not changed:
        raise AlreadyDone(_("%(number)s stands as you wrote it; there was nothing to change.") % {"number": locked})
    refuse_stale(locked, version)
    for field in EDITABLE:
        if field in values:
            setattr(locked, field, values[field])
    locked.version += 1
    with _once_a_reference(values, actor):
        locked.save()
    if "regions" in changed:
        locked.regions.set(_newly_checked(changed["regions"], actor))
    verb, told = ("relocate", {"before": before}) if "regions" in changed else ("edit", {})
    record(locked, verb, actor=actor, from_state=locked.state, to_state=locked.state,
           data={"moves": True, "changed": _told(changed)} | told)  # fmt: skip
    return locked


def _refuse_foreign(actor, outage):
    if not may_change(actor, outage):
        raise NotPermitted(_("Only the ICT offices of the region change a planned outage."))


def _newly_checked(pair, actor):
    """The new regions, of which those that were there already may lie outside the actor's jurisdiction."""
    present, regions = pair
    _checked([region for region in regions if region not in present] or regions[:1], actor)
    return regions


def changes(outage, values):
    """{field: (present value, new value)} of what differs between the row and the values."""
    present = {field: getattr(outage, field) for field in EDITABLE if field in values}
    if "regions" in values:
        present["regions"] = list(outage.regions.all())
        values = values | {"regions": sorted(set(values["regions"]), key=lambda region: region.path)}
    return {field: (value, values[field]) for field, value in present.items() if value != values[field]}


def _told(changed):
    """The changes as the history keeps them."""
    return {field: [] if field in FREE_TEXT else [_as_text(value) for value in pair] for field, pair in changed.items()}


def _as_text(value):
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _as_announced(outage):
    """When and where it was until now, for those who had to reckon with it."""
    regions = [region.pk for region in outage.regions.all()]
    return {"starts_at": outage.starts_at.isoformat(), "ends_at": outage.ends_at.isoformat(), "regions": regions}


@dataclass(frozen=True)
class Window:
    """When and where an outage is, or was until it moved."""

    starts_at: datetime
    ends_at: datetime
    regions: tuple


def window_of(outage):
    return Window(outage.starts_at, outage.ends_at, tuple(outage.regions.all()))


def windows_of(outage, event):
    """The windows that an event about the outage concerns: the present one, and the one before where it moved."""
    windows = [window_of(outage)]
    if before := event.data.get("before"):
        moments = [datetime.fromisoformat(before[name]) for name in ("starts_at", "ends_at")]
        windows.append(Window(*moments, tuple(Region.objects.filter(pk__in=before["regions"]))))
    return windows


def facts_of(outage, event):
    """[(label, value)] of when and where it had been, for an event that changed that."""
    before = event.data.get("before")
    if not before:
        return []
    if event.verb == "relocate":
        return [(gettext_lazy("Until then"), ", ".join(event.data["changed"]["regions"][:1]))]
    return [(gettext_lazy("Until then"), " – ".join(_there(outage, before[name]) for name in ("starts_at", "ends_at")))]


def _there(outage, moment):
    """A moment of the history on the clocks of the outage's region."""
    there = datetime.fromisoformat(moment).astimezone(ZoneInfo(outage.region.time_zone))
    return f"{date_format(there, 'DATETIME_FORMAT')} {outage.region.get_time_zone_display()}"


@dataclass(frozen=True)
class Step:
    verb: str
    label: str
    sources: frozenset
    target: str
    note_label: str
    needs_note: bool = True
    moves_window: bool = False


STEPS = {
    step.verb: step
    for step in (
        Step("confirm", gettext_lazy("Confirm"), frozenset({TENTATIVE, MOVED}), CONFIRMED,
             pgettext_lazy("outage", "Note"), needs_note=False),
        Step("move", gettext_lazy("Move to another time"), frozenset({TENTATIVE, CONFIRMED, MOVED}), MOVED,
             gettext_lazy("Why it is moved"), moves_window=True),
        Step("call_off", gettext_lazy("Cancel the outage"), frozenset({TENTATIVE, CONFIRMED, MOVED}),
             OutageState.CANCELLED, gettext_lazy("Why it is cancelled")),
    )
}  # fmt: skip


def available_steps(outage, actor):
    """The steps this person may take now: the same tests as `perform`."""
    if outage.is_over or not may_change(actor, outage):
        return []
    return [step for step in STEPS.values() if outage.state in step.sources]


@transaction.atomic
def perform(outage, verb, *, actor, version, note, starts_at=None, ends_at=None, sent_as="", at=None):
    """Take one step; a move names the new window. Returns the outage.

    Raises NotPermitted, AlreadyDone, TransitionNotAllowed, StaleVersion or DomainError; nothing is changed then.
    """
    step = STEPS[verb]
    locked = lock(outage)
    refuse(locked, step, actor, version, sent_as, window=(starts_at, ends_at), at=at)
    refuse_stale(locked, version)
    if step.needs_note and not note.strip():
        raise DomainError(_("Say in a sentence why."))
    state, before = locked.state, _as_announced(locked)
    if step.moves_window:
        _put_window(locked, starts_at, ends_at, at or timezone.now())
    locked.state = step.target
    locked.version += 1
    locked.save()
    told = {"before": before} if step.moves_window else {}
    record(locked, verb, actor=actor, from_state=state, to_state=locked.state, note=note,
           data={"moves": True, "sent_as": sent_as} | told, at=at)  # fmt: skip
    return locked


def _put_window(outage, starts_at, ends_at, now):
    if ends_at <= now:
        raise DomainError(_("The new time has passed already. Give one that is still to come."))
    if (starts_at, ends_at) == (outage.starts_at, outage.ends_at):
        raise DomainError(_("It stands at these times already. Give the new ones."))
    outage.starts_at, outage.ends_at = starts_at, ends_at


def asked_by(notice, outage):
    """The verb of the step that a later notice (maintnote.Notice) asks for, or None where all stands as it says."""
    window = _as_window(notice, outage)
    if notice.cancels:
        return "call_off" if outage.state in STEPS["call_off"].sources else None
    if all(window) and window != (outage.starts_at, outage.ends_at):
        return "move"
    return "confirm" if notice.state == CONFIRMED and outage.state == TENTATIVE else None


def _as_window(notice, outage):
    """The notice's moments, those without a zone on the clocks of the outage's region."""
    zone = ZoneInfo(outage.region.time_zone)
    moments = (notice.starts_at, notice.ends_at)
    return tuple(moment and (moment if moment.tzinfo else moment.replace(tzinfo=zone)) for moment in moments)


def refuse(outage, step, actor, version=None, sent_as="", window=None, at=None):
    """Raise NotPermitted, AlreadyDone or TransitionNotAllowed, unless `actor`, who saw `version`, may take it now.

    A move to other times than those of the one before is no repeat of it.
    """
    _refuse_foreign(actor, outage)
    elsewhere = step.moves_window and window != (outage.starts_at, outage.ends_at)
    repeated = not elsewhere and already_taken(outage, step.verb, actor, version)
    if repeated or came_before(outage, step.verb, actor, sent_as):
        raise AlreadyDone(_("You have already done this."))
    if outage.state not in step.sources:
        raise TransitionNotAllowed(
            _("%(number)s is now “%(state)s”, so this step is no longer possible.")
            % {"number": outage.number, "state": outage.get_state_display()}
        )
    if outage.ends_at <= (at or timezone.now()):
        raise TransitionNotAllowed(_("This outage is over."))

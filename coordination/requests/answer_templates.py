"""The texts that an office keeps for its steps: which fields they may name, what comes of them, and who writes them."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from coordination.common.errors import AlreadyDone, NotPermitted
from coordination.common.idempotency import create_once
from coordination.common.templatetags.portal_tags import time_in_words
from coordination.history.recording import record
from coordination.history.stepping import lock, refuse_stale
from coordination.offices.choices import Kind
from coordination.requests.choices import ANSWERED
from coordination.requests.models import AnswerTemplate
from coordination.requests.workflow import FILER, HANDLER, STEPS

EDITABLE = ("verb", "title", "text")
SIDES = {Kind.KPU: FILER, Kind.KOMINFO: HANDLER}
_FIELD = re.compile(r"\{([^{}]*)\}")
# What a text may name, in the words of the officials who write it: (request, their office) → what stands there.
FIELDS = {
    "nomor": lambda request, office: str(request),
    "pokok": lambda request, office: request.subject,
    "wilayah": lambda request, office: request.region_name,
    "pemohon": lambda request, office: str(request.filing_office),
    "kantor": lambda request, office: str(office),
    "tenggat": lambda request, office: time_in_words(request.due_at, request.region) if request.due_at else "–",
}


def in_braces(names):
    """{nomor}, {pokok} …, as they are typed."""
    return ", ".join(f"{{{name}}}" for name in names)


def validate_fields(text):
    """Every field that the text names is known and whole: others would go to the other office as they stand."""
    unknown = dict.fromkeys(name for name in _FIELD.findall(text) if name not in FIELDS)
    if unknown:
        raise ValidationError(
            _("Unknown fields: %(unknown)s. There are: %(known)s.")
            % {"unknown": in_braces(unknown), "known": in_braces(FIELDS)}
        )
    if any(brace in _FIELD.sub("", text) for brace in "{}"):
        raise ValidationError(_("A brace has lost its other half; a field has both, as in {nomor}."))


def fill(text, request, office):
    """The text with its fields filled for this request. What is filled in is not looked at again."""

    def value(match):
        return FIELDS[match[1]](request, office) if match[1] in FIELDS else match[0]

    with translation.override(settings.LANGUAGE_CODE):
        return _FIELD.sub(value, text)


def steps_of(office):
    """The steps for which this office may keep texts: those of its side in which something is written."""
    side = office and SIDES.get(office.kind)
    return [step for step in STEPS.values() if step.side == side and step.verb in ANSWERED]


def may_keep(actor):
    """Leads, for their own office; its officers use what is kept."""
    return actor.leads and bool(steps_of(actor.office))


def keep(values, *, actor, client_id, body_sha256, at=None):
    """Keep a new text for the actor's office. `at` is for demonstration data. Returns (template, was_created).

    Raises NotPermitted.
    """

    def make():
        _refuse_others(actor, actor.office)
        template = AnswerTemplate.objects.create(
            office=actor.office, written_by=actor, client_id=client_id, body_sha256=body_sha256, **values
        )
        record(template, "create", actor=actor, at=at)
        return template

    return create_once(AnswerTemplate, client_id, body_sha256, owner={"written_by_id": actor.pk}, make=make)


@transaction.atomic
def change(template, values, *, actor, version):
    """Save the changed fields on the version that was seen.

    Raises NotPermitted, StaleVersion, or AlreadyDone when everything stands as typed.
    """
    locked = _locked_for(template, actor)
    changed = changes(locked, values)
    if not changed:
        raise AlreadyDone(_("Everything stands as you wrote it; there was nothing to change."))
    refuse_stale(locked, version)
    for name in changed:
        setattr(locked, name, values[name])
    return _save(locked, "edit", actor, changed=changed)


@transaction.atomic
def switch(template, *, actor, version, on):
    """Offer the text no longer, or again."""
    locked = _locked_for(template, actor)
    if locked.is_active == on:
        raise AlreadyDone(_("This has been done already."))
    refuse_stale(locked, version)
    locked.is_active = on
    return _save(locked, "switch_on" if on else "switch_off", actor)


def changes(template, values):
    """The names of the fields in which the values differ from the template."""
    return [name for name in EDITABLE if getattr(template, name) != values[name]]


def _save(template, verb, actor, **facts):
    template.version += 1
    template.save()
    record(template, verb, actor=actor, data={"moves": True} | facts)
    return template


def _locked_for(template, actor):
    locked = lock(template)
    _refuse_others(actor, locked.office)
    return locked


def _refuse_others(actor, office):
    if not may_keep(actor) or not actor.acts_for(office):
        raise NotPermitted(_("Only the lead of this office keeps its answer templates."))

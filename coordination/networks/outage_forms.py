"""What people type about planned outages, cleaned, and the notice that fills the form."""

import uuid
from zoneinfo import ZoneInfo

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.batches.forms import BatchForm
from coordination.common.fields import LocalDateTimeField, PlainText
from coordination.common.forms import ClientIdField, PlainForm, VersionField
from coordination.networks.choices import Impact, OutageKind, OutageState
from coordination.networks.maintaining import EDITABLE, MOST_REGIONS, changes
from coordination.networks.maintnote import MOST_BYTES, UnreadableNotice, read
from coordination.networks.models import Operator
from coordination.networks.outage_lists import COLUMNS
from coordination.networks.validators import validate_window
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.forms import RegionsField, zone_hint
from coordination.regions.models import Region, TimeZone

AT_FIRST = [choice for choice in OutageState.choices if choice[0] in OutageState.AT_FIRST]
WINDOW = ("starts_at", "ends_at")


def _two(left, right):
    return Div(Div(left, css_class="col-md-6"), Div(right, css_class="col-md-6"), css_class="row")


def _home(actor):
    """The region of the actor's office; None for one of the whole country and for admins."""
    return actor.office.region if actor.office else None


class WindowForm(PlainForm):
    """When: typed on the clocks of the region unless another zone is chosen."""

    starts_at = LocalDateTimeField(label=gettext_lazy("Starts"))
    ends_at = LocalDateTimeField(label=gettext_lazy("Ends"))

    def _clean_window(self, cleaned, zone):
        for name in WINDOW:
            if cleaned.get(name):
                cleaned[name] = cleaned[name].replace(tzinfo=ZoneInfo(zone))
        if all(cleaned.get(name) for name in WINDOW):
            try:
                validate_window(*(cleaned[name] for name in WINDOW))
            except ValidationError as error:
                self.add_error(None, error)


class FactsForm(PlainForm):
    """What an outage is, without its times."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[("", gettext_lazy("Choose …")), *OutageKind.choices])
    provider = PlainText(
        label=gettext_lazy("Announced by"), max_length=120, help_text=gettext_lazy("As the notice says it.")
    )
    reference = PlainText(
        label=gettext_lazy("Reference of the notice"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Under it a later notice finds this outage."),
    )
    operator = forms.ModelChoiceField(
        label=gettext_lazy("Operator"),
        required=False,
        queryset=Operator.objects.none(),
        empty_label=gettext_lazy("None of these, or several"),
    )
    regions = RegionsField(most=MOST_REGIONS)
    impact = forms.ChoiceField(label=gettext_lazy("Impact"), choices=Impact.choices, initial=Impact.OUTAGE)
    note = PlainText(
        label=gettext_lazy("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Read by all offices of the region. Name no candidates."),
    )
    source_text = PlainText(
        label=gettext_lazy("Text of the notice"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["regions"].regions = Jurisdiction.of(actor).regions(Region.objects.all())
        self.fields["operator"].queryset = Operator.objects.serving()
        opened = " open" if self.is_bound and "source_text" in self.errors else ""
        folded = f"<details{opened}><summary>{_('Text of the notice')}</summary>"
        alone = [name for name in self.fields if name not in (*FOLDED, "kind", "operator", "provider", "reference")]
        self.helper.layout = Layout(
            *[name for name in alone if name in HIDDEN], _two("kind", "operator"), _two("provider", "reference"),
            *self._in_pairs([name for name in alone if name not in HIDDEN]),
            HTML(folded), *FOLDED, HTML("</details>"),
        )  # fmt: skip

    def _in_pairs(self, names):
        return names

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == OutageKind.POWER and cleaned.get("operator"):
            self.add_error("operator", _("Electricity has no operator of a network: leave this empty."))
        return cleaned


HIDDEN = ("client_id", "version")
FOLDED = ("source_text",)


class OutageForm(FactsForm, WindowForm):
    client_id = ClientIdField()
    state = forms.ChoiceField(
        label=pgettext_lazy("noun", "State"), choices=AT_FIRST, initial=OutageState.TENTATIVE, required=False
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Clocks of these times"),
        required=False,
        choices=[("", gettext_lazy("The region's own")), *TimeZone.choices],
    )
    field_order = ["client_id", "kind", "operator", "provider", "reference", "regions", "starts_at", "ends_at", "zone",
                   "state", "impact", "note", "source_text"]  # fmt: skip

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["starts_at"].help_text = zone_hint(_home(actor))

    def _in_pairs(self, names):
        alone = [name for name in names if name not in (*WINDOW, "zone", "state", "impact", "note")]
        return [*alone, _two(*WINDOW), _two("zone", "state"), "impact", "note"]

    @classmethod
    def new(cls, actor, **known):
        return cls(initial={"client_id": uuid.uuid4()} | known, actor=actor)

    @classmethod
    def of_notice(cls, notice, actor):
        """The form filled with what a notice says, to be checked; its moments on clocks that the form names."""
        home = _home(actor)
        zone = home.time_zone if home else timezone.get_default_timezone_name()
        known = {
            "kind": OutageKind.OPERATOR, "provider": notice.provider, "reference": notice.reference,
            "state": notice.state, "note": notice.details[:2000], "source_text": notice.text[:10_000],
            "operator": _operator_named(notice.provider),
        }  # fmt: skip
        known |= {"impact": notice.impact} if notice.impact else {}
        known |= {name: _on_clocks(getattr(notice, name), zone) for name in WINDOW}
        known |= {"zone": zone} if any(_is_of_a_zone(getattr(notice, name)) for name in WINDOW) else {}
        return cls.new(actor, **known)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("regions"):
            first = min(cleaned["regions"], key=lambda region: region.path)
            self._clean_window(cleaned, cleaned.get("zone") or first.time_zone)
        return cleaned


def _operator_named(provider):
    """The operator whose name begins as the provider's does, if it is one alone: Telkomsel for "Telkomsel NOC"."""
    word = provider.split()[0] if provider.split() else None
    found = list(Operator.objects.serving().filter(name__istartswith=word)[:2]) if word else []
    return found[0].pk if len(found) == 1 else None


def _is_of_a_zone(moment):
    return moment is not None and moment.tzinfo is not None


def _on_clocks(moment, zone):
    """The moment as the clocks of the zone show it; one without a zone stays as it is."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if _is_of_a_zone(moment) else moment


class EditOutageForm(FactsForm):
    """All but the times, which a step moves and gives the reason for."""

    version = VersionField()

    def __init__(self, *args, outage, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["operator"].queryset |= Operator.objects.filter(pk=outage.operator_id)
        # What lies outside the own jurisdiction was named by an office above, and stays as it is.
        own = Jurisdiction.of(self.actor)
        here = [region.pk for region in outage.regions.all() if not own.covers(region)]
        self.fields["regions"].regions |= Region.objects.filter(pk__in=here)

    @classmethod
    def of(cls, outage, actor):
        initial = {name: getattr(outage, name) for name in EDITABLE}
        initial |= {"regions": list(outage.regions.all()), "version": outage.version}
        return cls(initial=initial, actor=actor, outage=outage)

    def differences(self, present):
        """(label, present value) of each field that was typed otherwise than the outage has it now."""
        return [
            (self.fields[name].label, self._shown(name, value))
            for name, (value, _new) in changes(present, self.cleaned_data).items()
        ]

    def _shown(self, name, value):
        if name == "regions":
            return self.fields[name].prepare_value(value)
        choices = {"kind": OutageKind, "impact": Impact}.get(name)
        return choices(value).label if choices else value or "–"


class StepForm(WindowForm):
    """A step with its note; only a move has times."""

    version = VersionField()
    note = PlainText(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Read by all offices of the region. Name no candidates."),
    )

    def __init__(self, *args, outage, step, **kwargs):
        # One page holds several forms with the same fields, so their ids differ.
        super().__init__(*args, auto_id=f"{step.verb}_%s", **kwargs)
        self.outage = outage
        self.fields["note"].label = step.note_label
        self.fields["note"].required = step.needs_note
        self.initial.setdefault("version", outage.version)
        if step.moves_window:
            self._offer_window(outage)
        else:
            for name in WINDOW:
                del self.fields[name]

    def _offer_window(self, outage):
        self.fields["starts_at"].help_text = zone_hint(outage.region)
        self.initial.setdefault("starts_at", outage.starts_there.replace(tzinfo=None))
        self.initial.setdefault("ends_at", outage.ends_there.replace(tzinfo=None))
        self.helper.layout = Layout("version", _two(*WINDOW), "note")

    def clean(self):
        cleaned = super().clean()
        if "starts_at" in self.fields:
            self._clean_window(cleaned, self.outage.region.time_zone)
        return cleaned

    @classmethod
    def of_notice(cls, notice, outage, step):
        """The form of a step filled with what a notice says, to be checked."""
        known = {"note": _("Notice of %(provider)s.") % {"provider": notice.provider}}
        if step.moves_window:
            known |= {name: _on_clocks(getattr(notice, name), outage.region.time_zone) for name in WINDOW}
        return cls(initial=known, outage=outage, step=step)


def step_form(outage, step, actor, data=None):
    """The form of a step on this outage, the same for everybody who may take it."""
    return StepForm(data, outage=outage, step=step)


class NoticeForm(PlainForm):
    """The text of a notice, pasted or as the file that came with the mail. Cleans to a Notice."""

    text = PlainText(
        label=gettext_lazy("Text of the notice"),
        max_length=MOST_BYTES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or its file (.ics)"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar,text/plain"}),
    )

    def clean(self):
        cleaned = super().clean()
        text = cleaned.get("text") or self._text_of(cleaned.get("file"))
        if not self.errors:
            try:
                cleaned["notice"] = read(text)
            except UnreadableNotice as error:
                self.add_error("text", str(error))
        return cleaned

    def _text_of(self, file):
        if file is None:
            return ""
        if file.size > MOST_BYTES:
            self.add_error("file", _("This file is too large for a notice."))
            return ""
        return self.fields["text"].to_python(file.read().decode("utf-8", errors="replace"))


class OutageListForm(BatchForm):
    def clean(self):
        cleaned = super().clean()
        if cleaned.get("file"):
            self.refuse_unreadable(COLUMNS)
        return cleaned

"""What people type about activities, cleaned."""

import uuid
from zoneinfo import ZoneInfo

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.batches.forms import BatchForm
from coordination.campaigns.choices import Need, Platform
from coordination.campaigns.models import CampaignMethod, CandidatePair, Election
from coordination.campaigns.notices import people_there
from coordination.campaigns.planning import EDITABLE, changes
from coordination.campaigns.schedules import COLUMNS
from coordination.campaigns.stages import current_election, findings_on
from coordination.campaigns.validators import validate_activity_region, validate_point, validate_times
from coordination.common.fields import Coordinate, LocalDateTimeField, PlainInteger, PlainText
from coordination.common.forms import ClientIdField, PlainForm, VersionField
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.distances import LATITUDES, LONGITUDES
from coordination.regions.forms import RegionField, zone_hint
from coordination.regions.models import Level, Region

# What stands folded below.
DETAILS = ("latitude", "longitude")


class ActivityForm(PlainForm):
    """An activity. Its election follows from the region and the day."""

    client_id = ClientIdField()
    region = RegionField()
    place = PlainText(
        label=gettext_lazy("Place"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Hall, hamlet, road. The ICT office reads this: name no candidates."),
    )
    method = forms.ModelChoiceField(
        label=gettext_lazy("Method"), queryset=CampaignMethod.objects.all(), empty_label=gettext_lazy("Choose …")
    )
    platform = forms.ChoiceField(
        label=gettext_lazy("Platform"), choices=[("", gettext_lazy("Choose …")), *Platform.choices]
    )
    need = forms.ChoiceField(
        label=gettext_lazy("What the network must do there"), choices=[("", gettext_lazy("Choose …")), *Need.choices]
    )
    starts_at = LocalDateTimeField(label=gettext_lazy("Starts"))
    ends_at = LocalDateTimeField(label=gettext_lazy("Ends"))
    participants = PlainInteger(
        label=gettext_lazy("Expected participants"), required=False, min_value=0, max_value=10_000_000
    )
    sttp_number = PlainText(
        label=gettext_lazy("STTP number"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("If there is one. The police expect the notice a week ahead, three days at the latest."),
    )
    candidate_pair = forms.ModelChoiceField(
        label=gettext_lazy("Candidate pair"),
        required=False,
        queryset=CandidatePair.objects.none(),
        empty_label=gettext_lazy("None, or several"),
        help_text=gettext_lazy("Seen by KPU and Bawaslu only."),
    )
    latitude = Coordinate(
        label=gettext_lazy("Latitude"),
        required=False,
        min_value=LATITUDES[0],
        max_value=LATITUDES[1],
        help_text=gettext_lazy("For example -6,914."),
    )
    longitude = Coordinate(
        label=gettext_lazy("Longitude"),
        required=False,
        min_value=LONGITUDES[0],
        max_value=LONGITUDES[1],
        help_text=gettext_lazy("For example 107,609."),
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].regions = Jurisdiction.of(actor).regions(Region.objects.all())
        office = getattr(actor, "office", None)
        self.fields["starts_at"].help_text = zone_hint(office and office.region)
        self._offer_pairs(self._pairs(actor))
        opened, summary = " open" if self._details_matter() else "", _("Coordinates, if known")
        two = Div(Div("starts_at", css_class="col-md-6"), Div("ends_at", css_class="col-md-6"), css_class="row")
        folded = [HTML(f"<details{opened}><summary>{summary}</summary>"), *DETAILS, HTML("</details>")]
        alone = [name for name in self.fields if name not in (*DETAILS, "starts_at", "ends_at")]
        before = alone.index("participants")
        self.helper.layout = Layout(*alone[:before], two, *alone[before:], *folded)

    def _pairs(self, actor):
        """The pairs to choose from: those of the regency. Whoever answers for more names the pair once the activity has
        its region, by changing it, so that no list has hundreds of rows."""
        office_region = actor.office.region if getattr(actor, "office", None) else None
        near = office_region is not None and office_region.level >= Level.REGENCY
        return CandidatePair.objects.visible_to(actor) if near else CandidatePair.objects.none()

    def _offer_pairs(self, pairs):
        """Without any pairs, as for everybody who must not know of them, there is no such field at all."""
        pairs = pairs.select_related("contest__region", "contest__election").order_by(
            "-contest__election__voting_date", "contest__region__path", "number"
        )
        if pairs.exists():
            self.fields["candidate_pair"].queryset = pairs
            self.fields["candidate_pair"].label_from_instance = _pair_label
        else:
            del self.fields["candidate_pair"]

    def _details_matter(self):
        """Whether something stands in the folded part, or is wrong there."""
        if self.is_bound and any(name in self.errors for name in DETAILS):
            return True
        return any(self[name].value() not in (None, "") for name in DETAILS)

    @classmethod
    def new(cls, actor):
        return cls(initial={"client_id": uuid.uuid4()}, actor=actor)

    def clean_region(self):
        region = self.cleaned_data["region"]
        validate_activity_region(region)
        return region

    def clean(self):
        cleaned = super().clean()
        region = cleaned.get("region")
        if region is None:
            return cleaned
        for name in ("starts_at", "ends_at"):
            if cleaned.get(name):
                cleaned[name] = cleaned[name].replace(tzinfo=ZoneInfo(region.time_zone))
        if "latitude" in cleaned and "longitude" in cleaned:
            self._check(validate_point, region, cleaned["latitude"], cleaned["longitude"])
        if cleaned.get("starts_at") and cleaned.get("ends_at"):
            self._check(validate_times, cleaned["starts_at"], cleaned["ends_at"])
        if {"starts_at", "ends_at"} <= cleaned.keys() and not self.errors.keys() & {"starts_at", "ends_at"}:
            self._find_election(cleaned, region)
        return cleaned

    def _find_election(self, cleaned, region):
        """Name the election of the day, and refuse what its rules forbid."""
        first, last = cleaned["starts_at"].date(), cleaned["ends_at"].date()
        election = cleaned["election"] = current_election(region, first)
        if election is None:
            self.add_error("starts_at", _("No election is entered for this region at that time."))
            return
        if cleaned.get("method"):
            people = people_there(cleaned.get("platform"), cleaned.get("participants"))
            for finding in findings_on(election, cleaned["method"], first, last, people=people):
                if finding.blocks:
                    self.add_error("method" if finding.about_method else "starts_at", finding.sentence)
        pair = cleaned.get("candidate_pair")
        standing = CandidatePair.objects.standing_in(region).filter(contest__election=election)
        if pair and not standing.filter(pk=pair.pk).exists():
            self.add_error("candidate_pair", _("These candidates do not stand in the region of the activity."))

    def _check(self, validate, *values):
        try:
            validate(*values)
        except ValidationError as error:
            self.add_error(None, error)


def _pair_label(pair):
    return f"{pair} ({pair.contest.region}, {pair.contest.election.voting_date.year})"


class EditActivityForm(ActivityForm):
    version = VersionField()

    def __init__(self, *args, activity, **kwargs):
        self.activity = activity
        super().__init__(*args, **kwargs)

    def _pairs(self, actor):
        """Those that stand where the activity is."""
        return CandidatePair.objects.visible_to(actor).standing_in(self.activity.region)

    def clean_region(self):
        region = super().clean_region()
        if region.regency_path != self.activity.region.regency_path:
            raise ValidationError(_("An activity stays in its regency or city. Register a new one for another."))
        return region

    @classmethod
    def of(cls, activity, actor):
        """The form of an activity that is changed, with times in its region's zone."""
        initial = {name: getattr(activity, name) for name in EDITABLE if name != "candidate_pair"}
        initial |= {
            "starts_at": activity.starts_there.replace(tzinfo=None),
            "ends_at": activity.ends_there.replace(tzinfo=None),
            "candidate_pair": activity.candidate_pair_id,
            "version": activity.version,
        }
        return cls(initial=initial, actor=actor, activity=activity)

    def differences(self, present):
        """(label, present value) of each field that was typed otherwise than the activity has it now."""
        differing = changes(present, self.cleaned_data)
        return [
            (self.fields[name].label, self._shown(name, value, present))
            for name, (value, _new) in differing.items()
            if name in self.fields
        ]

    def _shown(self, name, value, present):
        if value in (None, ""):
            return "–"
        if name in ("starts_at", "ends_at"):
            there = present.starts_there if name == "starts_at" else present.ends_there
            return date_format(there, "DATETIME_FORMAT")
        if name == "region":
            return present.region_name
        return dict(Platform.choices + Need.choices).get(value, value) if name in ("platform", "need") else value


class StepForm(PlainForm):
    version = VersionField()
    note = PlainText(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The ICT office reads this: name no candidates."),
    )

    def __init__(self, *args, activity, step, **kwargs):
        # One page holds several forms with the same fields, so their ids differ.
        super().__init__(*args, auto_id=f"{step.verb}_%s", **kwargs)
        self.fields["note"].label = step.note_label
        self.fields["note"].required = step.needs_note
        self.initial.setdefault("version", activity.version)


def step_form(activity, step, actor, data=None):
    """The form of a step on this activity, the same for everybody who may take it."""
    return StepForm(data, activity=activity, step=step)


class ScheduleForm(BatchForm):
    """A schedule of activities."""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("file"):
            self.refuse_unreadable(COLUMNS)
        return cleaned


class TreatmentForm(forms.Form):
    """Which election and which area the report is about, from the address of the page."""

    election = forms.ModelChoiceField(
        label=gettext_lazy("Election"), queryset=Election.objects.all(), required=False, empty_label=None
    )
    region = RegionField(required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].regions = Jurisdiction.of(user).regions(Region.objects.all())

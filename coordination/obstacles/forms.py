"""What people type about obstacles, cleaned."""

import uuid
from zoneinfo import ZoneInfo

from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from coordination.common.fields import Coordinate, FilesField, LocalDateTimeField, PlainDecimal, PlainInteger, PlainText
from coordination.common.forms import INCOMPLETE, ClientIdField, PlainForm, VersionField
from coordination.networks.choices import Technology
from coordination.networks.models import Assessment, Operator
from coordination.obstacles.choices import Form, ObstacleKind
from coordination.obstacles.filing import EDITABLE, MAX_PHOTOS, changes
from coordination.obstacles.models import EAST, NORTH, SOUTH, WEST, Obstacle
from coordination.obstacles.validators import validate_coordinates, validate_period, validate_reported_region
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.forms import RegionField
from coordination.regions.models import Region
from coordination.uploads.fields import AnnouncedFiles

# What stands folded below the five fields that are enough.
DETAILS = (
    "place", "form", "until", "technology", "operators", "has_electricity", "people_affected",
    "download_mbps", "upload_mbps", "latency_ms", "latitude", "longitude",
)  # fmt: skip


class YesNoUnknown(forms.NullBooleanSelect):
    """Django's own select with our words; a plain Select would not recognise True as its "true"."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.choices = [
            ("unknown", gettext_lazy("Unknown")),
            ("true", pgettext_lazy("electricity", "Yes")),
            ("false", pgettext_lazy("electricity", "No")),
        ]


class ObstacleForm(PlainForm):
    """An obstacle: five fields are enough, the rest stands folded below."""

    client_id = ClientIdField()
    measurement = forms.UUIDField(required=False, widget=forms.HiddenInput, error_messages={"invalid": INCOMPLETE})
    region = RegionField()
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", gettext_lazy("Choose …")), *ObstacleKind.choices]
    )
    since = LocalDateTimeField(label=gettext_lazy("Since"), help_text=gettext_lazy("In the time of the region itself."))
    description = PlainText(
        label=gettext_lazy("What happens there"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    photos = FilesField(
        label=gettext_lazy("Photos"),
        required=False,
        most=MAX_PHOTOS,
        images_only=True,
        help_text=gettext_lazy("Screenshots of a speed test, the tower, the place. At most 10 MB each."),
    )
    announced = AnnouncedFiles(most=MAX_PHOTOS)
    place = PlainText(
        label=gettext_lazy("Place"), max_length=200, required=False, help_text=gettext_lazy("Hall, hamlet, road.")
    )
    form = forms.ChoiceField(label=gettext_lazy("Form"), choices=Form, initial=Form.CONDITION, required=False)
    until = LocalDateTimeField(label=gettext_lazy("Until"), required=False)
    technology = forms.ChoiceField(
        label=gettext_lazy("Technology there"),
        required=False,
        choices=[("", gettext_lazy("Unknown")), *Technology.choices],
    )
    operators = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Operators"),
        required=False,
        queryset=Operator.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    has_electricity = forms.NullBooleanField(
        label=gettext_lazy("Electricity there"), required=False, widget=YesNoUnknown
    )
    people_affected = PlainInteger(
        label=gettext_lazy("People affected"), required=False, min_value=0, max_value=10_000_000
    )
    download_mbps = PlainDecimal(
        label=gettext_lazy("Download (Mbps)"), required=False, min_value=0, max_value=100_000, decimal_places=2
    )
    upload_mbps = PlainDecimal(
        label=gettext_lazy("Upload (Mbps)"), required=False, min_value=0, max_value=100_000, decimal_places=2
    )
    latency_ms = PlainInteger(label=gettext_lazy("Latency (ms)"), required=False, min_value=0, max_value=600_000)
    latitude = Coordinate(
        label=gettext_lazy("Latitude"),
        required=False,
        min_value=SOUTH,
        max_value=NORTH,
        help_text=gettext_lazy("For example -6,914."),
    )
    longitude = Coordinate(
        label=gettext_lazy("Longitude"),
        required=False,
        min_value=WEST,
        max_value=EAST,
        help_text=gettext_lazy("For example 107,609."),
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.measurements = Assessment.objects.visible_to(actor)
        self.fields["region"].regions = Jurisdiction.of(actor).regions(Region.objects.all())
        self.fields["operators"].queryset = self._operators()
        office = getattr(actor, "office", None)
        self.fields["since"].help_text = _zone_hint(office and office.region)
        opened, summary = " open" if self._details_matter() else "", _("Details, if known")
        self.helper.layout = Layout(
            *[name for name in self.fields if name not in DETAILS],
            HTML(f"<details{opened}><summary>{summary}</summary>"),
            *DETAILS,
            HTML("</details>"),
        )

    def _operators(self):
        return Operator.objects.serving()

    def _details_matter(self):
        """Whether something stands in the folded part, or is wrong there."""
        if self.is_bound and any(name in self.errors for name in DETAILS):
            return True
        return any(self[name].value() not in (None, "", [], "unknown", Form.CONDITION) for name in DETAILS)

    @classmethod
    def new(cls, actor, measurement=None):
        """A form with a fresh client_id that begins now, or with what an Assessment found and since then."""
        region = actor.office.region
        now = timezone.now().astimezone(ZoneInfo(region.time_zone)) if region else timezone.localtime()
        initial = {"client_id": uuid.uuid4(), "since": now.replace(tzinfo=None)}
        return cls(initial=initial | (_found_by(measurement) if measurement else {}), actor=actor)

    def clean_measurement(self):
        key = self.cleaned_data["measurement"]
        measurement = self.measurements.filter(key=key).first() if key else None
        if key and measurement is None:
            raise ValidationError(_("The measurement is not among those of your region."))
        return measurement

    def clean_region(self):
        region = self.cleaned_data["region"]
        validate_reported_region(region)
        return region

    def clean_form(self):
        return self.cleaned_data["form"] or Form.CONDITION

    def clean(self):
        cleaned = super().clean()
        region = cleaned.get("region")
        if region is None:
            return cleaned
        for name in ("since", "until"):
            if cleaned.get(name):
                cleaned[name] = cleaned[name].replace(tzinfo=ZoneInfo(region.time_zone))
        if cleaned.get("since") and "until" in cleaned:
            self._check(validate_period, cleaned["since"], cleaned["until"])
        if "latitude" in cleaned and "longitude" in cleaned:
            self._check(validate_coordinates, region, cleaned["latitude"], cleaned["longitude"])
        return cleaned

    def _check(self, validate, *values):
        try:
            validate(*values)
        except ValidationError as error:
            self.add_error(None, error)


def _found_by(measurement):
    """What the fields of a report are told by a measurement."""
    initial = {name: getattr(measurement, name) for name in ("region", "place", "technology", "latency_ms")}
    for name in ("download_mbps", "upload_mbps"):
        speed = getattr(measurement, name)
        initial[name] = speed if speed is None else round(speed, 2)
    return initial | {
        "measurement": measurement.key,
        "since": measurement.measured_there.replace(tzinfo=None),
        "operators": [measurement.operator] if measurement.operator else [],
        "description": measurement.sentence,
    }


def _zone_hint(region):
    """In which zone the times are typed; an office of the whole country reads of the region's own."""
    if region is None:
        return _("In the time of the region itself.")
    return _("In local time, %(zone)s.") % {"zone": region.get_time_zone_display()}


class EditObstacleForm(ObstacleForm):
    version = VersionField()
    measurement = None  # it stays that of the report

    def __init__(self, *args, obstacle, **kwargs):
        self.obstacle = obstacle
        super().__init__(*args, **kwargs)

    def _operators(self):
        """Also those that ended since, as long as they stand in the obstacle."""
        known = Operator.objects.filter(Q(pk__in=Operator.objects.serving()) | Q(obstacles=self.obstacle))
        return known.distinct()

    def clean_region(self):
        region = super().clean_region()
        if region.regency_path != self.obstacle.region.regency_path:
            raise ValidationError(_("An obstacle stays in its regency or city. Report a new one for another."))
        return region

    @classmethod
    def of(cls, obstacle, actor):
        """The form of an obstacle that is edited, with times in its region's zone."""
        initial = {name: getattr(obstacle, name) for name in EDITABLE}
        for name in ("since", "until"):
            initial[name] = initial[name] and _local(initial[name], obstacle.region).replace(tzinfo=None)
        initial |= {"version": obstacle.version}
        initial["operators"] = list(obstacle.operators.all())
        return cls(initial=initial, actor=actor, obstacle=obstacle)

    def differences(self, present):
        """(label, present value) of each field that was typed otherwise than the obstacle has it now."""
        differing = changes(present, self.cleaned_data)
        return [
            (self.fields[name].label, self._shown(name, value, present)) for name, (value, _new) in differing.items()
        ]

    def _shown(self, name, value, present):
        if value in (None, "", []):
            return "–"
        if name in ("since", "until"):
            return date_format(_local(value, present.region), "DATETIME_FORMAT")
        if name == "operators":
            return ", ".join(map(str, value))
        if name == "region":
            return present.region_name
        choices = dict(getattr(self.fields[name], "choices", ()))
        return choices.get(
            value, {True: pgettext("electricity", "Yes"), False: pgettext("electricity", "No")}.get(value, value)
        )


def _local(moment, region):
    return moment.astimezone(ZoneInfo(region.time_zone))


class StepForm(PlainForm):
    version = VersionField()
    note = PlainText(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, obstacle, step, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = step.note_label
        self.initial.setdefault("version", obstacle.version)


class MergeForm(StepForm):
    into = forms.CharField(
        label=gettext_lazy("Number of the other obstacle"),
        max_length=30,
        help_text=gettext_lazy("For example HB-3273-2026-0007."),
    )
    field_order = ["version", "into", "note"]

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = Obstacle.objects.visible_to(actor).standing()

    def clean_into(self):
        number = self.cleaned_data["into"].strip().upper()
        found = self.known.filter(number=number).first()
        if found is None:
            raise ValidationError(_("The other obstacle is not among those that stand in your region."))
        return found


class JoinForm(PlainForm):
    client_id = ClientIdField()
    need = PlainText(
        label=gettext_lazy("What it hinders at your place"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


def step_form(obstacle, step, actor, data=None):
    """The form of a step on this obstacle."""
    # One page holds several forms with the same fields, so their ids differ.
    options = {"obstacle": obstacle, "step": step, "auto_id": f"{step.verb}_%s"}
    return MergeForm(data, actor=actor, **options) if step.verb == "merge" else StepForm(data, **options)

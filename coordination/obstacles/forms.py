"""What people type about obstacles, cleaned."""

import uuid
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.common.fields import FilesField
from coordination.networks.models import Operator
from coordination.obstacles.choices import Form, ObstacleKind, Technology
from coordination.obstacles.filing import EDITABLE, MAX_PHOTOS
from coordination.obstacles.models import Obstacle
from coordination.obstacles.validators import validate_coordinates, validate_period
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.forms import RegionField
from coordination.regions.models import Level, Region

ESSENTIAL = ("client_id", "region", "kind", "since", "description", "photos")
DETAILS = (
    "place", "form", "until", "technology", "operators", "has_electricity", "people_affected",
    "download_mbps", "upload_mbps", "latency_ms", "latitude", "longitude",
)  # fmt: skip


class LocalDateTimeField(forms.DateTimeField):
    """A date and time as typed; the form gives it the region's zone once the region is known."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value):
        moment = super().to_python(value)
        return moment and moment.replace(tzinfo=None)


class PlainForm(forms.Form):
    """The page writes the form tag and the buttons; crispy writes the fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class ObstacleForm(PlainForm):
    """An obstacle: five fields are enough, the rest stands folded below."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    region = RegionField()
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", gettext_lazy("Choose …")), *ObstacleKind.choices]
    )
    since = LocalDateTimeField(label=gettext_lazy("Since"), help_text=gettext_lazy("In the time of the region itself."))
    description = forms.CharField(
        label=gettext_lazy("What happens there"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    photos = FilesField(
        label=gettext_lazy("Photos"), required=False, most=MAX_PHOTOS, images_only=True,
        help_text=gettext_lazy("Screenshots of a speed test, the tower, the place. At most 10 MB each."),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"), max_length=200, required=False, help_text=gettext_lazy("Hall, hamlet, road.")
    )
    form = forms.ChoiceField(label=gettext_lazy("Form"), choices=Form, initial=Form.CONDITION, required=False)
    until = LocalDateTimeField(label=gettext_lazy("Until"), required=False)
    technology = forms.ChoiceField(
        label=gettext_lazy("Technology there"), required=False,
        choices=[("", gettext_lazy("Unknown")), *Technology.choices],
    )
    operators = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Operators"), required=False, queryset=Operator.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    has_electricity = forms.NullBooleanField(
        label=gettext_lazy("Electricity there"), required=False,
        widget=forms.Select(
            choices=[("", gettext_lazy("Unknown")), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]
        ),
    )
    people_affected = forms.IntegerField(
        label=gettext_lazy("People affected"), required=False, min_value=0, max_value=10_000_000
    )
    download_mbps = forms.DecimalField(
        label=gettext_lazy("Download (Mbps)"), required=False, min_value=0, max_value=100_000, decimal_places=2,
        localize=True,
    )
    upload_mbps = forms.DecimalField(
        label=gettext_lazy("Upload (Mbps)"), required=False, min_value=0, max_value=100_000, decimal_places=2,
        localize=True,
    )
    latency_ms = forms.IntegerField(
        label=gettext_lazy("Latency (ms)"), required=False, min_value=0, max_value=600_000
    )
    latitude = forms.FloatField(
        label=gettext_lazy("Latitude"), required=False, min_value=-12, max_value=7, localize=True,
        help_text=gettext_lazy("For example -6,914."),
    )
    longitude = forms.FloatField(
        label=gettext_lazy("Longitude"), required=False, min_value=94, max_value=142, localize=True,
        help_text=gettext_lazy("For example 107,609."),
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].regions = Jurisdiction.of(actor).regions(Region.objects.all())
        self.fields["operators"].queryset = Operator.objects.serving()
        folded = not any(name in self.errors for name in DETAILS) if self.is_bound else True
        summary = _("Details, if known")
        self.helper.layout = Layout(
            *[name for name in self.fields if name not in DETAILS],
            HTML(f"<details{'' if folded else ' open'}><summary>{summary}</summary>"),
            *DETAILS,
            HTML("</details>"),
        )

    @classmethod
    def new(cls, actor):
        """An empty form with a fresh client_id that begins at the office's own region and now."""
        region = actor.office.region
        now = timezone.now().astimezone(ZoneInfo(region.time_zone)) if region else timezone.localtime()
        return cls(initial={"client_id": uuid.uuid4(), "region": region, "since": now.replace(tzinfo=None)}, actor=actor)

    def clean_region(self):
        region = self.cleaned_data["region"]
        if region.level == Level.PROVINCE:
            raise ValidationError(_("Choose a regency, district or village."))
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


class EditObstacleForm(ObstacleForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    @classmethod
    def of(cls, obstacle, actor):
        """The form of an obstacle that is edited, with times in its region's zone."""
        initial = {name: getattr(obstacle, name) for name in EDITABLE}
        zone = ZoneInfo(obstacle.region.time_zone)
        for name in ("since", "until"):
            initial[name] = initial[name] and initial[name].astimezone(zone).replace(tzinfo=None)
        initial |= {"client_id": obstacle.client_id, "version": obstacle.version}
        return cls(initial=initial | {"operators": obstacle.operators.all()}, actor=actor)


class StepForm(PlainForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    note = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, obstacle, step, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = step.note_label
        self.initial.setdefault("version", obstacle.version)


class MergeForm(StepForm):
    into = forms.CharField(
        label=gettext_lazy("Number of the other obstacle"), max_length=30,
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
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    need = forms.CharField(
        label=gettext_lazy("What it hinders at your place"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


def step_form(obstacle, step, actor, data=None):
    """The form of a step on this obstacle."""
    if step.verb == "merge":
        return MergeForm(data, obstacle=obstacle, step=step, actor=actor)
    return StepForm(data, obstacle=obstacle, step=step)

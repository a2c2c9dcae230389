"""What people type about a measurement, cleaned; the script of the page fills the same fields."""

import uuid
from zoneinfo import ZoneInfo

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.batches.forms import BatchForm
from coordination.common.fields import FilesField, LocalDateTimeField, PlainDecimal, PlainInteger, PlainText
from coordination.common.forms import INCOMPLETE, ClientIdField, HiddenText, PlainForm
from coordination.common.templatetags.portal_tags import device
from coordination.networks.choices import ListKind, Method, Technology
from coordination.networks.lists import COLUMNS
from coordination.networks.models import Operator
from coordination.networks.recording import MAX_SCREENSHOTS
from coordination.networks.validators import EARLIEST, validate_figures, validate_measured_at, validate_measured_region
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.forms import RegionField
from coordination.regions.models import Region
from coordination.uploads.fields import AnnouncedFiles

# What stands folded at the end of the form.
DETAILS = ("measured_at", "signal_dbm", "source", "network_type", "device", "note")
MOST_MS = 600_000


def _hidden(field, **options):
    messages = dict.fromkeys(("invalid", "invalid_choice", "min_value", "max_value"), INCOMPLETE)
    # By attribute, so that they come back with a draft of the figures that they belong to.
    return field(required=False, widget=HiddenText, error_messages=messages, **options)


def _two(left, right):
    return Div(Div(left, css_class="col-md-6"), Div(right, css_class="col-md-6"), css_class="row")


class MeasurementForm(PlainForm):
    """Where, with which network, and the figures."""

    client_id = ClientIdField()
    method = _hidden(forms.ChoiceField, choices=Method.choices)
    bytes_used = _hidden(forms.IntegerField, min_value=0, max_value=2**31 - 1)
    region = RegionField()
    place = PlainText(
        label=gettext_lazy("Place"), max_length=200, required=False, help_text=gettext_lazy("Hall, hamlet, road.")
    )
    technology = forms.ChoiceField(
        label=gettext_lazy("Technology there"),
        required=False,
        choices=[("", gettext_lazy("Unknown")), *Technology.choices],
    )
    operator = forms.ModelChoiceField(
        label=gettext_lazy("Operator"),
        required=False,
        queryset=Operator.objects.none(),
        empty_label=gettext_lazy("Any, or unknown"),
    )
    download_mbps = PlainDecimal(
        label=gettext_lazy("Download (Mbps)"), required=False, min_value=0, max_value=100_000, decimal_places=3
    )
    upload_mbps = PlainDecimal(
        label=gettext_lazy("Upload (Mbps)"), required=False, min_value=0, max_value=100_000, decimal_places=3
    )
    latency_ms = PlainInteger(label=gettext_lazy("Latency (ms)"), required=False, min_value=0, max_value=MOST_MS)
    jitter_ms = PlainInteger(label=gettext_lazy("Jitter (ms)"), required=False, min_value=0, max_value=MOST_MS)
    loss_percent = PlainDecimal(
        label=gettext_lazy("Packets lost (%)"), required=False, min_value=0, max_value=100, decimal_places=1
    )
    screenshots = FilesField(
        label=gettext_lazy("Screenshots"),
        required=False,
        most=MAX_SCREENSHOTS,
        images_only=True,
        help_text=gettext_lazy("Of the app that measured, if another one did. At most 10 MB each."),
    )
    announced = AnnouncedFiles(most=MAX_SCREENSHOTS)
    measured_at = LocalDateTimeField(
        label=pgettext_lazy("time", "Measured at"), help_text=gettext_lazy("In the time of the region itself.")
    )
    signal_dbm = forms.IntegerField(
        label=gettext_lazy("Signal (dBm)"),
        required=False,
        min_value=-160,
        max_value=0,
        help_text=gettext_lazy("For example -95, from the settings of the phone."),
    )
    source = PlainText(
        label=gettext_lazy("Source"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Which app or device measured."),
    )
    network_type = PlainText(label=gettext_lazy("Connection of the device"), max_length=40, required=False)
    device = PlainText(label=gettext_lazy("Device"), max_length=120, required=False)
    note = PlainText(
        label=gettext_lazy("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].regions = Jurisdiction.of(actor).regions(Region.objects.all())
        self.fields["operator"].queryset = Operator.objects.serving()
        summary = _("Time, device and note")
        opened = " open" if self.is_bound and any(name in self.errors for name in DETAILS) else ""
        self.helper.layout = Layout(
            "client_id", "method", "bytes_used", "region", "place", _two("technology", "operator"),
            _two("download_mbps", "upload_mbps"), _two("latency_ms", "jitter_ms"), "loss_percent", "screenshots",
            "announced",
            HTML(f"<details{opened}><summary>{summary}</summary>"), *DETAILS, HTML("</details>"),
        )  # fmt: skip

    @classmethod
    def new(cls, actor, user_agent=""):
        """An empty form with a fresh client_id for a measurement of now, with the device that asks for it."""
        known = {"measured_at": now_at(actor.office), "device": device(user_agent)}
        return cls(initial={"client_id": uuid.uuid4()} | known, actor=actor)

    def clean_region(self):
        region = self.cleaned_data["region"]
        validate_measured_region(region)
        return region

    def clean_method(self):
        return self.cleaned_data["method"] or Method.TYPED

    def clean(self):
        cleaned = super().clean()
        region, moment = cleaned.get("region"), cleaned.get("measured_at")
        if region and moment:
            cleaned["measured_at"] = moment.replace(tzinfo=ZoneInfo(region.time_zone))
            self._check(validate_measured_at, cleaned["measured_at"])
        if not self.errors:
            self._check(validate_figures, cleaned)
        return cleaned

    def _check(self, validate, *values):
        try:
            validate(*values)
        except ValidationError as error:
            self.add_error(None, error)


def now_at(office):
    """The present time as the clocks of the office's region show it, to be typed over."""
    zone = office.region.time_zone if office and office.region else timezone.get_default_timezone_name()
    return timezone.now().astimezone(ZoneInfo(zone)).replace(tzinfo=None)


class ListForm(BatchForm):
    """A list of levels, by whom it was made and of when."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of list"), choices=ListKind.choices)
    source = PlainText(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy(
            "Who states this, as it shall stand beside each level: the ministry, Podes 2024, Ookla."
        ),
    )
    stated_on = forms.DateField(
        label=gettext_lazy("As of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("For rows without a date of their own. Speed tests: the last day of the quarter."),
    )
    field_order = ["client_id", "kind", "source", "stated_on", "file"]

    def clean_stated_on(self):
        day = self.cleaned_data["stated_on"]
        if day and not EARLIEST.date() <= day <= timezone.localdate():
            raise ValidationError(_("Give a day between 2015 and today."))
        return day

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind == ListKind.TILES and "stated_on" not in self.errors and not cleaned.get("stated_on"):
            self.add_error("stated_on", _("Speed tests carry no date: give the last day of their quarter."))
        if kind and cleaned.get("file"):
            self.refuse_unreadable(COLUMNS[ListKind(kind)])
        return cleaned

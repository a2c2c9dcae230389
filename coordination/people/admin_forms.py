"""The forms of offices and officials in the admin: on the version that was seen, within the jurisdiction."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.common.errors import StaleVersion
from coordination.common.fields import PlainText
from coordination.history.stepping import lock, refuse_stale
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office, Official
from coordination.people.validators import validate_free_email, validate_seat
from coordination.regions.forms import RegionField
from coordination.regions.models import Level, Region

LARGEST = 2**31 - 1


class VersionForm(forms.ModelForm):
    """Carries the version that was seen.

    The admin class sets for each request who it is, why saving failed, and what was typed before signing in again.
    """

    actor = refusal = kept = None
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=LARGEST)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen_version"] = self.instance.version if self.instance.pk else None
        if self.kept and not self.is_bound:
            self.initial |= {
                name: field.widget.value_from_datadict(self.kept, {}, name) for name, field in self.fields.items()
            }

    def clean(self):
        cleaned = super().clean()
        if self.refusal:
            raise ValidationError(self.refusal)
        if self.instance.pk:
            self._refuse_stale(cleaned)
        return cleaned

    def _refuse_stale(self, cleaned):
        """Locks the row, so that what is checked here still holds when it is saved; a page of the admin is one
        transaction. What stands as typed was sent twice and is no conflict. After one the typed values stay, and
        sending them again means to overwrite.
        """
        current = lock(self.instance)
        differing = list(self._as_it_is_now(current, cleaned))
        if not differing:
            return
        try:
            refuse_stale(current, cleaned.get("seen_version"))
        except StaleVersion as stale:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen_version")] = stale.current.version
            raise ValidationError([str(stale), *differing]) from stale

    def _as_it_is_now(self, current, cleaned):
        """A sentence for each field in which the saved row and what was typed differ."""
        sentence = _("%(field)s is now “%(value)s”.")
        typed = (name for name in cleaned if name != "seen_version")
        for name in typed:
            if getattr(current, name) != cleaned[name]:
                yield sentence % {"field": self.fields[name].label, "value": getattr(current, name)}


class OfficeForm(VersionForm):
    region = RegionField(
        required=False,
        help_text=gettext_lazy("Name or code of the province, regency or city; empty for a national office."),
    )

    class Meta:
        model = Office
        fields = ["kind", "region", "name", "address", "email", "phone", "superior", "valid_from", "valid_to"]
        field_classes = dict.fromkeys(["name", "address", "phone"], PlainText)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        seats = Region.objects.filter(level__lte=Level.REGENCY)
        self.fields["region"].regions = Jurisdiction.of(self.actor).regions(seats)
        if not self.kept or self.is_bound:
            self.initial["region"] = self.instance.region

    def clean_region(self):
        region = self.cleaned_data["region"]
        if region is None and not Jurisdiction.of(self.actor).everywhere:
            raise ValidationError(_("Name a region within your jurisdiction."))
        validate_seat(region)
        return region


class OfficialForm(VersionForm):
    class Meta:
        model = Official
        fields = ["username", "name", "office", "role", "position", "email", "phone", "is_staff"]
        field_classes = dict.fromkeys(["name", "position", "phone"], PlainText)

    def clean_email(self):
        email = self.cleaned_data["email"].lower()  # as it is kept
        validate_free_email(email, self.instance.pk)
        return email

    def clean_office(self):
        office = self.cleaned_data["office"]
        if office is None and not self.instance.is_superuser:
            raise ValidationError(_("Name the office in which the person sits."))
        return office

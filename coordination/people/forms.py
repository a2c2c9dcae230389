"""What people type about people, cleaned."""

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.common.fields import PlainText
from coordination.common.forms import ClientIdField, PlainForm, VersionField
from coordination.offices.choices import Role
from coordination.offices.models import Official
from coordination.people import absences
from coordination.people.accounts import changes
from coordination.people.validators import validate_absence


class PersonForm(PlainForm):
    name = PlainText(label=gettext_lazy("Full name"), max_length=150)
    position = PlainText(label=gettext_lazy("Position title"), max_length=150, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role, initial=Role.OFFICER)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, max_length=254)

    def clean_email(self):
        email = self.cleaned_data["email"].lower()  # as it is kept
        holder = Official.objects.filter(email__iexact=email).exclude(pk=self.initial.get("pk")) if email else None
        if holder and holder.exists():
            raise ValidationError(_("This e-mail address belongs to another account."))
        return email


class InviteForm(PersonForm):
    client_id = ClientIdField()


class EditPersonForm(PersonForm):
    version = VersionField()
    phone = PlainText(label=gettext_lazy("Phone"), max_length=40, required=False)

    @classmethod
    def of(cls, official, data=None):
        names = ("pk", "name", "position", "role", "email", "phone", "version")
        return cls(data, initial={name: getattr(official, name) for name in names})

    def differences(self, present):
        """(label, present value) of each field that was typed otherwise than the account has it now."""
        shown = {"role": present.get_role_display()}
        differing = changes(present, self.cleaned_data)
        return [(self.fields[name].label, shown.get(name, getattr(present, name)) or "–") for name in differing]


class VersionForm(PlainForm):
    version = VersionField()


def _day(label):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class AbsenceDays(PlainForm):
    """The days on which somebody is away, and who stands in."""

    first_day = _day(gettext_lazy("First day"))
    last_day = _day(gettext_lazy("Last day"))
    substitute = forms.ModelChoiceField(
        label=gettext_lazy("Substitute"),
        queryset=Official.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody: it is the lead's"),
        help_text=gettext_lazy("Of the same office. Should the substitute be away too, what waits is the lead's."),
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["substitute"].queryset = absences.possible_substitutes(person)

    def clean(self):
        cleaned = super().clean()
        if "first_day" in cleaned and "last_day" in cleaned:
            validate_absence(cleaned["first_day"], cleaned["last_day"], self.person.office.today)
        return cleaned


class AbsenceForm(AbsenceDays):
    client_id = ClientIdField()


class EditAbsenceForm(AbsenceDays):
    version = VersionField()

    @classmethod
    def of(cls, absence, data=None):
        names = ("first_day", "last_day", "substitute", "version")
        return cls(data, initial={name: getattr(absence, name) for name in names}, person=absence.official)

    def differences(self, present):
        """(label, present value) of each field that was typed otherwise than the absence has it now."""
        shown = {"first_day": date_format(present.first_day), "last_day": date_format(present.last_day)}
        differing = absences.changes(present, self.cleaned_data)
        return [(self.fields[name].label, shown.get(name, present.substitute) or "–") for name in differing]


class AcceptForm(PlainForm):
    username = forms.CharField(
        label=gettext_lazy("User name"), max_length=150, validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 signs; several words are easier to remember than odd signs."),
    )  # fmt: skip

    def clean_password(self):
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, Official(username=self.cleaned_data.get("username", "")))
        return password

"""What people choose about their mails."""

from django import forms

from coordination.common.forms import PlainForm, VersionField
from coordination.notifications.choices import Kind, Timing
from coordination.notifications.preferences import changes


class MailSettingsForm(PlainForm):
    """One choice for each kind of news."""

    version = VersionField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=Timing)

    @classmethod
    def of(cls, settings, data=None):
        initial = {kind: settings.timing(kind) for kind in Kind.values} | {"version": settings.version}
        return cls(data, initial=initial)

    def differences(self, present):
        """(label, present choice) of each kind that was chosen otherwise than it stands now."""
        differing = changes(present, self.cleaned_data)
        return [(Kind(kind).label, Timing(present.timing(kind)).label) for kind in differing]

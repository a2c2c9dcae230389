"""What people type about answer templates, cleaned."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.common.fields import PlainText
from coordination.common.forms import ClientIdField, PlainForm, VersionField
from coordination.requests.answer_templates import FIELDS, changes, in_braces, steps_of, validate_fields
from coordination.requests.workflow import STEPS


class TemplateForm(PlainForm):
    verb = forms.ChoiceField(label=gettext_lazy("For the step"))
    title = PlainText(label=gettext_lazy("Title"), max_length=100)
    text = PlainText(
        label=gettext_lazy("Text"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        validators=[validate_fields],
    )

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [(step.verb, step.label) for step in steps_of(office)]
        self.fields["text"].help_text = _("Fields that are filled for each request: %(fields)s") % {
            "fields": in_braces(FIELDS)
        }


class NewTemplateForm(TemplateForm):
    client_id = ClientIdField()


class SwitchForm(PlainForm):
    version = VersionField()


class EditTemplateForm(TemplateForm):
    version = VersionField()

    @classmethod
    def of(cls, template, data=None):
        names = ("verb", "title", "text", "version")
        return cls(data, initial={name: getattr(template, name) for name in names}, office=template.office)

    def differences(self, present):
        """(label, present value) of each field that was typed otherwise than the template has it now."""
        shown = {"verb": STEPS[present.verb].label}
        differing = changes(present, self.cleaned_data)
        return [(self.fields[name].label, shown.get(name, getattr(present, name))) for name in differing]

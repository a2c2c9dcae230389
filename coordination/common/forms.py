"""The ground of all forms."""

import uuid

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

INCOMPLETE = _("The form did not arrive whole. What you typed is still here: send it again.")


class PlainForm(forms.Form):
    """The page writes the form tag and the buttons; crispy writes the fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class HiddenText(forms.HiddenInput):
    """Hidden by attribute: unlike an input of the type hidden, the browser puts its first value back on a reset, and
    forms.js puts in that of a draft, so that an old text does not undo what others changed since.
    """

    input_type, is_hidden = "text", True

    def __init__(self):
        super().__init__({"hidden": True, "autocomplete": "off"})


class VersionField(forms.IntegerField):
    """The version of the row that the form was filled for, hidden."""

    def __init__(self):
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), INCOMPLETE)
        super().__init__(widget=HiddenText, min_value=1, max_value=2**31 - 1, error_messages=messages)


class ClientIdField(forms.UUIDField):
    """The id of this form, hidden: sent twice, it makes one row."""

    def __init__(self, **kwargs):
        messages = dict.fromkeys(("required", "invalid"), INCOMPLETE)
        super().__init__(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=messages, **kwargs)


def renew_hidden(form):
    """Put back what the page lost of its hidden values, so that sending the form again, as it asks for, can succeed."""
    if not form.is_bound:
        return
    if "client_id" in form.errors:
        put_in(form, client_id=uuid.uuid4())
    if "version" in form.errors and form.initial.get("version"):
        put_in(form, version=form.initial["version"])


def put_in(form, **values):
    """Change hidden values of a form that was sent; what was typed stays."""
    form.data = form.data.copy()
    for name, value in values.items():
        form.data[name] = str(value)


def refuse(form, error):
    """Say by the form why nothing came of it, and give it a fresh id so that it can go as a new one; what was typed
    stays."""
    put_in(form, client_id=uuid.uuid4())
    form.add_error(None, str(error))

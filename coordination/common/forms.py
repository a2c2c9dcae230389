"""The ground of all forms."""

from crispy_forms.helper import FormHelper
from django import forms


class PlainForm(forms.Form):
    """The page writes the form tag and the buttons; crispy writes the fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
